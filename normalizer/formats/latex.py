r"""LaTeX: its prose is checked, its commands, formulas, labels and comments are left alone.

Accents and signs read as the letters they make (`Erdo\u{g}an`), commands that only change the look of their
argument as nothing, so that a name is found across them. Formulas, references and commands that are not known
and have no argument are left out, and part the words around them. Of what stands before
`\begin{document}` only titles and authors are prose. Paragraphs, cells, headings and items are blocks of
their own; a formula or an argument that is not closed ends with its paragraph.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from normalizer.formats.gathering import Gathering
from normalizer.formats.latex_tokens import LatexToken, end_of_argument, latex_token
from normalizer.formats.plain import read_plain
from normalizer.formats.remarks import scope_of
from normalizer.model import Document
from normalizer.text.markup import LEFT_OUT

LATEX_ESCAPES: Final = (
    ("\\", "\\textbackslash{}"),
    ("~", "\\textasciitilde{}"),
    ("^", "\\textasciicircum{}"),
    *((char, "\\" + char) for char in "&%$#_{}"),
)
_FORMULAS: Final = frozenset(
    "equation align alignat gather multline eqnarray flalign math displaymath split aligned".split()
)
_CODE: Final = frozenset(
    "verbatim Verbatim BVerbatim lstlisting minted comment filecontents tikzpicture picture algorithm "
    "algorithmic".split()
)
_QUOTING: Final = frozenset({"quote", "quotation", "displayquote", "verse"})
_BLOCKS: Final = frozenset(
    "part chapter section subsection subsubsection paragraph subparagraph title subtitle author date caption "
    "item par thanks abstract maketitle bigskip medskip smallskip newpage clearpage hline toprule midrule "
    "bottomrule bibitem frametitle framesubtitle".split()
)
"""Commands that begin a block; where they have an argument, it is one."""
_NOTES: Final = frozenset("footnote footnotetext marginpar sidenote endnote todo".split())
"""Commands whose argument is prose that stands elsewhere."""
_LOOKS: Final = frozenset(
    "bf it sl sc tt rm sf em bfseries itshape slshape scshape upshape mdseries ttfamily rmfamily sffamily "
    "normalfont tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge centering "
    "raggedright raggedleft noindent indent selectfont protect relax leavevmode xspace nobreak allowbreak "
    "sloppy "
    "emph textbf textit textsl textsc textmd textup textrm textsf texttt textnormal underline uline mbox "
    "hbox text enquote MakeUppercase MakeLowercase uppercase lowercase textsuperscript textsubscript".split()
)
"""Commands that change only how their argument, or what follows, looks."""
_HIDDEN: Final = frozenset(
    "label index vspace hspace setlength addtolength setcounter addtocounter pagestyle thispagestyle "
    "usepackage documentclass RequirePackage newcommand renewcommand providecommand def let "
    "DeclareMathOperator newenvironment renewenvironment newtheorem hypersetup geometry color definecolor "
    "lstset graphicspath addbibresource bibliography bibliographystyle include input includeonly "
    "printbibliography PassOptionsToPackage usetikzlibrary tikzset setmainfont setsansfont setmonofont "
    "AtBeginDocument pdfbookmark hyphenation selectlanguage setstretch linespread rule usetheme".split()
)
"""Commands that show nothing of their arguments in the text."""
_SHOWN: Final = {"href": 1, "textcolor": 1, "colorbox": 1, "foreignlanguage": 1, "parbox": 1}
"""Commands of which so many arguments are not prose, and the next one is."""
_TITLES: Final = frozenset({"title", "subtitle", "author", "date", "thanks"})
_BODY: Final = re.compile(r"\\begin[ \t]*\{document\}")
_NAME: Final = re.compile(r"\{[ \t]*([A-Za-z]+)\*?[ \t]*\}")
_LEFT_OUT_REFERENCE: Final = re.compile(r"(?i)ref\*?\Z|cite|\Agls|\Aacr|\Aac[slpf]*\Z")


def read_latex(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read LaTeX; the text of the document is the whole source.

    Args:
        name: The file as the user named it.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8.

    Raises:
        DraftError: The file is binary, its bytes are not in the encoding, or there is no such encoding.
    """
    document = read_plain(name, data, encoding)
    gathering = Gathering(document.text)
    _Reader(document.text, gathering).read()
    return replace(
        document,
        blocks=tuple(gathering.blocks),
        markup=tuple(gathering.markup),
        escapes=LATEX_ESCAPES,
        scope=replace(scope_of(document.text, gathering.comments), quoted=tuple(gathering.quoted)),
    )


class _Reader:
    """Walks through the marks of a source and tells what is prose."""

    def __init__(self, source: str, gathering: Gathering) -> None:
        self._source = source.replace("\r\n", " \n").replace("\r", "\n")
        self._gathering = gathering
        self._position = 0
        body = _BODY.search(self._source)
        self._body = 0 if body is None else body.end()
        self._groups: list[str] = []
        """What ends with each brace that is open: "block", "note", or nothing."""
        self._awaited: tuple[int, str] = (-1, "")
        """Where the argument of the last command would begin, and what would end with it."""
        self._quotes: list[int] = []

    def read(self) -> None:
        """Read the source from its beginning to its end."""
        while (token := latex_token(self._source, self._position)) is not None:
            self._text(token.start)
            self._position = token.end
            self._read_token(token)
        self._text(len(self._source))
        self._gathering.end_block()

    @property
    def _is_prose(self) -> bool:
        return self._position >= self._body or bool(self._groups)

    def _text(self, end: int) -> None:
        if self._position < end and self._is_prose:
            self._gathering.text(self._position, end)

    def _stand_for(self, start: int, reads: str) -> None:
        if self._is_prose:
            self._gathering.piece(start, self._position, reads)

    def _read_token(self, token: LatexToken) -> None:
        match token.kind:
            case "paragraph":
                self._groups.clear()
                self._gathering.end_block()
            case "comment":
                self._gathering.comments.append((token.start, token.start + len(token.text)))
                self._stand_for(token.start, "")
            case "cell":
                self._gathering.end_block()
            case "line":
                self._stand_for(token.start, "\n")
            case "character":
                self._stand_for(token.start, token.text)
            case "brace":
                self._read_brace(token)
            case "math":
                self._read_formula(token)
            case "command":
                self._read_command(token)
            case _:
                self._stand_for(token.start, LEFT_OUT)

    def _read_brace(self, token: LatexToken) -> None:
        place, ending = self._awaited
        if token.text == "{":
            is_awaited = place == token.start
            if token.start >= self._body or is_awaited:
                self._groups.append(ending if is_awaited else "")
        else:
            is_awaited, ending = True, self._groups.pop() if self._groups else ""
        self._stand_for(token.start, LEFT_OUT if is_awaited and ending == "note" else "")
        if token.text == "}" and ending == "block":
            self._gathering.end_block()

    def _read_formula(self, token: LatexToken) -> None:
        closer = {"\\(": "\\)", "\\[": "\\]"}.get(token.text, token.text)
        if closer in ("$", "$$", "\\)", "\\]") and token.text not in ("\\)", "\\]"):
            self._pass(closer)
        self._stand_for(token.start, LEFT_OUT)

    def _pass(self, closer: str) -> None:
        """Go behind the end of a formula, or to the end of its paragraph."""
        while (token := latex_token(self._source, self._position)) is not None:
            if token.kind == "paragraph":
                self._position = token.start
                return
            self._position = token.end
            if token.kind == "math" and token.text == closer:
                return
        self._position = len(self._source)

    def _read_command(self, token: LatexToken) -> None:
        name = token.text.rstrip("*")
        if name in ("begin", "end"):
            self._read_environment(token)
        elif token.start < self._body and name not in _TITLES and not self._groups:
            self._pass_arguments()
        elif name in _BLOCKS:
            self._gathering.end_block()
            self._pass_arguments("[" if name != "item" else "")
            self._awaited = self._position, "block"
        elif name in _NOTES:
            self._pass_arguments("[")
            self._stand_for(token.start, "")
            self._awaited = self._position, "note"
        elif name in _HIDDEN:
            self._pass_arguments()
            self._stand_for(token.start, "")
        elif name in _SHOWN:
            self._pass_arguments(most=_SHOWN[name])
            self._stand_for(token.start, "")
        elif name in _LOOKS:
            self._stand_for(token.start, "")
        elif _LEFT_OUT_REFERENCE.search(name) or name in ("url", "path", "nolinkurl", "includegraphics"):
            self._pass_arguments()
            self._stand_for(token.start, LEFT_OUT)
        else:
            self._pass_arguments("[")
            has_argument = self._source[self._position : self._position + 1] == "{"
            self._stand_for(token.start, "" if has_argument else LEFT_OUT)

    def _read_environment(self, token: LatexToken) -> None:
        found = _NAME.match(self._source, token.end)
        name = found[1] if found is not None else ""
        if found is not None:
            self._position = found.end()
        is_begin = token.text == "begin"
        if name in _FORMULAS or name in _CODE:
            if is_begin:
                end = self._source.find(f"\\end{{{name}", self._position)
                self._position = end if end >= 0 else len(self._source)
            self._gathering.end_block() if name in _CODE else self._stand_for(token.start, LEFT_OUT)
            return
        self._gathering.end_block()
        if is_begin:
            self._pass_arguments("[" if name in _QUOTING else "[{")
        if name in _QUOTING and is_begin:
            self._quotes.append(self._position)
        elif name in _QUOTING and self._quotes:
            self._gathering.quoted.append((self._quotes.pop(), token.start))

    def _pass_arguments(self, kinds: str = "[{", most: int = 9) -> None:
        """Go behind the arguments of a command that are in these brackets, so many of those in braces."""
        source = self._source
        while (opener := source[self._position : self._position + 1]) and opener in kinds:
            if opener == "{":
                if not most:
                    return
                most -= 1
            self._position = end_of_argument(source, self._position)
