"""How the HTML report looks."""

from __future__ import annotations

from typing import Final

PAGE_STYLE: Final = """\
:root { color-scheme: light dark; --paper: #fff; --ground: #f4f4f1; --ink: #1c1c1a; --soft: #66655f;
  --line: #dddcd5; --wrong: #a8231a; --right: #1d6b34; --mark: #fff0b8; --safe: #1d6b34; --unsafe: #8a5a00;
  --decide: #1f5a8c; }
@media (prefers-color-scheme: dark) { :root { --paper: #23231f; --ground: #191917; --ink: #ecebe4;
  --soft: #a3a299; --line: #3b3a35; --wrong: #ff9c8f; --right: #86d79c; --mark: #55461a; --safe: #86d79c;
  --unsafe: #efbd62; --decide: #8ec3f2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
small { color: var(--soft); font-weight: normal; font-size: .85em; }
.sums { margin-bottom: 2rem; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
.sums h2 { margin: 0; font-weight: normal; }
.sums p { margin: .25rem 0 0; }
.sums ul, .clean ul { list-style: none; padding: 0; margin: .5rem 0 0; }
.sums li { margin-top: .25rem; }
.sums li span { color: var(--soft); }
.draft { margin-bottom: 2rem; }
article { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; margin-bottom: .75rem;
  padding: .9rem 1rem; }
.change { margin-top: .75rem; }
.what { margin: 0; overflow-wrap: anywhere; }
.arrow { color: var(--soft); }
del { color: var(--wrong); }
ins { color: var(--right); text-decoration: none; font-weight: 600; }
mark { background: var(--mark); color: inherit; border-radius: 2px; padding: 0 .1em; font-weight: 600; }
.tag { border: 1px solid currentColor; border-radius: 1em; font-size: .75rem; font-weight: 600;
  padding: 0 .5em; margin-left: .25em; white-space: nowrap; }
.sums .tag { display: inline-block; min-width: 5.5em; text-align: center; margin: 0 .5em 0 0; }
.safe { color: var(--safe); } .unsafe { color: var(--unsafe); } .decide { color: var(--decide); }
code { color: var(--soft); font-size: .8rem; margin-left: .25em; }
ol { list-style: none; margin: 0; padding: 0; }
ol li { display: grid; grid-template-columns: 4.5rem 1fr; margin-top: .5rem; }
.place { color: var(--soft); font-size: .85rem; font-variant-numeric: tabular-nums; padding-top: .1rem; }
blockquote { margin: 0; overflow-wrap: anywhere; }
.why { grid-column: 2; margin: .15rem 0 0; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.clean { color: var(--soft); overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: .8rem; margin-top: 1.5rem; }
@media (max-width: 34rem) { ol li { grid-template-columns: 1fr; } .why { grid-column: 1; } }
@media print { body { background: none; } article { break-inside: avoid; } }
"""
