"""The XML of a part: parsed without any of XML's traps, written back with all it holds.

A Word file has no document type declaration, so one is refused before the parser proper sees it: without
it there are no entities, neither huge nor from elsewhere.
"""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from lxml import etree

from normalizer.errors import DraftError

Element = etree._Element

TRANSITIONAL: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespaces of Word's text: what nearly all files have, and that of "Strict Open XML" ones."""
_COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE: Final = f"{_COMPATIBILITY}AlternateContent"
ALTERNATIVES: Final = (f"{_COMPATIBILITY}Choice", f"{_COMPATIBILITY}Fallback")
"""What is said twice; what is said for new programs, which comes first; and the same for old ones."""
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""A character that XML cannot hold."""


class _SoundError(Exception):
    """The first element is reached, and no document type came before it."""


class _TypeDeclaredError(Exception):
    """There is a document type declaration."""


def parse(data: bytes, what: str) -> Element:
    """Parse the XML of a part.

    Args:
        data: The part.
        what: The file and the part, for messages.

    Returns:
        The root; nothing outside of the part was read for it.

    Raises:
        DraftError: It is not well-formed, or has a document type declaration.
    """
    try:
        _refuse_document_type(data)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_blank_text=False
        )
        return etree.fromstring(data, parser)
    except _TypeDeclaredError as error:
        raise DraftError(
            f"{what}: declares a document type (DTD), as no Word file does; it was not read, for that may be "
            "an attack; save the draft anew in Word"
        ) from error
    except (expat.ExpatError, etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise DraftError(
            f"{what}: is damaged: {_first_line(error)}; open the draft in Word and save it anew"
        ) from error


def serialized(root: Element) -> bytes:
    """The bytes of a part, in UTF-8."""
    tree = root.getroottree()
    return etree.tostring(
        tree, xml_declaration=True, encoding="UTF-8", standalone=tree.docinfo.standalone is not False
    )


def sibling_tag(element: Element, name: str) -> str:
    """A name in the namespace of an element."""
    return f"{{{etree.QName(element).namespace}}}{name}"


def _refuse_document_type(data: bytes) -> None:
    """Read a part up to its first element."""
    reader = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _TypeDeclaredError

    def stop(*_: object) -> None:
        raise _SoundError

    reader.StartDoctypeDeclHandler = refuse
    reader.StartElementHandler = stop
    try:
        reader.Parse(data, True)
    except _SoundError:
        return


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["not XML"])[0]
