"""`normalizer rules`: what `check` looks for."""

from __future__ import annotations

from typing import Final

import click

from normalizer.interfaces.cli.terminal import settings_for, write
from normalizer.rulebook import RULEBOOK

EXAMPLES: Final = """\b
Examples:
  normalizer rules
  normalizer rules --rules +first-mention,wrong-case=error
"""


@click.command(epilog=EXAMPLES)
@click.option("--rules", metavar="LIST", default="", help="As of check: show what it comes to.")
def rules(rules: str) -> None:
    """List the rules of check: id, level as it is in force here, who may write their fixes, what they find.

    A rule that is off has no level; docs/rules/ has a page for each.
    """
    chosen = settings_for(None).with_rules(rules.split(","), "--rules").rules
    width = max(map(len, RULEBOOK))
    for rule in RULEBOOK.values():
        level = chosen.level(rule.id)
        shown = "off" if level is None else level.value
        write([f"{rule.id:<{width}}  {shown:<7}  {f'{rule.fixing.value} fixes':<12}  {rule.summary}\n"])
