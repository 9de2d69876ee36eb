"""Judgements: their values, what is in force, and the store in SQLite and in a real PostgreSQL."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import postgresql
import pytest
import sqlalchemy as sql
from conftest import DESK
from hypothesis import given
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.errors import JudgementError, SettingsError, StoreError
from normalizer.judgements import Force, Judgement, Ledger, Recorded, Verdict, in_force, promoted, withdrawn
from normalizer.judgements.store import Store
from normalizer.judgements.values import judgement_line, read_judgement
from normalizer.model import Alias, AliasKind, Decision
from normalizer.settings import Settings

NEEDS_POSTGRESQL = pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not() or "-")
BOTH = ["sqlite", pytest.param("postgresql", marks=NEEDS_POSTGRESQL)]

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
OPTIONAL = st.none() | TEXTS


def alias(name: str = "Joey", entity: str = "joe-biden") -> Judgement:
    return Judgement(Verdict.ALIAS, name, entity, who="maria", when="2026-11-23T09:00:00Z")


def kept_in(place: str) -> list[Recorded]:
    store = Store(place)
    try:
        return store.since()
    finally:
        store.close()


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgresql.Cluster]:
    with postgresql.cluster() as server:
        yield server


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that holds nothing; which kind is the test's parameter."""
    if request.param == "sqlite":
        yield str(tmp_path / "deep" / "judged")
        return
    url = request.getfixturevalue("cluster").url
    yield url
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS normalizer_judgements")


# --- values -----------------------------------------------------------------------------------------


@given(
    st.builds(
        Judgement,
        verdict=st.just(Verdict.ALIAS),
        name=TEXTS.map(lambda text: f"A{text}"),
        entity=TEXTS,
        kind=st.none() | st.sampled_from(AliasKind),
        who=OPTIONAL,
        source=OPTIONAL,
        note=OPTIONAL,
        index=OPTIONAL,
        when=st.sampled_from(["", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000001Z"]),
    )
)
def test_a_line_gives_the_judgement_back(judgement: Judgement) -> None:
    assert read_judgement(judgement_line(judgement)) == judgement


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("[]", "Expected `object`"),
        ('{"verdict": "perhaps"}', "Invalid enum value"),
        ('{"verdict": "alias", "name": "Joey"}', "needs entity"),
        ('{"verdict": "word", "name": "may", "entity": "x"}', "has no entity"),
        ('{"verdict": "veto", "name": "Joey", "entity": "x", "kind": "short"}', "has no kind"),
        ('{"verdict": "undo"}', "needs of"),
        ('{"verdict": "word", "name": "..."}', "no letter or digit"),
        ('{"verdict": "word", "name": "' + "a" * 501 + '"}', "501 characters"),
        ('{"verdict": "word", "name": "a", "note": "' + "a" * 2001 + '"}', "at most 2,000"),
        ('{"verdict": "word", "name": "a\\u0000"}', "no text"),
        ('{"verdict": "word", "name": "a", "when": "today"}', "write an instant"),
        ("[" * 100_000, "not a judgement"),
        ("\xff", "not a judgement"),
    ],
)
def test_what_is_no_judgement_is_said(line: str, complaint: str) -> None:
    with pytest.raises(JudgementError, match=complaint.replace("`", "")):
        read_judgement(line.encode("latin-1"))


# --- what is in force -------------------------------------------------------------------------------


def log_of(*judgements: Judgement) -> list[Recorded]:
    return [Recorded(number, judgement) for number, judgement in enumerate(judgements, 1)]


def test_what_is_undone_is_not_in_force_until_the_undoing_is_undone() -> None:
    first, word = alias(), Judgement(Verdict.WORD, "May")
    undo = Judgement(Verdict.UNDO, of=first.id)
    redo = Judgement(Verdict.UNDO, of=undo.id)
    effect = ("joe-biden", Alias("Joey"))
    assert in_force(log_of(first, word)) == Force((effect,), frozenset({"may"}))
    assert in_force(log_of(first, word, undo)) == Force((), frozenset({"may"}))
    assert in_force(log_of(first, undo, redo)) == Force((effect,))
    assert withdrawn(log_of(first, undo, redo)) == {undo.id}


def test_a_promotion_is_a_mark_and_can_be_undone() -> None:
    first = alias()
    mark = Judgement(Verdict.PROMOTION, of=first.id)
    assert promoted(log_of(first, mark)) == {first.id}
    assert promoted(log_of(first, mark, Judgement(Verdict.UNDO, of=mark.id))) == frozenset()
    assert in_force(log_of(first, mark)) == in_force(log_of(first))


# --- the store --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_what_is_kept_is_read_in_order(place: str) -> None:
    store = Store(place)
    assert store.since() == []
    first, second = alias("Joey"), Judgement(Verdict.VETO, "Бай", "joe-biden", note="a\nb 𝕏")
    assert [recorded.judgement for recorded in store.add([first, second])] == [first, second]
    third = store.add([Judgement(Verdict.UNDO, of=first.id)])[0]
    everything = kept_in(place)
    assert [recorded.judgement for recorded in everything][:2] == [first, second]
    assert everything == sorted(everything, key=lambda recorded: recorded.number)
    assert store.since(everything[1].number) == [third]
    store.close()


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_the_same_judgement_comes_in_twice_and_counts_once(place: str) -> None:
    store, judgement = Store(place), alias()
    first = store.add([judgement])
    assert store.add([replace(judgement, when="2027-01-01T00:00:00Z")]) == first
    assert store.add([judgement, alias("Jo")])[0] == first[0]
    with pytest.raises(JudgementError, match="another judgement has the id"):
        store.add([alias("Not kept"), replace(judgement, name="Other")])
    assert [recorded.judgement.name for recorded in store.since()] == ["Joey", "Jo"]
    store.close()


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_many_at_once_are_one_transaction(place: str) -> None:
    store = Store(place)
    many = [alias(f"Joe {number}") for number in range(3_000)]
    assert [recorded.judgement for recorded in store.add(many)] == many
    with pytest.raises(JudgementError):
        store.add([alias(f"Jim {number}") for number in range(3_000)] + [replace(many[0], name="Other")])
    assert len(store.since()) == 3_000
    store.close()


def write_some(place: str, who: str, count: int) -> None:
    store = Store(place)
    for number in range(count):
        store.add([replace(alias(f"{who} {number}"), who=who)])
    store.close()


@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_processes_that_judge_at_once_lose_nothing_and_hide_nothing(place: str) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(place, who, 100)) for who in ("maria", "olaf")]
    for writer in writers:
        writer.start()
    reader, seen = Ledger(place), 0
    while any(writer.is_alive() for writer in writers):
        reader.catch_up()
        seen += 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    reader.catch_up()
    assert seen > 1
    assert list(reader.log) == kept_in(place)  # nothing came in below what had been read
    for who in ("maria", "olaf"):
        names = [recorded.judgement.name for recorded in reader.log if recorded.judgement.who == who]
        assert names == [f"{who} {number}" for number in range(100)]
    reader.close()


KILLED = """
import sys
from normalizer.judgements import Judgement, Verdict
from normalizer.judgements.store import Store
store = Store(sys.argv[1])
for number in range(int(sys.argv[2])):
    kept = store.add([Judgement(Verdict.ALIAS, f"Joe {number}", "joe-biden")])
    print(kept[0].number, kept[0].judgement.name, sep="\\t", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("place", BOTH, indirect=True)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(place: str) -> None:
    acknowledged: dict[str, int] = {}
    for stop_after in (1, 7, 500, 1_500, 3_000, 5_000):  # 10,008 writes in all
        command = [sys.executable, "-c", KILLED, place, "1000000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=DESK.parents[2]) as writer:
            assert writer.stdout is not None
            for _ in range(stop_after):
                number, name = writer.stdout.readline().rstrip("\n").split("\t")
                acknowledged[f"{number} {name}"] = int(number)
            writer.send_signal(signal.SIGKILL)
            for line in writer.stdout:  # acknowledged before the blow, read after it
                number, name = line.rstrip("\n").split("\t")
                acknowledged[f"{number} {name}"] = int(number)
    kept = {f"{recorded.number} {recorded.judgement.name}" for recorded in kept_in(place)}
    assert len(acknowledged) >= 10_008
    assert acknowledged.keys() - kept == set()


def test_a_locked_file_is_waited_for_then_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("normalizer.judgements.store.PATIENCE", 0.2)
    store = Store(str(tmp_path / "judged"))
    kept = store.add([alias()])
    other = sqlite3.connect(tmp_path / "judged", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"could not be kept \(database is locked\); try again"):
        store.add([alias("Jo")])
    assert store.since() == kept
    other.execute("ROLLBACK")
    other.close()
    assert store.add([alias("Jo")])[0].number > kept[0].number


def fill(place: str) -> None:
    """Judge until the disk is full, here a limit on the size of files, and say what was kept."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store, kept = Store(place), 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        for number in range(10_000):
            store.add([replace(alias(f"Joe {number}"), note="x" * 1000)])
            kept += 1
    except StoreError as error:
        print(kept, len(kept_in(place)), error)


def test_a_full_disk_is_said_and_what_was_kept_is_there(tmp_path: Path) -> None:
    place = str(tmp_path / "judged")
    program = f"import test_judgements; test_judgements.fill({place!r})"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=DESK.parents[2],
        env={"PYTHONPATH": f"{Path(__file__).parent}:{DESK.parents[2]}"},
        capture_output=True,
        text=True,
        check=True,
    )
    kept, read, message = done.stdout.split(maxsplit=2)
    assert int(kept) == int(read) == len(kept_in(place)) > 10
    assert "the judgements could not be kept" in message
    assert Store(place).add([alias("And on")])  # there is room again


@pytest.mark.parametrize("content", [b"not a database at all, " * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_damaged_file_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "judged").write_bytes(content)
    for use in (
        Store(str(tmp_path / "judged")).since,
        lambda: Store(str(tmp_path / "judged")).add([alias()]),
    ):
        with pytest.raises(StoreError, match="judged: the judgements"):
            use()


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite://", "http://x", "postgresql+pg8000://x", "a://b:c:d"]
)
def test_other_stores_are_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        Store(url)


def test_a_password_is_never_said(tmp_path: Path) -> None:
    store = Store("postgresql://desk:secret@127.0.0.1:1/judged")
    assert "secret" not in store.place
    with pytest.raises(StoreError) as caught:
        store.since()
    assert "secret" not in str(caught.value)


@NEEDS_POSTGRESQL
def test_postgresql_goes_away_and_comes_back() -> None:
    with postgresql.cluster() as server:
        store = Store(server.url)
        kept = store.add([alias()])
        server.stop("immediate")
        with pytest.raises(StoreError, match="cannot be read"):
            store.since()
        with pytest.raises(StoreError, match="could not be kept"):
            store.add([alias("Jo")])
        server.start()
        assert store.since() == kept
        assert store.add([alias("Jo")])
        store.close()


# --- the engine -------------------------------------------------------------------------------------


def test_an_engine_opens_with_what_was_judged(tmp_path: Path) -> None:
    place = str(tmp_path / "judged")
    settings = Settings(registry=str(DESK), judgements=place)
    plain = Engine.open(settings)
    assert not Path(place).exists()
    word = Judgement(Verdict.WORD, "Blinking")
    Store(place).add([alias(), word, alias("Nick", "nobody")])
    engine = Engine.open(settings)
    assert engine.link("Joey").decision is Decision.MATCH
    draft = "Antony Blinken met the press. Blinking asked Russia."
    assert [finding.surface for finding in plain.check(draft)] == ["Blinking"]
    assert engine.check(draft) == []
    assert engine.index_version != plain.index_version
    Store(place).add([Judgement(Verdict.UNDO, of=recorded.judgement.id) for recorded in kept_in(place)])
    assert Engine.open(settings).index_version == plain.index_version


def test_a_store_that_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "judged").write_bytes(b"damaged" * 1000)
    engine = Engine.open(Settings(registry=str(DESK), judgements=str(tmp_path / "judged")))
    assert "the answers are without them" in engine.notes[-1]
    assert engine.link("Biden").decision is Decision.MATCH


def test_who_writes_without_a_pause_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Two write one SQLite file at once, on a disk that is slow: they take turns."""
    place, busy, first = str(tmp_path / "judged"), Store(str(tmp_path / "judged")), threading.Event()
    written = []

    def write_on() -> None:
        while not first.is_set() and len(written) < 100:
            written.extend(busy.add([alias(f"Busy {len(written)}")]))

    Store(place).add([alias("Begun")])
    sql.event.listen(busy._engine(), "commit", lambda _: time.sleep(0.2))
    writer = threading.Thread(target=write_on)
    writer.start()
    while not written:
        time.sleep(0.01)
    Store(place).add([alias("Patient")])
    first.set()
    writer.join()
    assert len(written) < 100
