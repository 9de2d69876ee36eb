"""What ids, names and other texts of a registry must be; readers and writers ask here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from normalizer.model import AliasKind, EntityType
from normalizer.registry.faults import quoted
from normalizer.text.folding import MAX_NAME, fold

ID_PATTERN: Final = r"[A-Za-z0-9._~-]+"
"""Ids of YAML entities: the unreserved characters of RFC 3986, so that an id stands in a URL as it is."""

TYPES: Final = {member.value: member for member in EntityType}
"""Types by the words that files have for them."""

KINDS: Final = {member.value: member for member in AliasKind}
"""Kinds of aliases, likewise."""

_is_id = re.compile(ID_PATTERN).fullmatch
# A letter or digit of which folding leaves something: not letters like an apostrophe, fillers, lone marks.
_has_lasting_letter = re.compile(
    r"[^\W_\u02b9-\u02bf\u0374\u115f\u1160\u3164\ufc5e-\ufc63\ufe70-\ufe7e\uffa0]"
).search

_WRITE_NAME: Final = "write the name, or remove the entry"

Complaint = tuple[str, str]
"""What is wrong, and what to do about it."""


def complaint_about_id(entity_id: str) -> Complaint | None:
    """Say what is wrong with the id of an entity in YAML, if anything."""
    if _is_id(entity_id) and len(entity_id) <= MAX_NAME:
        return None
    if len(entity_id) > MAX_NAME:
        return f"the id is {len(entity_id)} characters long", f"use at most {MAX_NAME}"
    return (
        f"the id {quoted(entity_id)} cannot stand in a URL",
        "use only the letters A to Z and a to z, digits, - . _ ~",
    )


def complaint_about_form(form: str) -> Complaint | None:
    """Say what is wrong with a surface form, if anything: it is too long or nothing of it can match."""
    if len(form) > MAX_NAME:
        return complaint_about_length(form)
    if _has_lasting_letter(form) or fold(form):
        return None
    if not form.strip():
        return "the name is empty", _WRITE_NAME
    return f"{quoted(form)} holds no letter or digit and could never match", _WRITE_NAME


def forms_by_key(forms: Iterable[str]) -> dict[str, str]:
    """Forms by what they fold to; of those that fold alike the last."""
    return {fold(form): form for form in forms}


def complaint_about_never(form: str, own_forms: Mapping[str, str]) -> Complaint | None:
    """Say what is wrong with a form that is said not to be an entity, if anything.

    Args:
        form: The form that is not the entity.
        own_forms: The forms of the entity, of `forms_by_key`; none of them may fold alike.
    """
    complaint = complaint_about_form(form)
    if complaint is not None:
        return complaint
    own = own_forms.get(fold(form))
    if own is None:
        return None
    same = "is" if own == form else f"counts as the same as {quoted(own)},"
    return f"{quoted(form)} stands in not, but {same} a form of this entity", "remove it from one of the two"


def complaint_about_length(text: str) -> Complaint | None:
    """Say that a text is longer than a name may be, if it is."""
    if len(text) <= MAX_NAME:
        return None
    return f"{quoted(text, 20)} is {len(text)} characters long", f"shorten it; a name has at most {MAX_NAME}"
