"""Many judgements laid over an index at once, in place of those that lie there: one pass, however many.

The overlay is the one that `OverlayIndex.with_alias` and `with_veto` come to, one judgement after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from normalizer.errors import JudgementError, NormalizerError
from normalizer.index.overlay import Judgement, Laid, OverlayIndex, as_judged, key_of
from normalizer.model import Alias
from normalizer.registry.faults import quoted
from normalizer.text.folding import fold

_Judged = dict[str, list[tuple[int, Judgement]]]
"""What was judged of one entity by key, each with its place."""
Refused = tuple[str, Judgement, str]
"""The entity, what was judged of it, and why that has no effect."""


def relaid(
    index: OverlayIndex, judgements: Iterable[tuple[str, Judgement]]
) -> tuple[OverlayIndex, list[Refused]]:
    """Lay judgements over the index below an overlay, in place of all that were there.

    Args:
        index: The overlay; what it compiled of new names is used again, and words stay.
        judgements: Ids of entities and what was judged of them, in order.

    Returns:
        The overlay, and the judgements that have no effect: of entities that are not there, or against
        what is listed.
    """
    judged: dict[str, _Judged] = {}
    refused: list[Refused] = []
    for place, (entity_id, judgement) in enumerate(judgements):
        try:
            _add(index, judged.setdefault(entity_id, {}), place, entity_id, judgement)
        except NormalizerError as error:
            refused.append((entity_id, judgement, str(error)))
    of_entities = {entity_id: _in_order(by_key) for entity_id, by_key in judged.items() if by_key}
    laid = Laid(
        of_entities,
        {entity_id: as_judged(index.listed(entity_id), known) for entity_id, known in of_entities.items()},
        _forms(of_entities),
        index.laid.portions,
        index.laid.beginnings,
        words=index.laid.words,
    )
    return OverlayIndex(index.base, _counted(index, laid)), refused


def _add(index: OverlayIndex, judged: _Judged, place: int, entity_id: str, judgement: Judgement) -> None:
    """Add a judgement to those of its entity, if it changes anything.

    Raises:
        UnknownEntityError: There is no such entity.
        JudgementError: It can be nobody's name, or contradicts what is known.
    """
    name = judgement.name if isinstance(judgement, Alias) else judgement
    key = index.key_for(name, entity_id)
    same = judged.get(key, [])
    is_vetoed = entity_id in index.base.never(key) or any(isinstance(known, str) for _, known in same)
    if isinstance(judgement, Alias):
        if is_vetoed:
            raise JudgementError(f"{quoted(name)} is known not to be {entity_id!r}")
        aliases = [form.alias for form in index.base.exact(key) if form.entity.id == entity_id]
        aliases += [known for _, known in same if isinstance(known, Alias)]
        if all(alias.name != name for alias in aliases):
            judged[key] = [*same, (place, judgement)]
    elif fold(index.listed(entity_id).name) == key:
        raise JudgementError(f"{quoted(name)} is the name that {entity_id!r} is listed under")
    elif not is_vetoed:
        judged[key] = [(place, judgement)]


def _in_order(by_key: _Judged) -> tuple[Judgement, ...]:
    placed = [item for items in by_key.values() for item in items]
    return tuple(judgement for _, judgement in sorted(placed, key=lambda item: item[0]))


def _forms(judged: Mapping[str, tuple[Judgement, ...]]) -> dict[str, dict[str, tuple[Alias, ...]]]:
    """The accepted forms by key and entity; none where the key is vetoed."""
    forms: dict[str, dict[str, tuple[Alias, ...]]] = {}
    for entity_id, known in judged.items():
        for judgement in known:
            here = forms.setdefault(key_of(judgement), {})
            here[entity_id] = (
                *here.get(entity_id, ()),
                *([judgement] if isinstance(judgement, Alias) else ()),
            )
    return forms


def _counted(index: OverlayIndex, laid: Laid) -> Laid:
    """With the keys that there are more, or fewer, than in the index below."""
    judged = OverlayIndex(index.base, laid)
    gained = {key: bool(judged.exact(key)) - bool(index.base.exact(key)) for key in laid.forms}
    new = {
        key: next(laid.entities[entity_id] for entity_id, aliases in laid.forms[key].items() if aliases)
        for key, more in gained.items()
        if more > 0
    }
    return laid.counting(gained).searching(new)
