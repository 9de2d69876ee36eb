"""`normalizer keys`: the keys of the service."""

from __future__ import annotations

from typing import Final

import click

from normalizer.interfaces.cli.terminal import say, write


@click.group()
def keys() -> None:
    """Look after the API keys of the service, without which it takes no judgements."""


EXAMPLES: Final = """\b
Examples:
  normalizer keys new cms --scope judge >> keys.toml
  NORMALIZER_KEYS=keys.toml normalizer serve
"""


@keys.command(epilog=EXAMPLES)
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["read", "judge", "admin"]),
    default="judge",
    show_default=True,
    help="What it allows: reading, judging too, undoing what others judged too.",
)
def new(name: str, scope: str) -> None:
    """Make a key for NAME: told once, on standard error; its lines for the file go to standard output."""
    from normalizer.interfaces.keys import Scope, new_key

    secret, lines = new_key(name, Scope[scope.upper()])
    write([lines])
    say(f"the key of {name}, which is shown only now: {secret}")
