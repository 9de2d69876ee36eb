"""The description of the service as a page for people, which loads nothing and works offline."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from flask import Response

from normalizer.interfaces.http.pages import page

Json = dict[str, Any]


def description_page(document: Json) -> Response:
    """The page of an OpenAPI document: all routes, then all shapes."""
    info = document["info"]
    routes = "".join(
        _route(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    shapes = "".join(_shape(name, schema) for name, schema in document["components"]["schemas"].items())
    head = f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])}</p>"
    machine = '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
    return page(info["title"], f"{head}{machine}<h2>Routes</h2>{routes}<h2>Shapes</h2>{shapes}")


def _route(path: str, method: str, operation: Json) -> str:
    text = f"<h3><code>{method.upper()} {escape(path)}</code></h3><p>{escape(operation['summary'])}"
    text += f" {escape(operation.get('description', ''))}</p>"
    rows = [
        (one["name"], one["schema"], f"{one['in']}{', required' if one['required'] else ''}")
        for one in operation.get("parameters", ())
    ]
    text += _table(rows)
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        text += f"<p>Takes <code>{escape(media)}</code>: {_type(content['schema'])}</p>"
    for media, content in operation["responses"]["200"]["content"].items():
        text += f"<p>Gives <code>{escape(media)}</code>: {_type(content['schema'])}</p>"
    return text


def _shape(name: str, schema: Json) -> str:
    needed = schema.get("required", ())
    rows = [
        (field, one, "" if field in needed else "may be left out")
        for field, one in schema.get("properties", {}).items()
    ]
    about = escape(schema.get("description", ""))
    listed = _table(rows) if rows else f"<p>{_type(schema)}</p>"
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{about}</p>{listed}'


def _table(rows: list[tuple[str, Json, str]]) -> str:
    cells = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{_type(schema)}</td><td><small>{note}</small></td></tr>"
        for name, schema, note in rows
    )
    return f"<table>{cells}</table>" if cells else ""


def _type(schema: Json) -> str:
    """A schema in a few words, with links to the shapes it refers to."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])} by key"
    bounds = [
        f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema
    ]
    default = f", {json.dumps(schema['default'])} if left out" if "default" in schema else ""
    return escape(" ".join([str(kind), *bounds]) + default)
