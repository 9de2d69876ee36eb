"""Word files (.docx): their text with its places; fixes as tracked changes, questions as comments.

A thin layer over `zipfile` and `lxml`. `archive` knows the zip file, `markup` the XML of its parts, `package`
how they hang together, `reading` what is text, `cutting` and `revisions` how tracked changes are written,
`comments` how comments are. This package is imported when the first Word file is read, and lxml with it.
"""

from __future__ import annotations

from normalizer.formats.docx.reading import read_docx
from normalizer.formats.docx.writing import amend_docx

__all__ = ["amend_docx", "read_docx"]
