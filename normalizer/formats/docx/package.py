"""How the parts of a Word file hang together: relationships, content types, the parts that hold text.

Specified in ECMA-376 part 2 (Open Packaging Conventions). The names of parts are compared without regard
to case.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import count
from typing import Final

from lxml import etree

from normalizer.errors import DraftError
from normalizer.formats.docx.archive import Archive
from normalizer.formats.docx.markup import STRICT, TRANSITIONAL, Element, parse, serialized

STORIES: Final = ("footnotes", "endnotes", "header", "footer")
"""Kinds of parts, besides the main one, that hold text of the draft, in the order they are read."""
MOST_TAGS: Final = 4_000_000
"""Tags in all parts that are read: each takes a hundred bytes of memory. A thousand pages have a million."""
_TYPES: Final = "[Content_Types].xml"
_TYPES_SPACE: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_SPACE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION: Final = {
    TRANSITIONAL: "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    STRICT: "http://purl.oclc.org/ooxml/officeDocument/relationships/",
}
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """The parts of a Word file; each is parsed once, and may then be changed in place.

    Args:
        name: The file as the user named it, for messages.
        data: All of its bytes.

    Attributes:
        main: The part that holds the body.

    Raises:
        DraftError: It is no Word file, or a damaged, protected or hostile one.
    """

    def __init__(self, name: str, data: bytes) -> None:
        _refuse_others(name, data)
        self._name = name
        self._archive = Archive(name, data)
        self._tags = 0
        self._names = {part.lower(): part for part in self._archive}
        self._roots: dict[str, Element] = {}
        self._changed: dict[str, Element] = {}
        mains = [part for kind, part in self._related("") if kind == "officeDocument"]
        self.main = mains[0] if mains else ""
        if not self.main or self.namespace(self.main) is None:
            raise DraftError(f"{name}: has no Word text in it; open it in Word and save it as .docx")

    def stories(self) -> list[str]:
        """The parts that hold text: the body, footnotes, endnotes, headers, footers."""
        related = list(self._related(self.main))
        others = [part for story in STORIES for kind, part in related if kind == story]
        return [part for part in dict.fromkeys([self.main, *others]) if self.namespace(part) is not None]

    def comments(self) -> Element | None:
        """The root of the part that holds the comments, if there is one."""
        part = self._comments_part()
        return self.root(part) if part is not None else None

    def root(self, part: str) -> Element:
        """The root element of a part.

        Raises:
            DraftError: It cannot be read, or there are more tags up to here than a draft has.
        """
        if part not in self._roots:
            data = self._archive.read(part)
            self._tags += data.count(b"<")
            if self._tags > MOST_TAGS:
                raise DraftError(
                    f"{self._name}: is made of more than {MOST_TAGS:,} tags; check the draft in parts"
                )
            self._roots[part] = parse(data, f"{self._name}: {part}")
        return self._roots[part]

    def namespace(self, part: str) -> str | None:
        """The namespace of a part's text; None if there is none of Word's in it."""
        namespace = etree.QName(self.root(part)).namespace
        return namespace if namespace in (TRANSITIONAL, STRICT) else None

    @property
    def is_signed(self) -> bool:
        """Whether the file has a digital signature, which any change would break."""
        return any(kind == "origin" for kind, _ in self._related(""))

    def change(self, part: str) -> None:
        """Note that a part is changed, to be written anew."""
        self._changed[part] = self.root(part)

    def change_comments(self) -> Element:
        """The root of the part that holds the comments, to be changed; one is made where there is none."""
        part = self._comments_part()
        if part is None:
            part = self._add_comments_part()
        self._changed[part] = self.root(part)
        return self._roots[part]

    def data(self) -> bytes:
        """The bytes of the file, with the changed parts written anew and all others as they were."""
        return self._archive.rewritten({part: serialized(root) for part, root in self._changed.items()})

    def _comments_part(self) -> str | None:
        return next((part for kind, part in self._related(self.main) if kind == "comments"), None)

    def _related(self, source: str) -> Iterator[tuple[str, str]]:
        """The parts that a part, or the package itself (""), names as related, with the kind of relation."""
        relations = self._names.get(_relations_of(source).lower())
        if relations is None:
            return
        folder = posixpath.dirname(source)
        for relation in self.root(relations).iter(f"{{{_RELATIONS_SPACE}}}Relationship"):
            if relation.get("TargetMode", "").lower() == "external":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            part = self._names.get(target.lower())
            if part is not None:
                yield relation.get("Type", "").rpartition("/")[2], part

    def _add_comments_part(self) -> str:
        """Make the part, say of what type it is, and relate the main part to it."""
        namespace = self.namespace(self.main)
        assert namespace is not None
        folder = posixpath.dirname(self.main)
        names = (posixpath.join(folder, f"comments{number or ''}.xml") for number in count())
        part = next(name for name in names if name.lower() not in self._names)
        self._add(part, etree.Element(f"{{{namespace}}}comments", nsmap={"w": namespace}))
        types = self._names.get(_TYPES.lower())
        if types is None:
            raise DraftError(f"{self._name}: lacks {_TYPES}, so nothing was written; save it anew in Word")
        self.change(types)
        override = etree.SubElement(self.root(types), f"{{{_TYPES_SPACE}}}Override")
        override.set("PartName", f"/{part}")
        override.set("ContentType", _COMMENTS_TYPE)
        relations = _relations_of(self.main)
        if relations.lower() not in self._names:
            self._add(
                relations,
                etree.Element(f"{{{_RELATIONS_SPACE}}}Relationships", nsmap={None: _RELATIONS_SPACE}),
            )
        relations = self._names[relations.lower()]
        self.change(relations)
        taken = {relation.get("Id") for relation in self.root(relations)}
        relation = etree.SubElement(self.root(relations), f"{{{_RELATIONS_SPACE}}}Relationship")
        relation.set("Id", next(name for number in count(1) if (name := f"rId{number}") not in taken))
        relation.set("Type", _RELATION[namespace] + "comments")
        relation.set("Target", posixpath.basename(part))
        return part

    def _add(self, part: str, root: Element) -> None:
        self._names[part.lower()] = part
        self._roots[part] = self._changed[part] = root


def _relations_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _refuse_others(name: str, data: bytes) -> None:
    """Say what a file is that has the name of a Word file and is none.

    Raises:
        DraftError: It is no zip archive.
    """
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DraftError(
                f"{name}: is protected by a password; open it in Word, remove the password (File, Info, "
                "Protect Document) and check it again"
            )
        raise DraftError(f"{name}: is an old Word file (.doc); open it in Word and save it as .docx")
    if not data:
        raise DraftError(f"{name}: is empty; write it in Word and save it as .docx")
    if not data.startswith(b"PK"):
        raise DraftError(f"{name}: is no Word file; if it is plain text, name it .txt")
