"""A Word file with what was found in it: fixes as tracked changes, the rest as comments."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence

from normalizer.errors import DraftError
from normalizer.formats.docx.comments import Comments, Remark
from normalizer.formats.docx.cutting import cut, within
from normalizer.formats.docx.markup import ALTERNATE, UNWRITABLE, Element
from normalizer.formats.docx.package import Package
from normalizer.formats.docx.reading import Passage, located, passages
from normalizer.formats.docx.revisions import Revisions, by_word
from normalizer.model import Document, Finding, Signature
from normalizer.text.edits import Edit, places_before


def amend_docx(data: bytes, corrected: Document, left: Sequence[Finding], signature: Signature) -> bytes:
    """Write what was corrected into a Word file as tracked changes, and what is left as comments.

    All parts that nothing is written into stay byte for byte. A comment that is there already, from an
    earlier run, is not made again.

    Args:
        data: The bytes of the file as read.
        corrected: The draft with its corrections in it.
        left: What is still found in the corrected draft.
        signature: Whose changes and comments they are, and of when.

    Raises:
        DraftError: The file is signed, or cannot hold a letter of a correction.
    """
    package = Package(corrected.name, data)
    if package.is_signed:
        raise DraftError(
            f"{corrected.name}: has a digital signature, which any change would break, so nothing was "
            "written; correct it in Word, or remove the signature first"
        )
    for edit in corrected.edits:
        if UNWRITABLE.search(edit.replacement):
            raise DraftError(
                f"{corrected.name}: {edit.replacement!r} cannot be written into a Word file, so nothing was "
                "written; mend that name in the registry"
            )
    writer = _Writer(package, signature)
    writer.write(corrected, left)
    return package.data()


class _Writer:
    """Writes into the parts of one file."""

    def __init__(self, package: Package, signature: Signature) -> None:
        self._package = package
        placed = list(located(package))
        self._starts = [start for start, _ in placed]
        self._passages = [passage for _, passage in placed]
        self._revisions = Revisions(signature, [package.root(part) for part in package.stories()])
        self._comments = Comments(package, signature)
        self._alternatives: dict[Element, tuple[dict[Element, int], list[list[Passage]]]] = {}

    def write(self, corrected: Document, left: Sequence[Finding]) -> None:
        """Write all corrections and remarks, paragraph by paragraph."""
        edits: dict[int, list[Edit]] = defaultdict(list)
        remarks: dict[int, list[Remark]] = defaultdict(list)
        for start, end, replacement in corrected.edits:
            at, shift = self._at(start)
            edit = Edit(start - shift, end - shift, replacement)
            edits[at] += by_word(self._passages[at].text, edit)
        spans = [(finding.span.start, finding.span.end) for finding in left]
        for finding, (start, end) in zip(left, places_before(corrected.edits, spans), strict=True):
            at, shift = self._at(start)
            remarks[at].append(Remark.of(finding, start - shift, end - shift))
        for at in sorted({*edits, *remarks}):
            self._amend(self._passages[at], edits[at], remarks[at])

    def _at(self, offset: int) -> tuple[int, int]:
        """Which paragraph a place of the draft's text is in, and where that begins."""
        at = bisect_right(self._starts, offset) - 1
        return at, self._starts[at]

    def _amend(self, passage: Passage, edits: Sequence[Edit], remarks: Sequence[Remark]) -> None:
        """Write into one paragraph, and into its copies for old programs."""
        place = self._comments.place(passage)
        is_here = place is passage.element
        if not is_here:
            label = passage.place().label
            remarks = [remark._replace(head=f"{label}: {remark.head}") for remark in remarks]
        remarks = self._comments.unsaid(place, remarks) if place is not None and remarks else []
        copies = self._copies(passage) if edits else []
        stretches = cut(
            passage, edits, [edge for remark in remarks for edge in remark[:2]] if is_here else ()
        )
        for remark in remarks:
            if is_here:
                here = within(stretches, remark.start, remark.end) or stretches[-1:]
                self._comments.add(here[0].run, here[-1].run, remark)
            elif place is not None:
                self._comments.add(place, place, remark)
        self._revisions.write(stretches, edits)
        for copy in copies:
            self._revisions.write(cut(copy, edits), edits)
        if edits:
            self._package.change(passage.part)

    def _copies(self, passage: Passage) -> list[Passage]:
        """The same paragraph as it is kept for old programs, if it is in a text box."""
        both = next(passage.element.iterancestors(ALTERNATE), None)
        if both is None:
            return []
        if both not in self._alternatives:
            space = self._package.namespace(passage.part) or ""
            first, *others = (list(passages(child, passage.part, space)) for child in both)
            self._alternatives[both] = {item.element: at for at, item in enumerate(first)}, others
        places, others = self._alternatives[both]
        at = places[passage.element]
        return [other[at] for other in others if at < len(other) and other[at].text == passage.text]
