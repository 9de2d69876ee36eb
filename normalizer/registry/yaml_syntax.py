"""YAML's syntax errors in our words: what is wrong, and what to do about it."""
# ruff: noqa: E501 (the table reads best a row a line)

from __future__ import annotations

from typing import Final

import yaml

MAX_DEPTH: Final = 20
"""Deepest nesting of lists and mappings; a registry needs six."""
TOO_DEEP: Final = (
    f"lists and mappings are nested more than {MAX_DEPTH} deep",
    "take levels out; six are enough",
)
"""What is wrong and what to do. PyYAML from 6.0.4 on gives up by itself 1,000 deep, before its first event."""

_BACKSLASH: Final = "in the double quotes that open here a backslash does not go with what follows it"
_EXPLANATIONS: Final = (
    # what libyaml or PyYAML says; what is wrong; what to do
    ("maximum nesting depth", *TOO_DEEP),
    ("while scanning a quoted scalar", "the quote that opens here is not closed", "close it; a ' within is written twice"),
    ("while parsing a quoted scalar", _BACKSLASH, "use single quotes, or write two backslashes"),
    ("while scanning a double-quoted scalar", _BACKSLASH, "use single quotes, or write two backslashes"),
    ("while parsing a flow sequence", "the [ that opens here is not closed, or lacks a comma", "add the ] or the comma"),
    ("while parsing a flow mapping", "the { that opens here is not closed, or lacks a comma", "add the } or the comma"),
    ("mapping values are not allowed", "a colon stands where no field can begin", "quote text that holds ': ', and check the indentation"),
    ("sequence entries are not allowed", "a list item stands where none can begin", "begin the list on a line of its own"),
    ("expected ':'", "this line has no colon", "write 'field: value', with a space after the colon"),
    ("while scanning an anchor", "text begins with &", "put it in quotes"),
    ("while scanning an alias", "text begins with *", "put it in quotes"),
    ("tab character", "a tab stands where only spaces may", "indent with spaces"),
    ("tag", "text begins with !", "put it in quotes"),
    ("node content", "a value is missing here", "write it, or put text that begins with a bracket in quotes"),
    ("<document start>", "text follows the end of the content", "indent it like what it belongs to, or remove it"),
    ("while parsing a block mapping", "this does not fit the fields above it", "indent fields of one entity alike, and quote text that goes on after a quote or bracket"),
    ("while parsing a block collection", "this does not fit the list above it", "indent items of one list alike, each after '- '"),
    ("while scanning a block scalar", "a text block after | or > is wrongly indented", "put the text in quotes on one line"),
    ("directive", "a line begins with %", "remove it, or put the text in quotes"),
    ("YAML document", "the %YAML line names a version that is not known", "remove the line"),
)  # fmt: skip
_AT_BEGINNING: Final = (
    "while scanning a quoted scalar",
    "while parsing a quoted scalar",
    "while scanning a double-quoted scalar",
    "while parsing a flow",
    "while scanning a simple key",
)
"""Errors that are seen only far behind the place to mend: they are reported where the construct begins."""


def explain_syntax_error(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Say a parser's error in our words.

    Args:
        error: What libyaml or PyYAML raised; the words of both are known.
        text: The text that was parsed.

    Returns:
        Line, column, what is wrong, what to do: the arguments of `FaultLog.add`.
    """
    mark = error.problem_mark or error.context_mark
    said = f"{error.context or ''} {error.problem or ''}"
    if mark is None:
        return 0, 0, f"not YAML: {said.strip()}", "compare with the form in docs/aliases.md"
    if "cannot start any token" in said:
        return _explain_character(mark, text)
    if said.startswith(_AT_BEGINNING) and error.context_mark is not None:
        mark = error.context_mark
    for words, what, remedy in _EXPLANATIONS:
        if words in said:
            return mark.line + 1, mark.column + 1, what, remedy
    return mark.line + 1, mark.column + 1, f"not YAML: {said.strip()}", "compare with the lines above"


def _explain_character(mark: yaml.Mark, text: str) -> tuple[int, int, str, str]:
    """Say which character begins a value that cannot."""
    lines = text.splitlines()
    rest = lines[mark.line][mark.column :] if mark.line < len(lines) else ""
    line, column = mark.line + 1, mark.column + 1
    if rest.startswith("\t"):
        return line, column, "a tab stands where only spaces may", "indent with spaces"
    return line, column, f"text begins with {rest[:1]}", "put it in quotes"
