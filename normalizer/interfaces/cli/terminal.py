"""The terminal's side of the commands: standard streams, colours, settings, shared options."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar, cast

import click

from normalizer.errors import NormalizerError
from normalizer.report.checked import Style
from normalizer.report.visible import visible
from normalizer.settings import Settings

if TYPE_CHECKING:
    from normalizer.engine import Engine

F = TypeVar("F", bound=Callable[..., object])


def registry_option(command: F) -> F:
    """Give a command the option `--registry`."""
    return click.option(
        "--registry",
        metavar="PATH",
        help="Registry to use: a folder of YAML files, a .yaml file or a .jsonl[.gz] file.",
    )(command)


def judgements_option(command: F) -> F:
    """Give a command the option `--judgements`."""
    return click.option(
        "--judgements",
        metavar="PLACE",
        help="Where judgements are kept: the path of an SQLite file, or postgresql://USER@HOST/DATABASE.",
    )(command)


def argument_text(argument: str) -> str:
    """An argument as the text it was typed as: in UTF-8, whatever the locale says."""
    return os.fsencode(argument).decode("utf-8", "surrogateescape")


def settings_for(registry: str | None, drafts: Sequence[str] = ()) -> Settings:
    """The settings of the current folder, or else of the drafts', with the registry of the command line."""
    from normalizer.configuration import folder_of_work, load_settings

    return load_settings(folder_of_work(Path.cwd(), drafts), os.environ).with_registry(registry)


def open_engine(registry: str | None, judgements: str | None = None) -> Engine:
    """Open the registry that is in force here, and say what there is to say of it."""
    from normalizer.engine import Engine

    return Engine.open(settings_for(registry).with_judgements(judgements), say)


def style_for(stream: TextIO, *, unsafe: bool = False) -> Style:
    """How output to a stream may look: colours and the screen's width only on a terminal."""
    on_screen = stream.isatty()
    color = on_screen and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    columns = shutil.get_terminal_size((100, 24)).columns if on_screen else 100
    return Style(color, min(max(columns, 40), 200), unsafe)


def say(message: str) -> None:
    """Print a message on standard error, each of its lines marked as ours."""
    for line in message.splitlines() or [""]:
        click.echo(f"normalizer: {visible(line)}", err=True)


def write(pieces: Iterable[str], stream: TextIO | None = None) -> None:
    """Write pieces of output, each as soon as it is there."""
    out = sys.stdout if stream is None else stream
    for piece in pieces:
        if piece:
            out.write(piece)
            out.flush()


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def standard_input() -> BufferedReader:
    """Standard input as bytes.

    Raises:
        NormalizerError: It is closed.
    """
    if sys.stdin is None:
        raise NormalizerError("standard input is closed; send something to it")
    return cast(BufferedReader, sys.stdin.buffer)
