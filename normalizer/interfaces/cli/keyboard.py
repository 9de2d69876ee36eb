"""Answers from standard input: single keys of a terminal, or else lines."""

from __future__ import annotations

import os
import select
import termios
import tty
from types import TracebackType
from typing import Any, Final

from normalizer.interfaces.cli.terminal import standard_input

_END: Final = b"\x04"
_ESCAPE: Final = 0x1B
_LONGEST_LINE: Final = 1000
"""Bytes of a line that are read as one answer."""
_PAUSE: Final = 0.05
"""Seconds within which the rest of an arrow key's sequence is there."""


class Keyboard:
    """Standard input as keys; while it is open, a terminal neither echoes them nor waits for Enter.

    What is typed ahead is kept. Ctrl-C interrupts, as always.
    """

    def __init__(self) -> None:
        self._stream = standard_input()
        self._is_terminal = self._stream.isatty()
        self._modes: list[Any] = []

    def __enter__(self) -> Keyboard:
        """Take the terminal."""
        if self._is_terminal:
            self._modes = termios.tcgetattr(self._stream.fileno())
            tty.setcbreak(self._stream.fileno(), termios.TCSADRAIN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back as it was."""
        if self._modes:
            termios.tcsetattr(self._stream.fileno(), termios.TCSADRAIN, self._modes)

    def read(self) -> str:
        """The next key in lower case, or the first letter of the next line.

        Returns:
            One character, a blank for what is none (Enter, an arrow, an empty line), nothing at the end.
        """
        if not self._is_terminal:
            line = self._stream.readline(_LONGEST_LINE)
            return (line.decode("utf-8", "replace").strip()[:1].lower() or " ") if line else ""
        key = os.read(self._stream.fileno(), 1)
        if key in (b"", _END):
            return ""
        if key[0] == _ESCAPE or key[0] >= 0x80:
            self._pass_over_the_rest()
            return " "
        char = key.decode("ascii")
        return char.lower() if char.isprintable() else " "

    def _pass_over_the_rest(self) -> None:
        """An arrow or an accented letter sends several bytes, of which none is an answer."""
        if select.select([self._stream.fileno()], [], [], _PAUSE)[0]:
            os.read(self._stream.fileno(), 32)
