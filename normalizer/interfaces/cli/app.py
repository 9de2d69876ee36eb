"""The `normalizer` command: finds the commands, and turns errors into messages and exit codes.

Exit codes: 0 done (for `check`: nothing found), 1 findings, 2 usage or data fault, 130 interrupted, 141
the reader of the output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from normalizer.errors import NormalizerError
from normalizer.interfaces.cli.terminal import say
from normalizer.version import __version__

COMMANDS: Final[Mapping[str, str]] = {
    "check": "normalizer.interfaces.cli.check",
    "match": "normalizer.interfaces.cli.match",
    "clean": "normalizer.interfaces.cli.clean",
    "discover": "normalizer.interfaces.cli.discover",
    "compare": "normalizer.interfaces.cli.compare",
    "serve": "normalizer.interfaces.cli.serve",
    "lsp": "normalizer.interfaces.cli.lsp",
    "judgements": "normalizer.interfaces.cli.judgements",
    "keys": "normalizer.interfaces.cli.keys",
    "aliases": "normalizer.interfaces.cli.aliases",
    "index": "normalizer.interfaces.cli.index",
    "rules": "normalizer.interfaces.cli.rules",
    "init": "normalizer.interfaces.cli.init",
}
"""The module of each command, imported when the command is asked for; the command has its name there."""

USAGE_OR_DATA: Final = 2
INTERRUPTED: Final = 128 + 2
PIPE_CLOSED: Final = 128 + 13


class Commands(click.Group):
    """Commands loaded on demand, with one way out for every error."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order they are most used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command and see it out."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except NormalizerError as error:
            say(str(error))
            ctx.exit(USAGE_OR_DATA)
        except BrokenPipeError:
            _abandon_output()
            ctx.exit(PIPE_CLOSED)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except OSError as error:
            say(f"{error.filename or 'output'}: {error.strerror or error}")
            _abandon_output()
            ctx.exit(USAGE_OR_DATA)


EXAMPLES: Final = """\b
Examples:
  normalizer check draft.txt            wrong names in a draft, with reasons
  normalizer check --fix draft.txt      write in what is safe
  normalizer match "Blinkon"            whom does a name mean?
  normalizer clean t.csv --column who   a column of names, cleaned
  normalizer serve                      the same over HTTP
"""


@click.group(
    cls=Commands,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="normalizer", message="%(prog)s %(version)s")
def app() -> None:
    """Map the names people type to the names your desk prints, and check drafts for the rest.

    Settings are read from .normalizer.toml, or [tool.normalizer] in pyproject.toml, in this folder or the
    nearest one above it. The registry of names is taken from --registry, else NORMALIZER_REGISTRY, else
    the settings, else it is the one that comes with the package.
    """


def main() -> None:
    """Run the command line of this process; output is UTF-8 in any locale."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  (open as long as we run)
        getattr(sys, name).reconfigure(encoding="utf-8", errors="backslashreplace")
    app.main(prog_name="normalizer")


def _abandon_output() -> None:
    """Keep Python from complaining, on its way out, that nobody reads its output."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        pass
