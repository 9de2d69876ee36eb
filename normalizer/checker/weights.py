"""What each piece of evidence weighs, in log-odds.

The weights were set by hand on the written and the real development drafts; `benchmarks/drafts.py` measures
them, and can leave out any piece of evidence (ablation).
"""

from __future__ import annotations

from typing import Final

WEIGHTS: Final[dict[str, float]] = {
    "right-form": 2.4,  # the entity stands in the draft in its right form
    "introduced": 1.6,  # the entity is named in full elsewhere, misspelled
    "introduced-so": 2.4,  # and with this very spelling
    "own-title": 2.2,  # a title of the entity before it
    "title": 1.2,  # some title before it
    "title-of-person": -2.0,  # a title before what would be a place
    "full-name": 1.6,  # another telling word of the name beside it is right
    "own-first-name": 1.6,  # the entity's own first name right before it
    "whereabouts": 1.2,  # an English word behind a preposition of place, for a place: through Thrice
    "verb-after": 0.9,  # the subject of a finite verb
    "word-as-subject": 3.6,  # an English word that is the subject of a finite verb: Blinking asked
    "joined": 0.9,  # joined by "and" or a comma to a known name
    "capital": 2.0,  # an English word, with a capital in mid-sentence
    "english-word": -3.0,
    "dictionary-name": -2.6,  # the dictionary knows it as a name or other capitalised word
    "known-name": -0.8,  # somebody or some town bears it
    "given-name": -1.2,  # a common given name standing alone
    "sentence-start": -1.2,  # an English word at the head of a sentence or headline
    "attributive": -2.5,  # an English word before a plain noun: Blinking lights
    "gerund": -2.5,  # an -ing form before a preposition or article: Blinking at the cameras
    "article": -1.5,  # an article before it: the Merkle
    "other-person": -7.0,  # another first name before it, here or elsewhere in the draft
    "apposition": -1.8,  # introduced as somebody new: Peloso, an aide; Merkle, 52
    "longer-name": -2.0,  # part of a longer capitalised name
    "cut-short": -2.0,  # the name without its last two letters or more: Netanya
    "derived": -4.5,  # the name with an ending: Bidenomics, Gazprombank, Icelandic
    "short": -0.6,  # four letters or fewer
    "first-letter": -1.2,  # another first letter and another sound
    "recurs": -1.0,  # stands three times and more, the right form never; a word oftener than the name
    "lower-case": -2.5,  # without its capital
    "word-elsewhere": -0.8,  # an English word that stands in lower case elsewhere in the draft
}
"""Log-odds of each piece of evidence at its full value; that of the likeness is `likeness_log_odds`."""
BIAS: Final = -0.6
"""Log-odds that a word as like a name as `_EVEN` is that name, before anything of the draft is known."""
_EVEN: Final = 0.82
_SLOPE: Final = 16.0


def likeness_log_odds(score: float) -> float:
    """Log-odds of a likeness: 0 at `_EVEN`, cut off where more of it would outvote the draft."""
    return max(-4.0, min(2.4, _SLOPE * (score - _EVEN)))
