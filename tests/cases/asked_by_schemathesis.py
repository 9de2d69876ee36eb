"""What schemathesis has to know to ask the service: how lines of JSON are written and read."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def written(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer("application/x-ndjson")
def read(context, response):
    return json.loads(response.content.splitlines()[0])


@schemathesis.hook
def map_body(context, body):
    """JSON Schema takes 50.0 for an integer; the service wants it written as one."""
    return whole(body)


def whole(value):
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: whole(one) for key, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list) else value
