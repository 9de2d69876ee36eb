"""LibreOffice as it comes, told only the service's address: our findings are its grammar checker's."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import DESK

SOFFICE = shutil.which("soffice")
PROJECT = Path(__file__).parents[1]
SENTENCE = "😀 AT&T, 50%20 + 1: President Biden met Lavrov. Since biden’s visit, nothing."
ITEM = '<item oor:path="/org.openoffice.Office.Linguistic/GrammarChecking/LanguageTool">{}</item>'
PROPERTY = '<prop oor:name="{}" oor:op="fuse"><value>{}</value></prop>'
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
  script:language="StarBasic">
Sub Check(source As String, target As String)
  files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
  reader = createUnoService("com.sun.star.io.TextInputStream")
  reader.setInputStream(files.openFileRead(ConvertToURL(source)))
  reader.setEncoding("UTF-8")
  text = reader.readLine()
  Dim locale As New com.sun.star.lang.Locale
  locale.Language = "en"
  locale.Country = "US"
  checker = createUnoService("org.openoffice.lingu.LanguageToolGrammarChecker")
  found = checker.doProofreading("1", text, locale, 0, Len(text), Array())
  number = FreeFile
  Open target For Output As #number
  For Each one In found.aErrors
    place = one.nErrorStart &amp; " " &amp; one.nErrorLength
    Print #number, place &amp; " " &amp; Join(one.aSuggestions, "|")
  Next
  Close #number
  StarDesktop.terminate()
End Sub
</script:module>
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "NORMALIZER_REGISTRY": str(DESK)}
    command = [sys.executable, "-m", "normalizer", "serve", "--port", "0", "--workers", "1"]
    child = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    with child:
        found = re.search(r"http://127\.0\.0\.1:\d+", child.stderr.readline())
        try:
            assert found
            yield found[0]
        finally:
            child.send_signal(signal.SIGTERM)
            assert child.wait(60) == 0


def office(folder: Path, *arguments: str) -> None:
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder}/profile"
    done = subprocess.run(
        [SOFFICE, profile, "--headless", "--norestore", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "HOME": str(folder), "no_proxy": "127.0.0.1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")
def test_libreoffice_finds_what_we_find(address: str, tmp_path: Path) -> None:
    draft, found = tmp_path / "draft.txt", tmp_path / "found.txt"
    draft.write_text(SENTENCE, encoding="utf-8")
    office(tmp_path, "--convert-to", "html", "--outdir", "out", str(draft))  # and makes the profile
    settings = tmp_path / "profile" / "user" / "registrymodifications.xcu"
    values = {"BaseURL": f"{address}/v2", "IsEnabled": "true"}
    items = "".join(ITEM.format(PROPERTY.format(*pair)) for pair in values.items())
    content = settings.read_text(encoding="utf-8")
    settings.write_text(content.replace("</oor:items>", f"{items}</oor:items>"), encoding="utf-8")
    basic = tmp_path / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
    basic.write_text(MACRO, encoding="utf-8")
    office(tmp_path, f"macro:///Standard.Module1.Check({draft},{found})")
    before = SENTENCE[: SENTENCE.index("biden")].encode("utf-16-le")
    assert found.read_text(encoding="utf-8").split() == [str(len(before) // 2), "5", "Biden"]
