"""The protocol's side of the language server: what the editor asks and tells, and what it is answered."""

from __future__ import annotations

import asyncio
import logging
import os
import traceback
from collections.abc import Generator
from typing import Any, Final

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from normalizer.errors import NormalizerError
from normalizer.interfaces.cli.accepting import accept_names, accepting_file
from normalizer.interfaces.lsp import actions, completion, messages
from normalizer.interfaces.lsp.checks import LONG, Checked, Checks
from normalizer.interfaces.lsp.positions import Lines
from normalizer.interfaces.lsp.projects import Projects
from normalizer.interfaces.lsp.registry_files import is_of, may_be_written, typed
from normalizer.interfaces.lsp.texts import OpenText
from normalizer.judgements import Judgement, Verdict
from normalizer.model import AliasKind, Finding
from normalizer.version import __version__

INTERVAL: Final = 1.0
"""Seconds between two looks at registries and configurations."""
_log = logging.getLogger(__name__)


class _Protocol(LanguageServerProtocol):
    """The protocol without the library's own copies of the texts, whose lines end at U+2028, too."""

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: object) -> Generator[Any, Any, None]:
        """A text was opened."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: object) -> Generator[Any, Any, None]:
        """A text was changed."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: object) -> Generator[Any, Any, None]:
        """A text was closed."""
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class NameServer(LanguageServer):
    """The language server.

    Args:
        registry: The registry for all drafts; None for that of each one's configuration.
    """

    def __init__(self, registry: str | None = None) -> None:
        super().__init__("normalizer", __version__, protocol_cls=_Protocol)
        self.texts: dict[str, OpenText] = {}
        self.projects = Projects(registry, os.environ, self._say)
        self.checks = Checks(self.projects, self._publish, self._fail)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def encoding(self) -> str:
        """What both sides agreed to count columns in."""
        agreed = self.protocol.server_capabilities.position_encoding or lsp.PositionEncodingKind.Utf16
        return lsp.PositionEncodingKind(agreed).value

    def begin(self) -> None:
        """Look after registries and configurations from now on."""
        self._loop = asyncio.get_running_loop()
        self._watch = self._loop.create_task(self._look())

    def text(self, uri: str) -> OpenText | None:
        """An open text; the editor may ask for one that it has closed."""
        return self.texts.get(uri)

    async def found(self, uri: str) -> tuple[OpenText, Checked] | None:
        """What is found in a text as it stands; waits for the check that is under way."""
        text = self.texts.get(uri)
        checked = await self.checks.of(text) if text is not None else None
        return (text, checked) if text is not None and checked is not None else None

    async def name_at(self, uri: str, position: lsp.Position) -> tuple[OpenText, Checked, Finding] | None:
        """The name at a place, right or wrong."""
        found = await self.found(uri)
        if found is None:
            return None
        text, checked = found
        place = checked.lines.offset(position)
        names = messages.at([*checked.findings, *checked.right], place, place)
        return (text, checked, names[0]) if names else None

    def _publish(self, text: OpenText, checked: Checked) -> None:
        shown = messages.diagnostics(checked)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(text.uri, shown, text.version))

    def _fail(self, text: OpenText, error: Exception) -> None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.error(
            "%s while checking\n%s", type(error).__name__, frames
        )  # names the place, and nobody's draft

    def _say(self, message: str) -> None:
        """Tell the user something, from any thread."""
        if self._loop is None:
            _log.warning("%s", message)
            return
        shown = lsp.ShowMessageParams(lsp.MessageType.Warning, message)
        self._loop.call_soon_threadsafe(self.window_show_message, shown)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            if self.texts and await self.checks.look():
                for text in self.texts.values():
                    text.revision += 1
                    self.checks.ask(text)


def make_server(registry: str | None = None) -> NameServer:
    """Make a language server with all that it can do.

    Args:
        registry: The registry for all drafts; None for that of each one's configuration.
    """
    server = NameServer(registry)
    _follow_texts(server)
    _answer_about_names(server)
    _propose(server)
    _obey(server)
    return server


def _follow_texts(server: NameServer) -> None:
    """Hear of texts that are opened, changed, saved and closed."""

    @server.feature(lsp.INITIALIZED)
    def initialized(params: lsp.InitializedParams) -> None:
        server.begin()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: lsp.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        text = OpenText(item.uri, item.language_id, item.text, server.encoding, item.version)
        server.checks.forget(item.uri)
        server.texts[item.uri] = text
        server.checks.ask(text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        text = server.text(params.text_document.uri)
        if text is None:
            _log.warning("a change of a text that is not open is passed over")
            return
        text.change(params.content_changes, params.text_document.version)
        if len(text.text) < LONG:
            server.checks.ask(text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: lsp.DidSaveTextDocumentParams) -> None:
        text = server.text(params.text_document.uri)
        if text is not None and server.checks.last(text) is None:
            server.checks.ask(text)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.checks.forget(uri)
        if server.texts.pop(uri, None) is not None:
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


def _answer_about_names(server: NameServer) -> None:
    """Say what is known of names that stand in a text."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        found = await server.name_at(params.text_document.uri, params.position)
        if found is None:
            return None
        _, checked, name = found
        content = lsp.MarkupContent(lsp.MarkupKind.Markdown, messages.card(name))
        return lsp.Hover(content, checked.lines.range(name.span.start, name.span.end))

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, actions.FIX_ALL]),
    )
    async def code_actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        found = await server.found(params.text_document.uri)
        if found is None:
            return []
        text, checked = found
        engine = server.projects.of(text.path).engine
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
        start, end = (checked.lines.offset(place) for place in (params.range.start, params.range.end))
        offered: list[lsp.CodeAction] = []
        if not only or any("quickfix".startswith(kind) for kind in only):
            can_propose = engine is not None and engine.ledger is not None
            offered += actions.quick_fixes(text, checked, start, end, can_propose)
        if engine is not None and any(_is_within(actions.FIX_ALL, kind) for kind in only):
            offered += filter(None, [actions.fix_all(text, checked, engine)])
        return offered

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare_rename(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        found = await server.name_at(params.text_document.uri, params.position)
        if found is None:
            return None
        _, checked, name = found
        return lsp.PrepareRenamePlaceholder(checked.lines.range(name.span.start, name.span.end), name.surface)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    async def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        found = await server.name_at(params.text_document.uri, params.position)
        if found is None:
            return None
        text, checked, name = found
        whom = {candidate.entity.id for candidate in name.candidates}
        edits = [
            lsp.TextEdit(checked.lines.range(other.span.start, other.span.end), params.new_name)
            for other in [*checked.findings, *checked.right]
            if other.surface == name.surface
            and whom == {candidate.entity.id for candidate in other.candidates}
        ]
        return actions.edited(text, sorted(edits, key=lambda edit: edit.range.start))

    @server.feature(
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, lsp.SemanticTokensLegend(list(messages.TOKEN_TYPES), [])
    )
    async def known_right(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens:
        found = await server.found(params.text_document.uri)
        return lsp.SemanticTokens(messages.token_data(found[1], found[1].right) if found is not None else [])


def _propose(server: NameServer) -> None:
    """Propose what may be written."""

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION)
    def complete(params: lsp.CompletionParams) -> lsp.CompletionList:
        text = server.text(params.text_document.uri)
        if text is None:
            return lsp.CompletionList(False, [])
        project, lines = server.projects.of(text.path), text.lines()
        place = lines.offset(params.position)
        if text.is_yaml and project.registry is not None and is_of(text.path, project.registry):
            return lsp.CompletionList(False, _fields(text.text[:place], place, lines))
        if text.suffix is None or project.engine is None:
            return lsp.CompletionList(False, [])
        return lsp.CompletionList(True, completion.names(project.engine, text.text, place, lines))


def _fields(before: str, place: int, lines: Lines) -> list[lsp.CompletionItem]:
    word = lines.range(place - len(typed(before)), place)
    return [
        lsp.CompletionItem(
            name.rstrip(": "), kind=lsp.CompletionItemKind.Field, text_edit=lsp.TextEdit(word, name)
        )
        for name in may_be_written(before)
    ]


def _obey(server: NameServer) -> None:
    """Do what was chosen of the actions that are no edits."""

    def text_of(uri: object, *words: object) -> OpenText:
        text = server.text(uri) if isinstance(uri, str) else None
        if text is None or not all(isinstance(word, str) and word for word in words):
            raise JsonRpcInvalidParams("the text is not open, or the arguments are not those of the action")
        return text

    def again(text: OpenText) -> None:
        text.revision += 1
        server.checks.ask(text)

    @server.command(actions.ACCEPT_HERE)
    def accept_here(uri: str, name: str) -> None:
        text = text_of(uri, name)
        text.accepted.add(name)
        again(text)

    @server.command(actions.DISMISS)
    def dismiss(uri: str, mark: str) -> None:
        text = text_of(uri, mark)
        text.dismissed.add(mark)
        again(text)

    @server.command(actions.ACCEPT_PROJECT)
    def accept_in_project(uri: str, name: str) -> None:
        text = text_of(uri, name)
        try:
            path = accepting_file([text.name])
            accept_names(path, [name])
        except NormalizerError as error:
            server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, str(error)))
            return
        shown = f"“{name}” is in the accept list of {path}"
        server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Info, shown))

    @server.command(actions.PROPOSE)
    def propose(uri: str, name: str, entity: str) -> None:
        live = server.projects.of(text_of(uri, name, entity).path).live
        judgement = Judgement(Verdict.ALIAS, name, entity, AliasKind.MISSPELLING, via="lsp")
        try:
            if live is not None:
                live.judge(judgement, lambda log: None)
        except NormalizerError as error:
            server.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, str(error)))
            return
        again(text_of(uri))


def _is_within(kind: str, asked: str) -> bool:
    """Whether a kind of action is asked for by one that it belongs to."""
    return kind == asked or kind.startswith(f"{asked}.")
