"""`normalizer serve`: the HTTP service under gunicorn."""

from __future__ import annotations

from typing import Final

import click

from normalizer.interfaces.cli.terminal import judgements_option, open_engine, registry_option, say

EXAMPLES: Final = """\b
Examples:
  normalizer serve
  normalizer serve --port 9000 --workers 4 --registry aliases/
"""


@click.command(epilog=EXAMPLES, short_help="Answer over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one and says which.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Processes that answer, each with 4 threads.",
)
@judgements_option
@registry_option
def serve(host: str, port: int, workers: int, registry: str | None, judgements: str | None) -> None:
    """Answer over HTTP: names, drafts, the registry, OpenRefine and LibreOffice; see docs/http.md.

    The registry is read before the port is opened, and again when its files change. Everybody may read
    unless the file of API keys says otherwise: listen on another address than 127.0.0.1 only behind
    something that keeps strangers out. Stop with Ctrl-C; requests under way
    have 30 seconds to finish.
    """
    from normalizer.interfaces.server import address_of, open_port, run_server

    engine = open_engine(registry, judgements)
    engine.check("Made ready before the port opens")  # and before the workers are forked, who share it
    listener = open_port(host, port)
    count = f"{engine.entity_count:,} entities, index {engine.index_version}"
    greeting = f"listening on {address_of(listener)} ({count}); stop with Ctrl-C"
    run_server(engine, listener, workers, lambda: say(greeting))
