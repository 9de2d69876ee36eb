"""Tracked changes: words taken out and words put in, each for an editor to accept or reject.

`w:del` and `w:ins` of ECMA-376 part 1, section 17.13.5. Deleted text stays in the runs it stood in; inserted
text has the formatting of the run that most of the deleted text stood in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import count, takewhile
from typing import Final

from lxml import etree

from normalizer.formats.docx.cutting import Stretch, properties_tag, within
from normalizer.formats.docx.markup import SPACE, Element, sibling_tag
from normalizer.model import Signature
from normalizer.text.edits import Edit

_WORDS = re.compile(r"\s+|\S+")
_INSERTIONS: Final = ("ins", "moveTo")
"""What others have put in; a change of ours is never an insertion inside of one."""
_NUMBERED: Final = (
    "ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart", "bookmarkStart",
    "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange",
    "cellIns", "cellDel", "cellMerge", "numberingChange",
)  # fmt: skip
"""Elements whose ids a new change must not have."""


def by_word(text: str, edit: Edit) -> Iterator[Edit]:
    """Take an edit apart, so that each word that changes is a change of its own.

    Args:
        text: The text before.
        edit: What is to be written there.

    >>> list(by_word("met Anthony James Blinkin", Edit(4, 25, "Antony James Blinken")))
    [Edit(start=4, end=11, replacement='Antony'), Edit(start=18, end=25, replacement='Blinken')]
    >>> list(by_word("Ban Ki Moon", Edit(0, 11, "Ban Ki-moon")))
    [Edit(start=4, end=11, replacement='Ki-moon')]
    """
    old, new = _WORDS.findall(text[edit.start : edit.end]), _WORDS.findall(edit.replacement)
    start = edit.start
    if len(old) != len(new):
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        start += sum(map(len, old[:head]))
        old, new = (["".join(words[head : len(words) - tail])] for words in (old, new))
    for before, after in zip(old, new, strict=True):
        if before != after:
            yield Edit(start, start + len(before), after)
        start += len(before)


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


class Revisions:
    """Writes tracked changes, all by one hand.

    Args:
        signature: Whose changes they are, and of when.
        roots: The parts of the file that hold changes already; theirs keep their ids.
    """

    def __init__(self, signature: Signature, roots: Iterable[Element]) -> None:
        self._signature = signature
        taken: set[str] = set()
        for root in roots:
            space = etree.QName(root).namespace
            for element in root.iter([f"{{{space}}}{name}" for name in _NUMBERED]):
                taken.add(element.get(f"{{{space}}}id", ""))
        self._ids = (str(number) for number in count(1) if str(number) not in taken)

    def write(self, stretches: Sequence[Stretch], edits: Sequence[Edit]) -> None:
        """Write changes into one paragraph.

        Args:
            stretches: The text of the paragraph, cut for these edits.
            edits: What changes, in order, at places in the paragraph.
        """
        for edit in edits:
            old = within(stretches, edit.start, edit.end)
            if old:
                model = max(old, key=lambda stretch: stretch.end - stretch.start).run
                self._take_out([stretch.run for stretch in old])
                anchor = model.getparent()
            else:
                before = within(stretches, 0, edit.start)
                anchor = model = (before[-1] if before else stretches[0]).run
            assert anchor is not None
            if edit.replacement:
                self._put_in(edit.replacement, model, anchor, behind=bool(old) or edit.start > 0)

    def _take_out(self, runs: Sequence[Element]) -> None:
        """Mark runs as deleted; neighbours are one deletion."""
        deletion = None
        for run in runs:
            text = sibling_tag(run, "t")
            for child in run.iterchildren(text):
                child.tag = sibling_tag(run, "delText")
            if deletion is None or deletion.getnext() is not run:
                deletion = self._new(run, "del")
                run.addprevious(deletion)
            deletion.append(run)

    def _put_in(self, text: str, model: Element, anchor: Element, behind: bool) -> None:
        """Insert text beside an element, with the formatting of a run."""
        insertion = self._new(model, "ins")
        run = etree.SubElement(insertion, model.tag)
        properties = model.find(properties_tag(model))
        if properties is not None:
            run.append(deepcopy(properties))
            for change in run[0].findall(sibling_tag(model, "rPrChange")):
                run[0].remove(change)
        content = etree.SubElement(run, sibling_tag(model, "t"))
        content.text = text
        content.set(SPACE, "preserve")
        parent = anchor.getparent()
        while parent is not None and etree.QName(parent).localname in _INSERTIONS:
            if behind:
                self._part_behind(anchor, parent)
            anchor, parent = parent, parent.getparent()
        if behind:
            anchor.addnext(insertion)
        else:
            anchor.addprevious(insertion)

    def _part_behind(self, anchor: Element, parent: Element) -> None:
        """Part an element of others in two, the second of which begins behind one of its children."""
        following = list(anchor.itersiblings())
        if following:
            second = parent.makeelement(parent.tag, parent.attrib)
            second.set(sibling_tag(parent, "id"), next(self._ids))
            second.extend(following)
            parent.addnext(second)

    def _new(self, near: Element, name: str) -> Element:
        """A change without content, signed."""
        change = near.makeelement(sibling_tag(near, name))
        change.set(sibling_tag(near, "id"), next(self._ids))
        change.set(sibling_tag(near, "author"), self._signature.author)
        change.set(sibling_tag(near, "date"), self._signature.date)
        return change
