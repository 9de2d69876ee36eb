"""The scan of running text: three ways to read, one answer, with every character in its place."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.index import CompiledIndex, MemoryIndex, opened_index
from normalizer.index.build import compiled
from normalizer.index.container import Container
from normalizer.index.scan.capital_arrays import stretches_of
from normalizer.index.scan.capitals import plain_stretches_of
from normalizer.index.scan.hits import Hit
from normalizer.index.scan.prefixes import GOES_ON, TURN, joined
from normalizer.index.scan.states import laid_out
from normalizer.model import Alias, Entity, EntityType, Guard
from normalizer.registry import load_registry
from normalizer.text.case import cased_letters
from normalizer.text.folding import fold
from normalizer.text.gaps import LOOSE_GAPS, STARTS, Gap, gap_between
from normalizer.text.tokens import Token, tokenize

ROOT = Path(__file__).parent.parent

PIECES = (
    "Joe joe JOE Biden biden's Biden’s Bidens Mc McDonald's McDonald’S McDonalds Browns’ U.S. U.S U.N.E.S. "
    "A.B.3 O'Brien O’Brien OBrien Straße Strasse ﬁn fin Erdoğan Erdog\u0306an ERDOGAN foo_bar foo bar_'s "
    "Ki moon AT T Diana Princess of Wales Bush bush near Путин путин 习近平 𝐉oe 🙂 Joe🙂 ² ½ İstanbul ǅ ß "
    "æ 3.5 a b Jr"
).split()
JOINTS = (
    [" "] * 4
    + ["\n", "\r\n", "\n\n", "-", "‐\n", "–", ", ", ",", ". ", ".", " & ", "&", "  ", "\t", "'", "’", "_"]
    + ["\u00ad", "\u200b", "\u00a0", "\u0301", "\u3164", "\x00", "\x1c", "\u2028", " “", "”. ", "\ud800"]
)
RUNNING = st.lists(st.sampled_from([*PIECES, *JOINTS, *JOINTS]), max_size=30).map("".join)
TEXTS = st.one_of(RUNNING, RUNNING, st.text(st.characters(), max_size=40))
NAMES = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([" ", " ", " ", "-", ", ", "&", "_"])),
    min_size=1,
    max_size=4,
).map(lambda parts: "".join(piece + joint for piece, joint in parts).rstrip(" -,&_"))
GUARDS = st.sampled_from(
    [None, None, None, Guard(), Guard(True), Guard(False, ("near", "a b")), Guard(True, ("of",))]
)
ENTITIES = st.lists(
    st.builds(
        Entity,
        id=st.text("abc0", min_size=1, max_size=3),
        type=st.sampled_from(EntityType),
        name=NAMES,
        aliases=st.lists(st.builds(Alias, NAMES, guard=GUARDS), max_size=4).map(tuple),
    ),
    max_size=6,
    unique_by=lambda entity: entity.id,
)


def opened(entities: list[Entity]) -> CompiledIndex:
    return CompiledIndex(Container(memoryview(compiled(entities, "v", "s", "c")), "here"))


def by_windows(memory: MemoryIndex, text: str) -> list[Hit]:
    """The oracle: every window of words, looked up; the longest from the left that counts."""
    rows = {key: row for row, key in enumerate(sorted(memory.owners))}
    longest = max((key.count(" ") + 1 for key in rows), default=1)
    tokens = list(tokenize(text))
    gaps = [Gap.SENTENCE, *(gap_between(text, a, b) for a, b in pairwise(tokens))][: len(tokens)]
    hits, place = [], 0
    while place < len(tokens):
        stop, hit = place + 1, None
        for last in range(min(len(tokens), place + longest) - 1, place - 1, -1):
            hit = hit or ending_at(memory, rows, text, tokens, gaps, place, last)
            if hit:
                stop = last + 1
                break
        hits += [hit] if hit else []
        place = stop
    return hits


def ending_at(
    memory: MemoryIndex,
    rows: dict[str, int],
    text: str,
    tokens: list[Token],
    gaps: list[Gap],
    place: int,
    last: int,
) -> Hit | None:
    inner = gaps[place + 1 : last + 1]
    if not set(inner) <= LOOSE_GAPS:
        return None
    words = [token.key + "s" * (len(token.suffix) > 1) for token in tokens[place : last + 1]]
    start, final = tokens[place].start, tokens[last]
    for key, end in (
        (" ".join(words), final.end + len(final.suffix) * (len(final.suffix) > 1)),
        (" ".join([*words[:-1], final.key]), final.end),
    ):
        forms = [f for f in memory.exact(key) if Gap.COMMA not in inner or "," in f.alias.name]
        begin = max(at for at in range(place + 1) if at == 0 or gaps[at] in STARTS)
        finish = min((at for at in range(place + 1, len(tokens)) if gaps[at] in STARTS), default=len(tokens))
        sentence = {token.key for token in tokens[begin:finish]}
        for form in forms:
            guard = form.alias.guard or Guard()
            cased = not guard.cased or first_letter(text[start:end]) == first_letter(form.alias.name)
            near = not guard.near or any(set(fold(word).split()) <= sentence for word in guard.near)
            if cased and near:
                return Hit(start, end, rows[key])
    return None


def first_letter(text: str) -> str:
    return cased_letters(text)[:1]


def both_ways(index: CompiledIndex, texts: list[str]) -> tuple[list[list[Hit]], list[list[Hit]]]:
    scanner = index.scanner
    plain = [scanner.chosen(text, scanner.windows(text)) for text in texts]
    found = zip(texts, scanner.batch.windows(texts), strict=True)
    return plain, [scanner.chosen(text, windows) for text, windows in found]


@given(ENTITIES, st.lists(TEXTS, max_size=5))
@settings(deadline=None, max_examples=400)
def test_three_ways_give_the_same_hits(entities: list[Entity], texts: list[str]) -> None:
    ranked = sorted(entities, key=lambda entity: entity.id)
    index, memory = opened(ranked), MemoryIndex(ranked)
    names = [form.name for entity in ranked for form in entity.forms()]
    texts = [*texts, *names, " ".join(names), ", ".join(names)]
    plain, batch = both_ways(index, texts)
    assert plain == batch == [by_windows(memory, text) for text in texts]
    assert index.scanner.scan(texts) == plain


def test_real_texts_and_the_starter_registry() -> None:
    registry = load_registry(str(ROOT / "aliases"))
    entities = sorted(registry.entities.values(), key=lambda entity: entity.id)
    index, memory = opened(entities), MemoryIndex(entities)
    texts = [
        path.read_text(encoding="utf-8")
        for path in [*sorted(ROOT.glob("docs/*.md")), ROOT / "examples" / "summit.txt"]
    ]
    plain, batch = both_ways(index, texts)
    assert plain == batch
    assert [by_windows(memory, text[:6000]) for text in texts] == index.scanner.scan(
        [t[:6000] for t in texts]
    )
    summit = texts[-1]
    assert "Antony Blinken" in [summit[hit.start : hit.end] for hit in plain[-1]]


def test_what_is_long_is_read_to_its_end() -> None:
    index = opened([Entity("0", EntityType.PERSON, "Joe Biden"), Entity("1", EntityType.OTHER, "x" * 500)])
    texts = [
        "x" * 500,
        "x" * 501,
        "x" * 100_000,
        "_" * 50_000,
        "习" * 50_000,
        "Joe " * 30_000 + "Biden",
        "",
        "é",
    ]
    plain, batch = both_ways(index, texts)
    assert plain == batch
    assert [len(hits) for hits in plain] == [1, 0, 0, 0, 0, 1, 0, 0]
    assert plain[5] == [Hit(4 * 29_999, 4 * 30_000 + 5, 0)]


@given(st.lists((NAMES | st.text("abc ")).map(fold).filter(bool), unique=True, min_size=1))
@settings(deadline=None)
def test_the_table_holds_every_beginning_of_every_key(keys: list[str]) -> None:
    prefixes = opened([Entity(key, EntityType.OTHER, key) for key in keys]).scanner.prefixes
    for row, key in enumerate(sorted(keys)):
        words = key.split(" ")
        state = prefixes.word(words[0])
        for word in words[1:]:
            assert prefixes.find(state) & GOES_ON
            state = joined(state, prefixes.word(word))
        assert prefixes.find(state) & ~GOES_ON == row + 1
        assert prefixes.value(key) == prefixes.find(state)


def test_two_keys_of_one_state_ask_for_another_seed() -> None:
    assert laid_out(["joe biden", "joe biden"], TURN) is None


def test_a_short_text_is_scanned_without_numpy(tmp_path: Path) -> None:
    opened_index(str(ROOT / "aliases"), str(tmp_path), 1 << 24, print)
    code = (
        "import sys; from pathlib import Path; from normalizer.index import opened_index; "
        "index = opened_index(sys.argv[2], sys.argv[1], 1 << 24, print); "
        "hits, = index.scanner.scan([Path('examples/summit.txt').read_text()]); "
        "print(len(hits) > 3, 'numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(ROOT / "aliases")]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout == "True False\n"


@given(ENTITIES, st.lists(TEXTS, max_size=5))
@settings(deadline=None, max_examples=200)
def test_capitalised_stretches_are_the_same_with_numpy_and_without(
    entities: list[Entity], texts: list[str]
) -> None:
    scanner = opened(entities).scanner
    texts = [*texts, " ".join(texts)]
    hits = scanner.scan(texts)
    plain = list(plain_stretches_of(texts, hits))
    assert list(stretches_of(scanner.batch, texts, hits)) == plain
    found = scanner.capitalised(texts, hits)
    assert sum(map(len, found.values())) == len(plain)


def test_capitalised_stretches_hold_what_is_no_known_form() -> None:
    scanner = opened([Entity("0", EntityType.PERSON, "Joe Biden")]).scanner
    text = "Joe Biden met Joe Bidden’s aide. Angela Merkel, O'Neil Mc-Phee of U.S. Steel; Joe Biden Hall"
    found = scanner.capitalised([text], scanner.scan([text]))
    assert {key: [text[place.start : place.end] for place in places] for key, places in found.items()} == {
        "bidden": ["Bidden"],
        "joe": ["Joe"],
        "joe bidden": ["Joe Bidden"],
        "angela": ["Angela"],
        "angela merkel": ["Angela Merkel"],
        "merkel": ["Merkel"],
        "oneil": ["O'Neil"],
        "oneil mc": ["O'Neil Mc"],
        "oneil mc phee": ["O'Neil Mc-Phee"],
        "mc": ["Mc"],
        "mc phee": ["Mc-Phee"],
        "phee": ["Phee"],
        "us": ["U.S."],
        "us steel": ["U.S. Steel"],
        "steel": ["Steel"],
        "joe biden hall": ["Joe Biden Hall"],
        "biden hall": ["Biden Hall"],
        "hall": ["Hall"],
    }
