"""How fast the language server answers a key, starts, and what it holds in memory.

    python -m benchmarks.lsp --data ../shared/data [--words 5000] [--keys 40]

A server process is driven over its streams. The draft is the first words of the real drafts. A key is a
letter put into its middle; the time is from the change until its diagnostics are there, by the clock, at the
median and the ninth decile. The peer is one more check of the same draft in the library.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import re
import statistics
import sys
import time
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from benchmarks.common import table, where_it_ran
from normalizer import Document, Settings
from normalizer.engine import Engine

URI = "file:///draft.txt"


def draft(data: Path, words: int) -> str:
    """The first words of the real drafts."""
    with gzip.open(data / "drafts.jsonl.gz", "rt", encoding="utf-8") as lines:
        text = "\n\n".join(json.loads(line)["text"] for line in lines)
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    return text[: ends[words - 1]]


async def typed(text: str, keys: int) -> tuple[list[float], float, float]:
    """Seconds from each key to its diagnostics, CPU seconds until the first ones, and megabytes."""
    client = LanguageClient("benchmark", "1")
    versions: asyncio.Queue[int | None] = asyncio.Queue()
    client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: versions.put_nowait(params.version))
    client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: None)
    await client.start_io(sys.executable, "-m", "normalizer", "lsp")
    process = client._server
    assert process is not None
    await client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
    client.initialized(lsp.InitializedParams())
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(URI, "plaintext", 0, "Antony Blinken spoke."))
    )
    await versions.get()
    started = cpu_seconds(process.pid)
    whole = lsp.TextDocumentContentChangeWholeDocument(text)
    change(client, 1, whole)
    while await versions.get() != 1:
        pass
    line = text.count("\n", 0, text.rfind(" the ", 0, len(text) // 2))
    seconds = []
    for version in range(2, keys + 2):
        await asyncio.sleep(0.5)
        place = lsp.Position(line, 3)
        begun = time.perf_counter()
        change(client, version, lsp.TextDocumentContentChangePartial(lsp.Range(place, place), "x"))
        while await versions.get() != version:
            pass
        seconds.append(time.perf_counter() - begun)
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    memory = int(status.split("VmHWM:")[1].split()[0]) / 1024
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return seconds, started, memory


def change(client: LanguageClient, version: int, event: lsp.TextDocumentContentChangeEvent) -> None:
    """Send one change of the draft."""
    document = lsp.VersionedTextDocumentIdentifier(version, URI)
    client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [event]))


def cpu_seconds(process: int) -> float:
    """CPU time of a process so far, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="How fast the language server answers.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--words", type=int, default=5000)
    parser.add_argument("--keys", type=int, default=40)
    asked = parser.parse_args()
    text = draft(asked.data, asked.words)
    seconds, started, memory = asyncio.run(typed(text, asked.keys))
    engine = Engine.open(Settings())
    checks = []
    for number in range(5):
        begun = time.process_time()
        engine.check(Document.of_text(f"{text} {number}"))
        checks.append(time.process_time() - begun)
    deciles = statistics.quantiles(seconds, n=10)
    rows: list[list[object]] = [
        ["a key until its diagnostics, median, ms", 1000 * statistics.median(seconds), "≤ 50"],
        ["the same, ninth decile, ms", 1000 * deciles[8], ""],
        [
            "of one check in the library, median",
            statistics.median(seconds) / statistics.median(checks[1:]),
            "",
        ],
        ["start until the first diagnostics, s of CPU", started, "< 1"],
        ["most memory, MB", memory, "< 150"],
    ]
    print(f"{where_it_ran()}\n\n{len(text.split())} words.\n\n{table(['figure', 'measured', 'asked'], rows)}")


if __name__ == "__main__":
    main()
