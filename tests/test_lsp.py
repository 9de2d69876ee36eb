"""The language server, a real process driven by a client over its standard streams."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Union

import pytest
from cattrs import Converter
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from normalizer import formats

SUMMIT = (Path(__file__).parent.parent / "examples" / "summit.txt").read_text(encoding="utf-8")
WAIT = 60.0


def _converter() -> Converter:
    """Reads messages; the library's own takes an action that has a command for a command."""
    converter = default_converter()
    converter.register_structure_hook(
        Union[lsp.Command, lsp.CodeAction],  # noqa: UP007  (another type than that with |)
        lambda value, _: converter.structure(value, lsp.CodeAction),
    )
    return converter


class Editor(LanguageClient):
    """As much of an editor as a test needs."""

    def __init__(self) -> None:
        super().__init__("test-editor", "1", converter_factory=_converter)
        self.shown: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self._news = asyncio.Event()
        self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._publish(params))
        self.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: self._message(params))

    def _publish(self, params: lsp.PublishDiagnosticsParams) -> None:
        self.shown[params.uri] = params
        self._news.set()

    def _message(self, params: lsp.ShowMessageParams) -> None:
        self.messages.append(params.message)
        self._news.set()

    async def until(self, is_so: Callable[[], Any]) -> Any:
        """Wait for something that the server has to tell."""
        async with asyncio.timeout(WAIT):
            while not (answer := is_so()):
                self._news.clear()
                await self._news.wait()
        return answer

    async def diagnostics(self, uri: str, version: int) -> list[lsp.Diagnostic]:
        """What is underlined in a version of a text."""
        found = await self.until(
            lambda: (shown := self.shown.get(uri)) is not None and shown.version == version and shown
        )
        return list(found.diagnostics)

    def open(self, uri: str, text: str, language: str = "plaintext", version: int = 1) -> None:
        """Open a text."""
        item = lsp.TextDocumentItem(uri, language, version, text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, uri: str, version: int, *changes: tuple[lsp.Range | None, str]) -> None:
        """Change a text."""
        events: list[lsp.TextDocumentContentChangeEvent] = [
            lsp.TextDocumentContentChangePartial(place, text)
            if place is not None
            else lsp.TextDocumentContentChangeWholeDocument(text)
            for place, text in changes
        ]
        self.text_document_did_change(
            lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(version, uri), events)
        )

    async def actions(self, uri: str, place: lsp.Range, *only: str) -> list[lsp.CodeAction]:
        """What may be done at a place."""
        kinds = list(only) or None
        answer = await self.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(uri), place, lsp.CodeActionContext([], only=kinds)
            )
        )
        return [action for action in answer or [] if isinstance(action, lsp.CodeAction)]


Start = Callable[..., Awaitable[Editor]]


@pytest.fixture
def run(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Editor], Awaitable[None]]], None]:
    """Runs a conversation with a server of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.chdir(tmp_path)

    def converse(
        talk: Callable[[Editor], Awaitable[None]], *arguments: str, encodings: list[str] | None = None
    ) -> None:
        asyncio.run(_converse(talk, arguments, encodings))

    return converse


async def _converse(
    talk: Callable[[Editor], Awaitable[None]], arguments: tuple[str, ...], encodings: list[str] | None
) -> None:
    editor = Editor()
    await editor.start_io(sys.executable, "-m", "normalizer", "lsp", *arguments)
    general = lsp.GeneralClientCapabilities(position_encodings=encodings)  # type: ignore[arg-type]
    await editor.initialize_async(
        lsp.InitializeParams(lsp.ClientCapabilities(general=general), process_id=None)
    )
    editor.initialized(lsp.InitializedParams())
    try:
        await talk(editor)
    finally:
        await editor.shutdown_async(None)
        editor.exit(None)
        await editor.stop()


def at(line: int, start: int, end: int) -> lsp.Range:
    """A stretch of a line."""
    return lsp.Range(lsp.Position(line, start), lsp.Position(line, end))


def apply(text: str, edit: lsp.WorkspaceEdit | None) -> str:
    """A text with an edit in it, columns in UTF-16."""
    assert edit is not None
    assert edit.document_changes is not None
    lines = text.splitlines(keepends=True) or [""]
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def offset(position: lsp.Position) -> int:
        if position.line >= len(lines):
            return len(text)
        units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
        return starts[position.line] + len(units.decode("utf-16-le"))

    (change,) = edit.document_changes
    assert isinstance(change, lsp.TextDocumentEdit)
    for piece in sorted(change.edits, key=lambda piece: offset(piece.range.start), reverse=True):
        assert isinstance(piece, lsp.TextEdit)
        text = text[: offset(piece.range.start)] + piece.new_text + text[offset(piece.range.end) :]
    return text


def test_the_example_has_its_four_findings(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "summit.txt").as_uri()

    async def talk(editor: Editor) -> None:
        editor.open(uri, SUMMIT)
        found = await editor.diagnostics(uri, 1)
        assert len(found) == 4
        assert all(item.source == "normalizer" and item.data["group"] for item in found)
        first = found[0]
        offered = await editor.actions(uri, first.range)
        assert offered[0].is_preferred
        assert offered[0].title.startswith("Replace with")
        assert any(action.title.startswith("Replace all") for action in offered)
        assert {"Not this one"} < {action.title for action in offered}
        fixed = apply(SUMMIT, offered[0].edit)
        editor.change(uri, 2, (None, fixed))
        assert len(await editor.diagnostics(uri, 2)) == 3
        (everything,) = await editor.actions(uri, first.range, "source.fixAll")
        editor.change(uri, 3, (None, apply(fixed, everything.edit)))
        left = await editor.diagnostics(uri, 3)
        assert not await editor.actions(uri, first.range, "source.fixAll")
        assert 0 < len(left) < 3

    run(talk)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_are_counted_as_both_sides_agreed(run: Any, tmp_path: Path, encoding: str) -> None:
    uri = (tmp_path / "a.txt").as_uri()
    text = "Antony Blinken spoke.\u2028Ж😀 Both Lavrov and Blinkon left.\n"
    before = text[: text.index("Blinkon")]
    column = len(before.encode(f"{encoding}-le" if encoding != "utf-8" else encoding)) // {
        "utf-8": 1, "utf-16": 2, "utf-32": 4
    }[encoding]  # fmt: skip

    async def talk(editor: Editor) -> None:
        editor.open(uri, text)
        (found,) = await editor.diagnostics(uri, 1)
        assert found.range == at(0, column, column + 7)
        editor.change(uri, 2, (at(0, column + 5, column + 6), "e"))
        assert await editor.diagnostics(uri, 2) == []

    run(talk, encodings=[encoding])


def test_a_name_tells_who_it_is(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "a.md").as_uri()
    text = "Antony Blinken met *Sergey Lavrov*. Both Lavrov and Blinkon spoke.\n"

    async def talk(editor: Editor) -> None:
        editor.open(uri, text, "markdown")
        await editor.diagnostics(uri, 1)
        document = lsp.TextDocumentIdentifier(uri)
        right = await editor.text_document_hover_async(lsp.HoverParams(document, lsp.Position(0, 3)))
        assert right is not None
        assert isinstance(right.contents, lsp.MarkupContent)
        assert right.contents.value.startswith("**Antony Blinken** — person")
        wrong = await editor.text_document_hover_async(
            lsp.HoverParams(document, lsp.Position(0, text.index("Blinkon") + 2))
        )
        assert wrong is not None
        assert isinstance(wrong.contents, lsp.MarkupContent)
        assert "misspelled-name" in wrong.contents.value
        assert "Antony Blinken" in wrong.contents.value
        tokens = await editor.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(document))
        assert tokens is not None
        assert list(tokens.data) == [0, 0, 14, 0, 0, 0, 20, 13, 0, 0, 0, 21, 6, 0, 0]
        place = lsp.Position(0, text.index("Lavrov and"))
        renamed = await editor.text_document_rename_async(lsp.RenameParams(document, place, "Lawrow"))
        assert apply(text, renamed) == text.replace("Both Lavrov", "Both Lawrow")

    run(talk)


def test_names_are_proposed_while_they_are_typed(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "a.txt").as_uri()

    async def proposed(editor: Editor, text: str) -> list[str]:
        editor.open(uri, text)
        await editor.diagnostics(uri, 1)
        answer = await editor.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(0, len(text)))
        )
        assert isinstance(answer, lsp.CompletionList)
        return [item.label for item in answer.items]

    async def talk(editor: Editor) -> None:
        assert "Antony Blinken" in await proposed(editor, "Today Antony Bli")
        assert "Antony Blinken" in await proposed(editor, "Today Blin")
        assert await proposed(editor, "Today bli") == []
        assert await proposed(editor, "Xqz") == []

    run(talk)


def test_what_is_accepted_is_not_shown_again(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "a.txt").as_uri()
    page = (tmp_path / "a.md").as_uri()
    text = "Antony Blinken met Sergey Lavrov. Both Lavrov and Blinkon spoke.\n"

    async def chosen(editor: Editor, where: str, title: str) -> lsp.CodeAction:
        (found,) = editor.shown[where].diagnostics
        return next(a for a in await editor.actions(where, found.range) if a.title.startswith(title))

    async def obey(editor: Editor, action: lsp.CodeAction) -> None:
        assert action.command is not None
        await editor.workspace_execute_command_async(
            lsp.ExecuteCommandParams(action.command.command, action.command.arguments)
        )

    async def talk(editor: Editor) -> None:
        for title in ("Not this one", "Accept “Blinkon” in this document"):
            editor.open(uri, text)
            await editor.until(lambda: uri in editor.shown and len(editor.shown[uri].diagnostics) == 1)
            await obey(editor, await chosen(editor, uri, title))
            await editor.until(lambda: not editor.shown[uri].diagnostics)
            editor.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
        editor.open(page, text, "markdown")
        await editor.until(lambda: page in editor.shown and len(editor.shown[page].diagnostics) == 1)
        remarked = apply(text, (await chosen(editor, page, "Accept “Blinkon” in this document")).edit)
        assert remarked == f"{text}\n<!-- normalizer: accept Blinkon -->\n"
        await obey(editor, await chosen(editor, page, "Accept “Blinkon” in this project"))
        await editor.until(lambda: not editor.shown[page].diagnostics)
        assert 'accept = ["Blinkon"]' in (tmp_path / ".normalizer.toml").read_text()

    run(talk)


def test_what_is_proposed_is_known_from_then_on(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "a.txt").as_uri()
    text = "Sergey Lavrov and Antony Blinken met. Both Lavrov and Blinkon spoke.\n"

    async def talk(editor: Editor) -> None:
        editor.open(uri, text)
        (found,) = await editor.diagnostics(uri, 1)
        action = next(a for a in await editor.actions(uri, found.range) if a.title.startswith("Propose"))
        assert action.command is not None
        await editor.workspace_execute_command_async(
            lsp.ExecuteCommandParams(action.command.command, action.command.arguments)
        )
        await editor.until(lambda: "known" in editor.shown[uri].diagnostics[0].message)

    run(talk)


def test_a_registry_file_shows_its_faults_and_completes_its_fields(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "aliases"
    folder.mkdir()
    (folder / "b.yaml").write_text("entities:\n  x: {name: Xaver Y, type: person}\n")
    (tmp_path / ".normalizer.toml").write_text('registry = "aliases"\n')
    uri = (folder / "a.yaml").as_uri()
    text = "entities:\n  x: {name: Ann Example, type: person}\n  y: {name: B C, typo: person}\n"

    async def fields(editor: Editor, text: str) -> list[str]:
        editor.open(uri, text, "yaml")
        line = text.count("\n")
        place = lsp.Position(line, len(text) - text.rfind("\n") - 1)
        answer = await editor.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), place)
        )
        assert isinstance(answer, lsp.CompletionList)
        return [item.label for item in answer.items]

    async def talk(editor: Editor) -> None:
        editor.open(uri, text, "yaml")
        found = await editor.diagnostics(uri, 1)
        messages = [f"{item.range.start.line + 1}: {item.message}" for item in found]
        assert any(message.startswith("2: the id 'x' is taken by") for message in messages)
        assert any("typo" in message and message.startswith("3:") for message in messages)
        head = "entities:\n  y:\n    "
        assert {"name", "type", "aliases"} <= set(await fields(editor, head))
        assert "person" in await fields(editor, head + "type: per")
        assert "kind" in await fields(editor, head + "aliases:\n      - name: B\n        k")
        assert "former" in await fields(editor, head + "aliases:\n      - {name: B, kind: f")

    run(talk)


def test_a_registry_that_changes_is_taken_in_and_a_faulty_one_told(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "aliases"
    folder.mkdir()
    file = folder / "a.yaml"
    file.write_text("entities:\n  x: {name: Ann Examplov, type: person}\n")
    (tmp_path / ".normalizer.toml").write_text('registry = "aliases"\n')
    uri = (tmp_path / "draft.txt").as_uri()
    text = "Yesterday Bob Samplowitz met Ann Examplov. Then Bob Samplovitz left.\n"

    async def talk(editor: Editor) -> None:
        editor.open(uri, text)
        await editor.diagnostics(uri, 1)
        file.write_text("entities:\n  x: {name: Ann Examplov, typo: person}\n")
        await editor.until(lambda: any("typo" in message for message in editor.messages))
        file.write_text(
            "entities:\n  x: {name: Ann Examplov, type: person}\n  y: {name: Bob Samplowitz, type: person}\n"
        )
        await editor.until(
            lambda: any(item.code == "misspelled-name" for item in editor.shown[uri].diagnostics)
        )

    run(talk)


def test_odd_messages_are_survived(run: Any, tmp_path: Path) -> None:
    uri = (tmp_path / "a.txt").as_uri()

    async def talk(editor: Editor) -> None:
        gone = lsp.TextDocumentIdentifier(uri)
        editor.change(uri, 7, (None, "never opened"))
        editor.text_document_did_close(lsp.DidCloseTextDocumentParams(gone))
        assert await editor.text_document_hover_async(lsp.HoverParams(gone, lsp.Position(0, 0))) is None
        with pytest.raises(Exception, match=r"not open|-32602"):
            await editor.workspace_execute_command_async(
                lsp.ExecuteCommandParams("normalizer.notThisOne", [uri, "x"])
            )
        editor.open(uri, "Antony Blinken.\ud800 Both Lavrov and Blinkon left.\r\nEnd")
        await editor.diagnostics(uri, 1)
        editor.change(uri, 3, (lsp.Range(lsp.Position(9, 9), lsp.Position(0, 99)), "x"), (at(5, 0, 7), "y"))
        editor.change(uri, 2, (None, "Antony Blinken met Sergey Lavrov. Both Lavrov and Blinkon left."))
        assert len(await editor.diagnostics(uri, 2)) == 1
        editor.open(uri, "Antony Blinken met Sergey Lavrov.", version=9)
        assert await editor.diagnostics(uri, 9) == []
        editor.change(uri, 10, (None, "\0 nothing\n"))
        assert "not checked" in (await editor.diagnostics(uri, 10))[0].message
        editor.open(uri, "Both Lavrov and Blinkon left. " * 20_000, version=11)
        editor.text_document_did_close(lsp.DidCloseTextDocumentParams(gone))
        await editor.until(lambda: not editor.shown[uri].diagnostics and editor.shown[uri].version is None)

    run(talk)


def test_every_draft_language_has_a_format() -> None:
    from normalizer.interfaces.lsp.texts import _SUFFIXES

    assert {".txt", ".md", ".html", ".tex", ".rst"} <= set(_SUFFIXES.values()) & set(formats.FORMATS)


def test_latex_is_checked_as_latex(run: Callable[[Callable[[Editor], Awaitable[None]]], None]) -> None:
    async def talk(editor: Editor) -> None:
        text = "Antony Blinken spoke. \\emph{Blin}kon left.\\cite{Blinkon} % Blinkon\n"
        editor.open("file:///draft.tex", text, "latex")
        (found,) = await editor.diagnostics("file:///draft.tex", 1)
        assert (found.range.start.character, found.range.end.character) == (28, 36)

    run(talk)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def connected(port: int) -> socket.socket:
    """A connection to a server that may still be starting."""
    end = time.monotonic() + WAIT
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT)
        except ConnectionRefusedError:
            assert time.monotonic() < end, "nobody listens"
            time.sleep(0.05)


def test_an_editor_may_speak_over_tcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    port = free_port()
    command = [sys.executable, "-m", "normalizer", "lsp", "--tcp", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        with connected(port) as connection, connection.makefile("rwb") as stream:

            def say(method: str, params: object, number: int | None = None) -> None:
                message = {"jsonrpc": "2.0", "method": method, "params": params}
                body = json.dumps(message if number is None else {**message, "id": number}).encode()
                stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                stream.flush()

            def hear(is_meant: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
                while True:
                    length = 0
                    while line := stream.readline().strip():
                        name, _, value = line.partition(b":")
                        length = int(value) if name.lower() == b"content-length" else length
                    message: dict[str, Any] = json.loads(stream.read(length))
                    if is_meant(message):
                        return message

            say("initialize", {"capabilities": {}, "processId": None, "rootUri": None}, 1)
            assert hear(lambda message: message.get("id") == 1)["result"]["capabilities"]
            say("initialized", {})
            item = {"uri": "file:///a.txt", "languageId": "plaintext", "version": 1, "text": SUMMIT}
            say("textDocument/didOpen", {"textDocument": item})
            shown = hear(lambda message: message.get("method") == "textDocument/publishDiagnostics")
            assert len(shown["params"]["diagnostics"]) == 4
            say("shutdown", None, 2)
            hear(lambda message: message.get("id") == 2)
            say("exit", None)
        _, said = server.communicate(timeout=WAIT)
    assert b"Traceback" not in said
    assert server.returncode == 0


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "normalizer", "lsp", "--tcp", port]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert port in refused.stderr
