"""Faults of registry files: what is wrong, where, and what to do; hostile files too.

The cases in `cases/registry/` are files and folders with their messages beside them in a `.faults` file.
"""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest
import yaml

from normalizer.errors import RegistryError
from normalizer.registry import load_registry, yaml_reader
from normalizer.registry.faults import MAX_LISTED

CASES = Path(__file__).parent / "cases" / "registry"
GOOD = "entities:\n  antony-blinken: {name: Antony Blinken, type: person}\n"


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def faults_of(path: str, **limits: int) -> list[str]:
    """The faults of a registry, without the folder they stand in."""
    with pytest.raises(RegistryError) as caught:
        load_registry(path, **limits)
    return [str(fault).replace(f"{Path(path).parent}/", "") for fault in caught.value.faults]


# --- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir() if path.suffix != ".faults"))
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_fault_cases(monkeypatch, case, loader):
    """Each case is a file or folder, and beside it a `.faults` file with the messages."""
    monkeypatch.chdir(CASES)
    monkeypatch.setattr(yaml_reader, "_LOADER", loader)
    with pytest.raises(RegistryError) as caught:
        load_registry(case)
    assert str(caught.value) + "\n" == Path(case).with_suffix(".faults").read_text(encoding="utf-8")


def test_every_faults_file_has_its_case():
    names = {path.stem for path in CASES.iterdir() if path.suffix != ".faults"}
    assert {path.stem for path in CASES.glob("*.faults")} == names


def test_places_count_code_points(tmp_path):
    text = "entities:\n  é: {name: 😀 ł Ω, type: x}\n"
    assert [fault.split(": ")[0] for fault in faults_of(write(tmp_path / "a.yaml", text))] == [
        "a.yaml:2:3",
        "a.yaml:2:26",
    ]


def test_files_are_named_as_the_user_named_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.yaml", "")
    for path, named in [
        (".", "./a.yaml"),
        ("./", "./a.yaml"),
        ("a.yaml", "a.yaml"),
        (str(tmp_path), f"{tmp_path}/a.yaml"),
    ]:
        with pytest.raises(RegistryError) as caught:
            load_registry(path)
        assert [fault.path for fault in caught.value.faults] == [named]


def test_many_faults_are_counted_and_the_first_listed(tmp_path):
    lines = "".join(f'{{"id": {number}}}\n' for number in range(MAX_LISTED + 7))
    faults = faults_of(write(tmp_path / "a.jsonl", lines))
    assert (
        faults[0]
        == f"a.jsonl: {MAX_LISTED + 7} faults, of which {MAX_LISTED} are listed; mend these and check again"
    )
    assert [fault.split(": ")[0] for fault in faults[1:]] == [
        f"a.jsonl:{line}" for line in range(1, MAX_LISTED + 1)
    ]


def test_faults_of_a_good_file_among_bad_ones_is_none(tmp_path):
    write(tmp_path / "a.yaml", "entities: {a: {name: A, type: robot}}")
    write(tmp_path / "b.yaml", GOOD)
    write(tmp_path / "c.yaml", "entities: {c: {type: person}}")
    with pytest.raises(RegistryError) as caught:
        load_registry(str(tmp_path))
    assert [Path(fault.path).name for fault in caught.value.faults] == ["a.yaml", "c.yaml"]


SAVE_AS_UTF8 = "save the file as UTF-8"
NOT_OURS = "not a kind of file that holds a registry"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        (
            "a.yaml",
            b"entities:\n  \xc3\xa9\xff: x",
            f"2:4: not UTF-8: byte 0xff at offset 14; {SAVE_AS_UTF8}",
        ),
        ("a.yaml", "entities: {}".encode("utf-16"), "1: the file is UTF-16; save it as UTF-8"),
        ("a.yaml", b"entities: {}\n\0\0", "2:1: the file is binary: it holds a NUL; give a text file"),
        ("a.yaml", b"PK\x03\x04", "1:3: the invisible character U+0003 stands here; "),
        ("a.yaml", b"", " the file is empty; write entities: {antony-blinken: "),
        ("a.jsonl", b'\n{"id":"b","name":"\xff"}', f"2: the line is not UTF-8; {SAVE_AS_UTF8}"),
        ("a.jsonl", b'{"id":"b","name":"B","x":"\xff"}', f"1: the line is not UTF-8; {SAVE_AS_UTF8}"),
        (
            "a.jsonl.gz",
            b"no gzip",
            " damaged gzip: Not a gzipped file (b'no'); fetch or compress the file again",
        ),
        (
            "a.txt",
            b"",
            f" {NOT_OURS}; name a folder, or a file that ends with .yaml, .yml, .jsonl, .jsonl.gz",
        ),
    ],
)
def test_files_that_are_no_text_of_ours(tmp_path, name, content, fault):
    (said,) = faults_of(write(tmp_path / name, content))
    assert said.startswith(f"{name}:{fault}")


@pytest.mark.parametrize("field", ["id", "name", "alias", "title", "country", "not"])
def test_over_long_texts_in_jsonl_are_faults(tmp_path, field):
    texts = dict.fromkeys(["id", "name", "alias", "title", "country"], "ok")
    texts |= {"not": "no"} | {field: "x" * 501}
    line = (
        '{{"id":"{id}","name":"{name}","aliases":["{alias}"],"titles":[{{"name":"{title}"}}],'
        '"country":"{country}","not":["{not}"]}}'
    ).format(**texts)
    assert faults_of(write(tmp_path / "a.jsonl", line)) == [
        "a.jsonl:1: 'xxxxxxxxxxxxxxxxxxxx…' is 501 characters long; shorten it; a name has at most 500"
    ]


def test_paths_that_lead_nowhere(tmp_path):
    missing = str(tmp_path / "missing.yaml")
    assert faults_of(missing) == ["missing.yaml: there is no such file or folder; check the path"]
    assert faults_of("a\0b.yaml") == [
        "a\0b.yaml: this is no path; take the character out of it that no file name can hold"
    ]
    (tmp_path / "empty").mkdir()
    assert faults_of(str(tmp_path / "empty")) == [
        (
            "empty: the folder holds no registry file (.yaml, .yml, .jsonl, .jsonl.gz); "
            "name another folder, or make one with: normalizer init"
        )
    ]


def test_special_files_are_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "broken.jsonl").symlink_to(tmp_path / "nowhere")
    assert [fault.rpartition("/")[2] for fault in faults_of(str(tmp_path))] == [
        "broken.jsonl: there is no such file or folder; check the path",
        "folder.yaml: not a regular file; put a file in its place, or move it away",
        "pipe.yaml: not a regular file; put a file in its place, or move it away",
    ]


def test_unreadable_file(tmp_path, monkeypatch):
    path = write(tmp_path / "a.yaml", GOOD)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert faults_of(path) == ["a.yaml: you may not read this; change its permissions"]


SPLIT = "split it, or raise the setting limits.registry_file"

# --- hostile files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [100_000, 1_000_000])
@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? "])
@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
def test_deep_nesting_ends_in_one_message_at_once(tmp_path, monkeypatch, count, unit, loader):
    monkeypatch.setattr(yaml_reader, "_LOADER", loader)
    path = write(tmp_path / "a.yaml", "entities:\n  " + unit * count)
    start = time.process_time()
    (fault,) = faults_of(path)
    assert (
        "nested more than 20 deep; take levels out" in fault or "a list or mapping stands as a key" in fault
    )
    assert time.process_time() - start < 5


def test_files_over_the_limit_are_refused(tmp_path):
    path = write(tmp_path / "a.yaml", GOOD)
    assert len(load_registry(path, size_limit=len(GOOD))) == 1
    assert faults_of(path, size_limit=len(GOOD) - 1) == [
        f"a.yaml: the file is larger than {len(GOOD) - 1} bytes; {SPLIT}"
    ]


def test_gzip_bombs_are_not_inflated(tmp_path):
    bomb = gzip.compress(b"\n" * 30_000_000)
    assert faults_of(write(tmp_path / "a.jsonl.gz", bomb), size_limit=100_000) == [
        f"a.jsonl.gz: the file holds more than 3,200,000 bytes; {SPLIT}"
    ]


def test_gzip_that_breaks_off_keeps_the_faults_before(tmp_path):
    lines = '{"id":5}\n' + "".join(f'{{"id":"{os.urandom(30).hex()}","name":"A"}}\n' for _ in range(100_000))
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode())[:-500_000])
    first, second = faults_of(path)
    assert first.startswith("a.jsonl.gz: damaged gzip: Compressed file ended")
    assert second.startswith("a.jsonl.gz:1: id must be text")


def test_endless_lines_are_refused(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"id":"a","name":"A"}\n' + "x" * 20_000_000)
    assert faults_of(path) == ["a.jsonl:2: the line is longer than 16,777,216 bytes; write one entity a line"]


def test_deeply_nested_json_is_one_fault_of_its_line(tmp_path):
    line = '{"id":"a","name":"A","x":' + "[" * 100_000 + "]" * 100_000 + "}\n"
    assert faults_of(write(tmp_path / "a.jsonl", line * 2)) == [
        f"a.jsonl:{number}: the line is nested too deep; take the field out that holds it"
        for number in (1, 2)
    ]


def test_merge_bomb_is_never_expanded(tmp_path):
    levels = "".join(f"  e{n}: &e{n}\n    <<: [{', '.join([f'*e{n - 1}'] * 9)}]\n" for n in range(1, 30))
    start = time.process_time()
    faults = faults_of(write(tmp_path / "a.yaml", "entities:\n  e0: &e0 {name: A, type: person}\n" + levels))
    assert len(faults) == MAX_LISTED + 1
    assert time.process_time() - start < 2


def test_escapes_beyond_unicode(tmp_path, monkeypatch):
    path = write(tmp_path / "a.yaml", 'entities: {a: {name: "\\UFFFFFFFF", type: person}}')
    assert "a backslash does not go with what follows it" in faults_of(path)[0]
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)
    assert faults_of(path) == [
        "a.yaml: an escape in double quotes names no character; write the character itself"
    ]


def test_half_surrogates_are_refused_without_libyaml_too(tmp_path, monkeypatch):
    monkeypatch.setattr(yaml_reader, "_LOADER", yaml.SafeLoader)
    path = write(tmp_path / "a.yaml", 'entities: {a: {name: "A\\ud800", type: person}}')
    assert faults_of(path) == [
        "a.yaml:1:22: an escape writes NUL or half a surrogate pair; write the character itself"
    ]
