"""LaTeX and reStructuredText: what is prose in them, and what is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.formats import encode, ensure_faithful, read
from normalizer.model import Applicability
from normalizer.text.markup import LEFT_OUT

NAMES = ("a.tex", "a.rst")


def shown(name: str, source: str) -> str:
    document = read(name, source.encode())
    blocks = (document.read(block.start, block.end).replace(LEFT_OUT, "*") for block in document.blocks)
    return "|".join(blocks)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (r"Recep Tayyip Erdo\u{g}an, Dvo\v r\'ak", "Recep Tayyip Erdoğan, Dvořák"),
        (r"\'{\i} \L{}\'od\'z \o re Stra\ss e G\"odel", "í Łódź øre Straße Gödel"),
        (r"\emph{Blin}kon said ``So''---he", "Blinkon said “So”—he"),
        (r"Mr.~Biden\footnote{See \textbf{Putin}.} said", "Mr. Biden*See Putin.* said"),
        (r"Johnson \& Johnson, 5\%, \$5", "Johnson & Johnson, 5%, $5"),
        (r"Bl\-inken % no\cite{x}", "Blinken"),
        ("a % x\nb", "a b"),
        ("a\n\nb \\section*{Head\nline} c", "a|b|Head\nline|c"),
        (r"\item[Ann] said \textcolor{red}{Putin} \href{u}{Biden} \url{x}", "[Ann] said Putin Biden *"),
        (r"\LaTeX\ is \name[x]{Putin} \cite[p.~2]{a}\ref{b}", "* is Putin **"),
        (r"x $a_{Blinkon}$ y \[ Blinkon \] z \(b\)", "x * y * z *"),
        ("cost $5 more\n\nnext $a$ one", "cost *|next * one"),
        (r"a \verb|Blinkon| b", "a * b"),
        ("a\n\\begin{verbatim}\nBlinkon $ %\n\\end{verbatim}\nb", "a|b"),
        (r"a \begin{equation*} Blinkon \end{equation*} b", "a ** b"),
        (r"\begin{tabular}{lcr} Ann & Bo \\ \end{tabular}", "Ann|Bo"),
        (r"\begin{figure}[ht]\includegraphics[width=3cm]{Bo.png}\caption{Ann}\label{x}\end{figure}", "Ann"),
        (r"\newcommand{\Blinkon}[1]{Blinkon #1} a \vspace{2cm}b", "a b"),
        ("\\documentclass[a]{Bo}\nBo\n\\title{By \\emph{Ann}}\n\\begin{document}\nBo\n", "By Ann|Bo"),
        ("a \\label{b\n\nc} d", "a|c d"),
        ("a\r\nb\r\n\r\nc", "a\r\nb|c"),
    ],
)  # fmt: skip
def test_latex_reads_as_it_is_typeset(source: str, wanted: str) -> None:
    assert shown("a.tex", source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("Talks of Ann\n============\n\nBo", "Talks of Ann|Bo"),
        ("=====\nAnn\n=====\n\nBo", "Ann|Bo"),
        ("Mr. Bo met **Ann** *Lee* in ``Bo``", "Mr. Bo met Ann Lee in **"),
        (r"*Blin*\ kon said \*so\*", "Blinkon said *so*"),
        ("a `Bo <https://x.org/Ann>`_ b", "a Bo b"),
        ("`Bo`_ and Bo_ and |Ann| and [1]_ here", "* and * and * and * here"),
        (":ref:`Bo <x>` said :emphasis:`Ann`", "** said **"),
        ("a\n\n.. code-block:: python\n\n   Bo = 1\n\n   Bo\n\nb", "a|b"),
        (".. math:: Bo\n\n   Bo\n\nb", "b"),
        (".. note:: Ann said.\n\n   And Bo.", "Ann said.|And Bo."),
        (".. image:: bo.png\n   :alt: Bo\n\na", "a"),
        (".. figure:: bo.png\n   :name: bo\n\n   Ann smiles.", "Ann smiles."),
        (".. Bo is a comment\n\na", "a"),
        ("Text::\n\n   Bo\n\n   Bo\n\nback", "Text|back"),
        ("- one\n- two\n  more\n\n1. Ann\n", "one|two\n  more|Ann"),
        (".. [1] A note\n.. _bo: https://x.org/Bo\n\na", "A note|a"),
        (":Author: Ann Lee\n:date: Bo\n\na", "Ann Lee|a"),
        ("Ann\r\nLee\r\n\r\nc", "Ann\r\nLee|c"),
        ("snake_case a__b", "snake_case a__b"),
    ],
)  # fmt: skip
def test_restructured_text_reads_as_it_is_shown(source: str, wanted: str) -> None:
    assert shown("a.rst", source) == wanted


@pytest.mark.parametrize(("name", "comment"), [("a.tex", "%"), ("a.rst", "..")])
def test_remarks_stand_in_comments(name: str, comment: str, desk_engine: Engine) -> None:
    draft = "Antony Blinken spoke. Blinkon left.\n\n"
    assert [item.surface for item in desk_engine.check(read(name, draft.encode()))] == ["Blinkon"]
    assert not desk_engine.check(read(name, f"{draft}{comment} normalizer: accept Blinkon\n".encode()))


def test_what_is_written_is_escaped(desk_engine: Engine) -> None:
    data = rb"Antony Blinken spoke. \textbf{Bl}in\-k\"on left \& ``Blinkon'' % Blinkon"
    corrected, _, count = desk_engine.fix(read("a.tex", data), set(Applicability))
    assert count == 2
    assert corrected.text == r"Antony Blinken spoke. \textbf{Bl}in\-ken left \& ``Blinken'' % Blinkon"


PIECES = (
    "a", "b", "é", "\\", "{", "}", "$", "$$", "%", "&", "~", "[", "]", "`", "``", "''", "**", "*", "_", "|",
    ":", "::", "..", "-", "#", "\\[", "\\]", "\\(", "\\begin{verbatim}", "\\end{verbatim}",
    "\\begin{quote}", "\\end{quote}", "\\section{", "\\footnote{", "\\cite{", "\\'", "\\u{g}", "\\verb|",
    "x_", "===", "<a>`_", ":ref:`",
    "[1]_", " ", "\n", "\n\n", "\r\n", "\r", "   ", "\n.. note:: ", "\n.. code:: ",
    "\n   ", "\\begin{document}",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@given(
    st.lists(
        st.sampled_from(PIECES),
        max_size=40,
    )
)  # fmt: skip
def test_any_source_gives_blocks_in_order_and_comes_back(name: str, pieces: list[str]) -> None:
    source = "".join(pieces)
    document = read(name, source.encode())
    ensure_faithful(document, source.encode())
    assert encode(document, document.text) == source.encode()
    assert all(block.start < block.end <= len(source) for block in document.blocks)
    assert all(one.end <= other.start for one, other in pairwise(document.blocks))
    assert all(one.end <= other.start for one, other in pairwise(document.markup))
    assert all(document.read(block.start, block.end).strip() for block in document.blocks)


HOSTILE = (
    "{", "}", "$", "$$ ", "\\", "\\[", "\\(", "\\verb|", "\\verb", "\\label{", "\\label[", "\\section{",
    "\\footnote{", "\\begin{verbatim}", "\\begin{equation}", "\\begin{quote}", "\\end{quote}", "\\u{",
    "\\c ", "%", "% \n", "~", "&", "``", "-", "\n", " \n", " ", "\r", "*", "**a", "`", "``a ", "`a <", "|",
    "|a ", "a_ ", "a_", "_", ":a", ":a:`", "=\n", "- ", ".. ", ".. a::", "\n.. code::", "\n.. note::\n",
    "\n   x::", "::\n\n  a\n", "1. ", "(", "[", "[1]_ ", "https://",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("name", NAMES)
def test_the_cost_grows_with_the_length_and_no_faster(name: str, piece: str) -> None:
    """The square of these sizes would be felt."""
    for start, size in (("", 200_000), ("\\begin{document}\\section{", 50_000), (".. note:: ", 50_000)):
        source = start + piece * (size // len(piece))
        assert all(block.end <= len(source) for block in read(name, source.encode()).blocks)
