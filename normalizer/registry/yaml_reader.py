"""From YAML text to a tree of marked nodes, over parse events, refusing what a registry must not hold.

YAML's own loaders turn `No` into False and `1984` into a number, let the last of two equal keys win,
take seconds on a merge-key bomb of 400 bytes and, in C, crash on deep nesting. Here every scalar is
text, and duplicate keys, anchors, aliases, merge keys, tags, a second document and nesting over
`MAX_DEPTH` are faults with their line and column. Nothing recurses; the parser never runs further
ahead than one event.
"""

from __future__ import annotations

import re
from typing import Any, Final, Protocol, TypeAlias

import yaml

from normalizer.registry.faults import FaultLog, quoted
from normalizer.registry.yaml_syntax import MAX_DEPTH, TOO_DEEP, explain_syntax_error


class Mark(Protocol):
    """A place in the text; line and column count from 0, columns in code points."""

    line: int
    column: int


Content: TypeAlias = "str | list[Node] | dict[str, tuple[Mark, Node]] | None"
"""Text, a list, a mapping (key → place of the key, value), or None for what a fault has been noted of."""

Node: TypeAlias = "tuple[Mark, Content]"
"""What stands at a place. A tuple, not a class: a registry has a hundred thousand of them."""

_DROPPED: Final = "\0"  # stands for a key whose value is read over; no text of a file holds NUL
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, log: FaultLog) -> Node | None:
    """Parse the text of one YAML file.

    Args:
        text: The file's content, of `decode_text`.
        log: Where faults go.

    Returns:
        The root node, or None for a file without content. After a syntax error, what stood complete
        before it.
    """
    parser = _LOADER(text)
    builder = _TreeBuilder(parser, log)
    try:
        builder.build()
    except yaml.MarkedYAMLError as error:
        builder.drop_unfinished()
        log.add(*explain_syntax_error(error, text))
    except (ValueError, OverflowError):  # PyYAML without libyaml asks chr() for whatever an escape names
        builder.drop_unfinished()
        log.add(0, 0, "an escape in double quotes names no character", "write the character itself")
    finally:
        parser.dispose()
    return builder.root


def place_of(mark: Mark) -> tuple[int, int]:
    """Line and column of a mark as people count them, from 1."""
    return mark.line + 1, mark.column + 1


class _TreeBuilder:
    """Builds the tree of one document from parse events.

    Collections are hung into their parent when they open, so that a syntax error leaves all that stood
    before it.

    Attributes:
        root: The root node, once there is one.
    """

    def __init__(self, parser: Any, log: FaultLog) -> None:  # noqa: ANN401 (PyYAML's loaders share no type)
        self.root: Node | None = None
        self._parser = parser
        self._log = log
        # for each open collection: its parent, the key whose value comes next there, itself, its mark
        self._open: list[tuple[Any, str | None, Any, Any]] = []

    def build(self) -> None:
        """Read events to the end of the stream, or to a fault after which nothing makes sense.

        Raises:
            yaml.MarkedYAMLError: The text is not YAML.
        """
        next_event, opened = self._parser.get_event, self._open
        scalar, mapping, sequence = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends, alias = (yaml.MappingEndEvent, yaml.SequenceEndEvent), yaml.AliasEvent
        holder: Any = None  # the innermost open collection
        key: str | None = None  # in a mapping: the key whose value comes next
        key_mark: Any = None
        while (event := next_event()) is not None:
            kind = type(event)
            content: Any = None
            if kind in ends:
                holder, key, _, mark = opened.pop()
                if key is _DROPPED:
                    self._log.add(*place_of(mark), "a list or mapping stands as a key", "a key must be text")
                continue
            if kind is scalar:
                content = event.value if event.style != '"' else self._checked_escapes(event)
            elif kind is mapping:
                content = {}
            elif kind is sequence:
                content = []
            elif kind is not alias:
                if kind is yaml.DocumentStartEvent and self._is_second_document(event):
                    return
                continue
            mark = event.start_mark
            if event.anchor is not None or (kind is not alias and event.tag is not None):
                self._refuse_properties(event)
            if holder is None:
                self.root = (mark, content)
            elif type(holder) is list:
                holder.append((mark, content))
            elif key is None:
                key, key_mark = self._checked_key(holder, event, content), mark
            else:
                if key is not _DROPPED:
                    holder[key] = (key_mark, (mark, content))
                key = None
            if kind is mapping or kind is sequence:
                opened.append((holder, key, content, mark))
                if len(opened) > MAX_DEPTH:
                    self._log.add(*place_of(mark), *TOO_DEEP)
                    self.drop_unfinished()
                    return
                holder, key = content, None

    def drop_unfinished(self) -> None:
        """Take out what reading broke off in: what it lacks, or was about to be, is no fault of its own."""
        unfinished = [content for _, _, content, _ in self._open[:3]]
        if not unfinished:
            return
        root = unfinished[0]
        if not isinstance(root, dict) or "entities" not in root:
            self.root = None
        elif len(unfinished) > 1:
            key_mark, (mark, entities) = root["entities"]
            if entities is unfinished[1] and not isinstance(entities, dict):
                root["entities"] = key_mark, (mark, None)
            elif entities is unfinished[1] and len(unfinished) > 2:
                last = next(reversed(entities), None)
                if last is not None and entities[last][1][1] is unfinished[2]:
                    del entities[last]

    def _is_second_document(self, event: Any) -> bool:  # noqa: ANN401
        if self.root is None:
            return False
        self._log.add(*place_of(event.start_mark), "a second document begins", "make it a file of its own")
        return True

    def _refuse_properties(self, event: Any) -> None:  # noqa: ANN401
        """Note an anchor, an alias or a tag; what it stands at is read on as if it were not there."""
        line, column = place_of(event.start_mark)
        if type(event) is yaml.AliasEvent:
            what = f"the YAML alias *{event.anchor} stands here"
            self._log.add(line, column, what, "write the value out, or put text that begins with * in quotes")
            return
        if event.anchor is not None:
            what = f"the YAML anchor &{event.anchor} stands here"
            self._log.add(line, column, what, "remove it, or put text that begins with & in quotes")
        if event.tag is not None:
            what = f"the YAML tag {event.tag} stands here"
            self._log.add(line, column, what, "remove it, or put text that begins with ! in quotes")

    def _checked_escapes(self, event: Any) -> str:  # noqa: ANN401
        """The text of a scalar in double quotes, where escapes can write what no text may hold."""
        text: str = event.value
        if _UNWRITABLE.search(text):
            what = "an escape writes NUL or half a surrogate pair"
            self._log.add(*place_of(event.start_mark), what, "write the character itself")
            return _UNWRITABLE.sub("\ufffd", text)
        return text

    def _checked_key(self, holder: dict[str, tuple[Mark, Node]], event: Any, content: Content) -> str:  # noqa: ANN401
        """The key that an event gives, or `_DROPPED` after noting why it cannot be one."""
        if not isinstance(content, str):
            return _DROPPED  # noted where it ends, or already when it is an alias
        line, column = place_of(event.start_mark)
        if content == "<<" and not event.style:
            self._log.add(line, column, "a merge key << stands here", "write the fields out")
            return _DROPPED
        if content in holder:
            first = holder[content][0]
            what = f"the key {quoted(content)} stands a second time, first on line {first.line + 1}"
            self._log.add(line, column, what, "keep one, or merge the two")
            return _DROPPED
        return content
