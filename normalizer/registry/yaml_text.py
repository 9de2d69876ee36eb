"""From the bytes of a YAML file to its text, refusing what is no part of a text file."""

from __future__ import annotations

import re

from normalizer.registry.faults import FaultLog
from normalizer.text.places import LineMap

# Ranges of what is refused, not of what is not: a class that ends at U+10FFFF takes 7 ms to compile.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def decode_text(data: bytes, log: FaultLog) -> str | None:
    """Decode UTF-8 and refuse characters that are no part of a text file.

    The separators NEL, LS and PS are refused as well: YAML takes them for line ends, editors do not,
    and every line number after one would be wrong.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        log.add(1, 0, "the file is UTF-16", "save it as UTF-8")
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        line, column = LineMap(before).place(len(before))
        what = f"not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}"
        log.add(line, column, what, "save the file as UTF-8")
        return None
    found = _FORBIDDEN.search(text)
    if found is None:
        return text
    line, column = LineMap(text).place(found.start())
    code = f"U+{ord(found.group()):04X}"
    if found.group() == "\0":
        log.add(line, column, "the file is binary: it holds a NUL", "give a text file")
    else:
        what = f"the invisible character {code} stands here"
        log.add(line, column, what, f'remove it, or write "\\u{ord(found.group()):04x}" in double quotes')
    return None
