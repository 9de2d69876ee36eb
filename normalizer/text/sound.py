"""Keys that join spellings which sound alike, across the usual romanizations.

The merges are those that transcribers and speech recognizers really confuse: Zelinski/Zelensky,
Saki/Psaki, Lavrof/Lavrov, Qaddafi/Gadhafi, Tchaikovsky/Chaikovskii. A key is a skeleton, not a phonetic
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
_OTHER_READING = re.compile(r"j|c(?![hkz])|(?<!s)ch(?=[lrt]|$)")


@lru_cache(maxsize=1 << 16)
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


@lru_cache(maxsize=1 << 16)
def other_sound(word: str) -> str:
    """Give the skeleton under the other reading of its letters, or the first one if it has no other.

    A j is a vowel to most of Europe, a c is a ch or ts to the Slavs once its accent is gone, and a German
    ch before l, r and t or at the end is a kh.

    >>> other_sound("cajkovskij") == sound_key("tchaikovsky")
    True
    """
    if not _OTHER_READING.search(word):
        return sound_key(word)
    read = word.replace("j", "i")
    read = re.sub(r"(?<!s)ch(?=[lrt]|$)", "kh", read)
    return sound_key(re.sub(r"c(?![hkz])", "ch", read))


@lru_cache(maxsize=1 << 16)
def consonants(word: str) -> str:
    """Give the consonant classes of a word alone, which is what scripts without vowels write.

    w and y are vowels to these scripts, and v is one (or a b, at the front) to Hebrew; m and n are not told
    apart, since vowels between consonants decide which of the two a sound key has.

    >>> consonants("muhammad") == consonants("mhmd"), consonants("benjamin") == consonants("vnymyn")
    (True, True)
    """
    read = re.sub(r"^[vw]", "b", word.replace("j", "i") if re.search(r"(?<=[^aeiou])j", word) else word)
    bare = sound_key(re.sub(r"[vw]", "u", read)).replace("a", "").replace("n", "m")
    return re.sub(r"(.)\1+", r"\1", bare)
