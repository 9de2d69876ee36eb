"""A Flask endpoint that does nothing: decodes a body like ours and encodes an answer like ours.

The answer is a kept answer of the real service (`ANSWER` names its file), with the ids and names of the
query that came, so that both services read and write the same number of bytes by the same encoder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask, Response, request


class Item(msgspec.Struct):
    """A name."""

    name: str


class Names(msgspec.Struct):
    """A batch of names."""

    queries: list[Item]


class Draft(msgspec.Struct):
    """A text."""

    text: str


app = Flask(__name__, static_folder=None)
_answer: Any = msgspec.json.decode(Path(os.environ["ANSWER"]).read_bytes())
_encoder = msgspec.json.Encoder()


@app.post("/v1/match")
def match() -> Response:
    """Answer every name with the record that stands at its place in the kept answer."""
    asked = msgspec.json.decode(request.get_data(), type=Names)
    results = [
        {**record, "id": number, "name": item.name}
        for number, (item, record) in enumerate(zip(asked.queries, _answer["results"], strict=False), 1)
    ]
    return _json({**_answer, "results": results})


@app.post("/v1/check")
def check() -> Response:
    """Answer with the kept findings."""
    msgspec.json.decode(request.get_data(), type=Draft)
    return _json(_answer)


def _json(content: object) -> Response:
    return Response(_encoder.encode(content), content_type="application/json")
