"""The description of the service, OpenAPI 3.1 at `/openapi.json`, and as a page for people at `/docs`.

It is made of the routes, of the types that decode and describe, and of their documentation.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, get_type_hints

import msgspec
from flask import Blueprint, Flask, Response, current_app

from normalizer.interfaces.http.answers import json_answer, tagged
from normalizer.interfaces.http.description import HTML, Description, described, description_of
from normalizer.interfaces.http.description_page import description_page
from normalizer.interfaces.http.problems import MEDIA_TYPE as PROBLEM
from normalizer.interfaces.http.shapes import REFERENCE, SHAPES, ByProtocol, Problem
from normalizer.version import __version__

openapi: Final = Blueprint("openapi", __name__)
_KEY: Final = "normalizer-openapi"
_HOLE: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_HEADERS: Final = {
    "X-Request-Id": "The id of the request: the client's own, if it sent one.",
    "X-Normalizer-Index": "The version of the registry's content.",
    "X-Normalizer-Version": "The version of normalizer.",
}
Json = dict[str, Any]


@openapi.get("/openapi.json")
@described(ByProtocol)
def description() -> Response:
    """Give this description (OpenAPI 3.1)."""
    return tagged(json_answer(whole_description(current_app)))


@openapi.get("/docs")
@described({HTML: str})
def docs() -> Response:
    """Show this description as a page."""
    return tagged(description_page(whole_description(current_app)))


def whole_description(app: Flask) -> Json:
    """The OpenAPI document of an application, made at its first use."""
    if _KEY not in app.extensions:
        app.extensions[_KEY] = _document(app)
    document: Json = app.extensions[_KEY]
    return document


def _document(app: Flask) -> Json:
    routes = list(_routes(app))
    types: list[Any] = [*SHAPES]
    for _, _, _, told in routes:
        types += [*told.bodies.values(), *told.answers.values(), *told.others]
    distinct = list({repr(one): one for one in types}.values())
    schemas, components = msgspec.json.schema_components(distinct, ref_template=REFERENCE)
    known = {repr(one): schema for one, schema in zip(distinct, schemas, strict=True)}
    paths: dict[str, Json] = {}
    for path, method, view, told in routes:
        paths.setdefault(path, {})[method] = _operation(path, view, told, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "normalizer",
            "version": __version__,
            "summary": "Maps the names people type to the names your desk prints, and checks drafts.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _routes(app: Flask) -> Iterator[tuple[str, str, Callable[..., Any], Description]]:
    """Path, method, function and description of each route, in order of paths."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        told = description_of(view)
        if told is not None:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield _HOLE.sub(r"{\1}", rule.rule), method.lower(), view, told


def _operation(path: str, view: Callable[..., Any], told: Description, known: Mapping[str, Json]) -> Json:
    summary, _, more = inspect.getdoc(view).partition("\n\n")  # type: ignore[union-attr]
    operation: Json = {
        "operationId": f"{view.__module__.rpartition('.')[2]}.{view.__name__}",
        "tags": [_family(path)],
        "summary": summary.replace("\n", " "),
    }
    if more:
        operation["description"] = more.replace("\n", " ")
    parameters = [*_path_parameters(view), *_query_parameters(told.parameters)]
    if parameters:
        operation["parameters"] = parameters
    if told.bodies:
        content = {media: {"schema": known[repr(one)]} for media, one in told.bodies.items()}
        operation["requestBody"] = {"required": True, "content": content}
    answers = {media: {"schema": known[repr(one)]} for media, one in told.answers.items()}
    problems: Json = {PROBLEM: {"schema": known[repr(Problem)]}}
    problems |= {media: {} for media in answers if media == HTML}
    headers = {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()}
    operation["responses"] = {
        "200": {"description": "Answered.", "headers": headers, "content": answers},
        "default": {"description": "Refused; or 304.", "headers": headers, "content": problems},
    }
    return operation


def _family(path: str) -> str:
    return path.removeprefix("/").partition("/")[0].partition(".")[0] or "normalizer"


def _path_parameters(view: Callable[..., Any]) -> Iterator[Json]:
    for name, kind in get_type_hints(view).items():
        if name != "return":
            schema = {"minLength": 1, **msgspec.json.schema(kind)}
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(shape: type | None) -> Iterable[Json]:
    if shape is None:
        return []
    schema = msgspec.json.schema(shape, ref_template="#/$defs/{name}")
    own = schema["$defs"].pop(shape.__name__)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in own.get("required", ()),
            "schema": _inlined(one, schema["$defs"]),
        }
        for name, one in own["properties"].items()
    ]


def _inlined(schema: Json, definitions: Mapping[str, Json]) -> Json:
    name = schema.pop("$ref", "").rpartition("/")[2]
    return {**schema, **definitions[name]} if name else schema
