"""The language server in Neovim, run without a screen."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUMMIT = Path(__file__).parent.parent / "examples" / "summit.txt"
SCRIPT = """
local client = vim.lsp.start_client({ name = "normalizer", cmd = vim.json.decode(vim.env.SERVER) })
vim.lsp.buf_attach_client(0, client)
local function wait(condition) assert(vim.wait(60000, condition, 50), "nothing came") end
wait(function() return #vim.diagnostic.get(0) == 4 end)
local first = vim.diagnostic.get(0)[1]
local lines = {}
for _, item in ipairs(vim.diagnostic.get(0)) do table.insert(lines, item.message) end
local params = vim.lsp.util.make_range_params()
params.range = {
  start = { line = first.lnum, character = first.col },
  ["end"] = { line = first.end_lnum, character = first.end_col },
}
params.context = { diagnostics = {} }
local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 60000)
local action = answers[client].result[1]
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
wait(function() return #vim.diagnostic.get(0) == 3 end)
vim.cmd("write! " .. vim.env.FIXED)
vim.fn.writefile({ vim.json.encode({ messages = lines, title = action.title }) }, vim.env.REPORT)
vim.cmd("qall!")
"""


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_shows_the_findings_and_applies_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, script, report, fixed = (tmp_path / name for name in ("a.txt", "run.lua", "report", "fixed.txt"))
    draft.write_bytes(SUMMIT.read_bytes())
    script.write_text(SCRIPT)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("SERVER", json.dumps([sys.executable, "-m", "normalizer", "lsp"]))
    monkeypatch.setenv("REPORT", str(report))
    monkeypatch.setenv("FIXED", str(fixed))
    command = ["nvim", "--headless", "-u", "NONE", "-n", str(draft), "-c", f"luafile {script}", "-c", "cquit"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False, cwd=tmp_path)
    assert report.exists(), done.stderr
    told = json.loads(report.read_text())
    assert len(told["messages"]) == 4
    before, after = SUMMIT.read_text(encoding="utf-8"), fixed.read_text(encoding="utf-8")
    assert told["title"] == "Replace with “Blinken”"
    assert after == before.replace("Blinkon", "Blinken", 1)
