"""`normalizer lsp`: the language server."""

from __future__ import annotations

import logging
import os
from typing import Final

import click

from normalizer.errors import NormalizerError
from normalizer.interfaces.cli.terminal import registry_option

EXAMPLES: Final = """\b
Examples:
  normalizer lsp
  normalizer lsp --tcp 2087
"""


@click.command(epilog=EXAMPLES, short_help="Mark names in your editor.")
@click.option(
    "--tcp", type=click.IntRange(1, 65535), metavar="PORT", help="Listen there on 127.0.0.1, for one editor."
)
@registry_option
def lsp(tcp: int | None, registry: str | None) -> None:
    """Speak the Language Server Protocol with an editor, over standard input and output.

    Editors start this by themselves: docs/editors.md says how they are told to. Names are marked while they
    are typed; the settings and the registry are those of each draft's folder.
    """
    try:
        from normalizer.interfaces.lsp.server import make_server
    except ModuleNotFoundError as error:
        remedy = "install them with: pip install 'normalizer[lsp]'"
        raise NormalizerError(
            f"the language server needs {error.name} and what goes with it; {remedy}"
        ) from error
    logging.basicConfig(level=logging.WARNING, format="normalizer: %(message)s")
    logging.getLogger("asyncio").addFilter(_is_no_exit)
    server = make_server(registry)
    if tcp is not None:
        try:
            server.start_tcp("127.0.0.1", tcp)
        except OSError as error:
            raise NormalizerError(
                f"cannot listen on port {tcp} of 127.0.0.1 ({error.strerror}); name another one with --tcp"
            ) from error
    else:
        with os.fdopen(os.dup(0), "rb") as said, os.fdopen(os.dup(1), "wb") as answered:
            os.dup2(2, 1)  # what else is printed must not come between two answers
            server.start_io(said, answered)


def _is_no_exit(record: logging.LogRecord) -> bool:
    """Whether a record is of something else than an editor's farewell over TCP, which ends the process."""
    return not (record.exc_info and isinstance(record.exc_info[1], SystemExit))
