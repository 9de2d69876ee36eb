"""Word files for tests: written as plain XML, read back as an editor sees them, changes accepted or rejected.

What accepting and rejecting mean is said here a second time, in the simplest words, so that the tests do not
believe the code they test.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace

from lxml import etree

from normalizer.formats import amended, read
from normalizer.model import Applicability, Document, Finding, Fix, Signature, Span
from normalizer.text.edits import Edit, edited

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "word/document.xml"
OURS = Signature("normalizer", "2026-11-23T17:05:00Z")
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)

BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent>{new}</w:txbxContent>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{old}</w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
"""A text box, as it is kept for new programs and for old ones."""


def part(content: str, root: str = "body", namespace: str = W) -> str:
    """A part of a Word file; that of the body has one more element around it."""
    outer = "document" if root == "body" else root
    inner = f"<w:body>{content}</w:body>" if root == "body" else content
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:{outer} xmlns:w="{namespace}" xmlns:mc="{MC}" xmlns:r="{OFFICE}" '
        f'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:w14="urn:new" mc:Ignorable="w14">{inner}</w:{outer}>'
    )


def relations(targets: Mapping[str, str]) -> str:
    """A part that relates others: target → kind."""
    lines = [
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), 1)
    ]
    return f'<Relationships xmlns="{RELATIONS}">{"".join(lines)}</Relationships>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 8, 0, 2)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def word_file(body: str, namespace: str = W, **stories: str) -> bytes:
    """A Word file with a body and other stories (header1, footnotes …) by the names of their parts."""
    kinds = {"header": "hdr", "footer": "ftr"}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations({MAIN: "officeDocument"}),
        MAIN: part(body, namespace=namespace),
        "word/media/image1.png": b"\x89PNG not really",
    }
    for name, content in stories.items():
        kind = name.rstrip("0123456789")
        parts[f"word/{name}.xml"] = part(content, kinds.get(kind, kind), namespace)
    if stories:
        targets = {f"{name}.xml": name.rstrip("0123456789") for name in stories}
        parts["word/_rels/document.xml.rels"] = relations(targets)
    return packed(parts)


def entries(data: bytes) -> dict[str, bytes]:
    """The parts of a file, unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, *properties: str) -> str:
    """A run with text, formatted by elements such as `b` or `sz w:val="28"`."""
    formatting = "".join(f"<w:{name}/>" for name in properties)
    formatting = f"<w:rPr>{formatting}</w:rPr>" if formatting else ""
    return f'<w:r>{formatting}<w:t xml:space="preserve">{text}</w:t></w:r>'


def text_of(data: bytes) -> str:
    return read("a.docx", data).text


def corrected(data: bytes, *changes: tuple[str, str], left: tuple[str, ...] = ()) -> bytes:
    """Write changes of words, each at its first place, and questions about others, into a file."""
    document = read("a.docx", data)
    edits = sorted(
        Edit(start, start + len(old), new) for old, new in changes for start in [document.text.index(old)]
    )
    return written(data, document, edits, [question(document.text, word) for word in left])


def written(data: bytes, document: Document, edits: list[Edit], left: list[Finding]) -> bytes:
    """Write edits into a file; what is left is at places in the edited text."""
    after = replace(document, text=edited(document.text, edits), edits=tuple(edits))
    return amended(document, data, after, left, OURS)


def question(text: str, word: str, new: str | None = None) -> Finding:
    start = text.index(word)
    fix = Fix(new, Applicability.DISPLAY)
    return Finding(Span(start, start + len(word)), word, "misspelled-name", f"why {word}", (), 0.5, (), fix)


def settled(data: bytes, *, accept: bool, everybody: bool = False) -> bytes:
    """A file with our changes, or those of everybody, accepted or rejected."""
    parts = entries(data)
    for name, content in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            root = etree.fromstring(content)
            settle(root, accept, None if everybody else OURS.author)
            parts[name] = etree.tostring(root)
    return packed(parts)


def settle(root: etree._Element, accept: bool, author: str | None) -> None:
    kept, dropped = ("ins", "del") if accept else ("del", "ins")
    for name in ("ins", "del"):
        for change in list(root.iter(f"{{{W}}}{name}")):
            if author is not None and change.get(f"{{{W}}}author") != author:
                continue
            parent = change.getparent()
            assert parent is not None
            if name == kept:
                for text in change.iter(f"{{{W}}}delText"):
                    text.tag = f"{{{W}}}t"
                for child in change:
                    change.addprevious(child)
            else:
                assert name == dropped
            parent.remove(change)


def formatted(data: bytes, name: str = MAIN) -> list[tuple[str, ...]]:
    """Each letter of a part, and each thing that is no letter, with its formatting and what it stands in."""
    found: list[tuple[str, ...]] = []
    root = etree.fromstring(entries(data)[name])
    for element in root.iter(f"{{{W}}}r"):
        properties = element.find(f"{{{W}}}rPr")
        look = b"" if properties is None else etree.tostring(deepcopy(properties), with_tail=False)
        around = " ".join(
            f"{etree.QName(outer).localname}" for outer in element.iterancestors() if outer.tag != element.tag
        )
        for child in element:
            if child.tag in (f"{{{W}}}t", f"{{{W}}}delText"):
                blank = child.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
                text = child.text or ""
                found += [(letter, str(look), around) for letter in (text if blank else text.strip(" "))]
            elif child is not properties and not len(child):
                found.append((etree.tostring(child, with_tail=False).decode(), str(look), around))
    return found
