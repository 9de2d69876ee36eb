"""Edits of texts: written, put together, followed back."""

from __future__ import annotations

import doctest
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from normalizer.text import edits as module
from normalizer.text.edits import Edit, composed, edited, places_before


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(start, end, draw(st.text("xyz", max_size=3))) for start, end in pairs]


@given(st.text("abc", max_size=12), st.data())
def test_two_lists_of_edits_are_one(before: str, data: st.DataObject) -> None:
    first = data.draw(edits_of(before))
    between = edited(before, first)
    second = data.draw(edits_of(between))
    whole = composed(first, between, second)
    assert edited(before, whole) == edited(between, second)
    assert all(one.end < other.start for one, other in pairwise(whole)) or not first


@given(st.text("abc", min_size=1, max_size=12), st.data())
def test_places_lead_back(before: str, data: st.DataObject) -> None:
    edits = data.draw(edits_of(before))
    after = edited(before, edits)
    start = data.draw(st.integers(0, len(after)))
    end = data.draw(st.integers(start, len(after)))
    ((first, last),) = places_before(edits, [(start, end)])
    assert 0 <= first <= last <= len(before)
    within = [edit for edit in edits if first <= edit.start <= edit.end <= last]
    moved = [Edit(edit.start - first, edit.end - first, edit.replacement) for edit in within]
    assert after[start:end] in edited(before[first:last], moved)


def test_examples() -> None:
    assert doctest.testmod(module).failed == 0
