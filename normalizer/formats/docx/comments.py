"""Comments: what a person must decide, said beside the words.

`w:comment` of ECMA-376 part 1, section 17.13.4. Word has comments in the body and its tables only: what is
found in a text box or a note is said at the box or at the mark of the note, and what is found in a header or
a footer is not said in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import count
from typing import Final, NamedTuple

from lxml import etree

from normalizer.formats.docx.markup import SPACE, UNWRITABLE, Element, sibling_tag
from normalizer.formats.docx.package import Package
from normalizer.formats.docx.reading import Passage
from normalizer.model import Finding, Signature

_NOTES: Final = ("footnote", "endnote")
_START: Final = "commentRangeStart"
_MARKS: Final = (_START, "commentRangeEnd", "commentReference")


class Remark(NamedTuple):
    """What to say of a stretch of a paragraph.

    Attributes:
        start: Where the stretch begins, in the paragraph.
        end: Where it ends.
        head: What is found; a comment with this first paragraph says the same already.
        reason: Why.
    """

    start: int
    end: int
    head: str
    reason: str

    @classmethod
    def of(cls, finding: Finding, start: int, end: int) -> Remark:
        """Ask what a finding asks."""
        new = finding.fix.replacement
        head = f"{finding.surface}:" if new is None else f"{finding.surface} → {new}?"
        return cls(start, end, head, finding.message)


class Comments:
    """The comments of a Word file.

    Args:
        package: The file.
        signature: Whose new ones are, and of when.
    """

    def __init__(self, package: Package, signature: Signature) -> None:
        self._package, self._signature = package, signature
        self._body = package.root(package.main)
        root = package.comments()
        found = root.iterchildren(sibling_tag(root, "comment")) if root is not None else ()
        self._heads = {_id(comment): "".join(next(iter(comment), comment).itertext()) for comment in found}
        taken = {*self._heads, *map(_id, self._body.iter(sibling_tag(self._body, _START)))}
        self._said: dict[Element, Counter[str]] = {}
        self._ids = (str(number) for number in count() if str(number) not in taken)

    def place(self, passage: Passage) -> Element | None:
        """Where in the body to speak of a paragraph.

        Returns:
            The paragraph itself if it is in the body, else the run with its text box or with the mark of its
            note; None for headers and footers.
        """
        element = passage.element
        if passage.part == self._package.main:
            return [element, *element.iterancestors(sibling_tag(element, "r"))][-1]
        for note in element.iterancestors([sibling_tag(element, kind) for kind in _NOTES]):
            return self._references.get((etree.QName(note).localname, _id(note)))
        return None

    def unsaid(self, place: Element, remarks: Sequence[Remark]) -> list[Remark]:
        """Those remarks that no comment in the paragraph of a place makes already."""
        tag = sibling_tag(place, "p")
        paragraph = place if place.tag == tag else next(place.iterancestors(tag), place)
        said = self._said.get(paragraph)
        if said is None:
            marks = paragraph.iter(sibling_tag(place, _START))
            said = self._said[paragraph] = Counter(self._heads.get(_id(mark), "") for mark in marks)
        new = []
        for remark in remarks:
            said[remark.head] -= 1
            if said[remark.head] < 0:
                new.append(remark)
        return new

    def add(self, first: Element, last: Element, remark: Remark) -> None:
        """Make a remark on the text from one run of the body to another of the same paragraph."""
        number = next(self._ids)
        start, end, mark = (
            first.makeelement(sibling_tag(first, name), {sibling_tag(first, "id"): number}) for name in _MARKS
        )
        first.addprevious(start)
        run = last.makeelement(last.tag)
        run.append(mark)
        last.addnext(run)
        last.addnext(end)
        self._package.change(self._package.main)
        root = self._root
        author = self._signature.author
        comment = etree.SubElement(root, sibling_tag(root, "comment"))
        comment.set(sibling_tag(root, "id"), number)
        comment.set(sibling_tag(root, "author"), author)
        comment.set(sibling_tag(root, "date"), self._signature.date)
        comment.set(sibling_tag(root, "initials"), "".join(word[0] for word in author.split()))
        for text in (remark.head, remark.reason):
            element = comment
            for name in ("p", "r", "t"):
                element = etree.SubElement(element, sibling_tag(root, name))
            element.set(SPACE, "preserve")
            element.text = UNWRITABLE.sub("\ufffd", text)

    @cached_property
    def _root(self) -> Element:
        """The root of the part that new comments go into."""
        return self._package.change_comments()

    @cached_property
    def _references(self) -> dict[tuple[str, str], Element]:
        """The runs with the marks of notes, by kind of note and id."""
        found: dict[tuple[str, str], Element] = {}
        for kind in _NOTES:
            for mark in self._body.iter(sibling_tag(self._body, f"{kind}Reference")):
                run = mark.getparent()
                if run is not None and run.tag == sibling_tag(self._body, "r"):
                    found.setdefault((kind, _id(mark)), run)
        return found


def _id(element: Element) -> str:
    return element.get(sibling_tag(element, "id"), "")
