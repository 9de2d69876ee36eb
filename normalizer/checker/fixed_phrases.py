"""Places where a name is part of something else, or is spoken about, and stays as it is."""

from __future__ import annotations

from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.known import SMALL_WORDS
from normalizer.checker.presence import Presence
from normalizer.lexicon import Lexicon
from normalizer.text.folding import fold
from normalizer.text.gaps import BETWEEN_WORDS, Gap

PHRASES: Final = frozenset(
    {
        "chicken kiev", "kiev cake", "kievan rus", "peking duck", "peking man", "peking opera",
        "peking university", "bombay duck", "bombay mix", "bombay potatoes", "bombay sapphire",
        "bombay stock exchange", "madras curry", "calcutta cup", "crab rangoon", "burmese python",
        "burmese cat", "siamese cat", "siamese twins", "siamese twin", "persian carpet", "persian rug",
        "persian cat", "persian gulf", "ceylon tea", "canton fair", "turkey shoot",
    }
)  # fmt: skip
"""Things that keep the old name of a place (general knowledge), folded; a registry adds its own (`keep`)."""
_SPOKEN_ABOUT: Final = frozenset(
    "aka alias called formerly known named nicknamed officially pronounced rename renamed renaming "
    "romanised romanized spell spelled spelling spellings spells spelt transliterated transliteration "
    "translated written".split()
)
"""Words of a sentence that is about a name rather than its bearer: “Kyiv, formerly spelled Kiev”."""
_OPENERS: Final = frozenset(
    "a about after also although an and around as at because before behind both but by despite during "
    "either even for from he her his how however if in inside into its like many meanwhile most near "
    "neither nor not now of off on once one only or our outside over perhaps said several she since so "
    "some still that the their then there they this though through to today toward towards under unless "
    "until upon we what when where whether which while who why with within without yesterday yet".split()
)
"""Words whose capital is that of the sentence they begin."""
_OF: Final = frozenset(
    "archbishop bank battle bishop church conference council declaration duchy duke fall gate house "
    "metropolitan patriarch peace port prince princess principality republic school siege treaty "
    "university".split()
)
"""Words that make a name with “of” even where they begin a sentence: Battle of Kiev, not Fighters of Kiev."""
_BESIDE: Final = 2
"""Words within which another name of the same entity is there for the sake of the name (chosen)."""
DATES: Final = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december".split()
)


class FixedPhrases:
    """Knows where a name of a draft is not to be changed.

    Args:
        draft: The draft.
        presence: What it holds.
        lexicon: What is known of English.
        quoted: The places of the words in quotation marks.
    """

    def __init__(self, draft: Draft, presence: Presence, lexicon: Lexicon, quoted: frozenset[int]) -> None:
        self._draft, self._presence, self._lexicon, self._quoted = draft, presence, lexicon, quoted
        self._spoken_about: dict[int, bool] = {}
        self._old_time: dict[int, bool] = {}

    def keeps(self, start: int, stop: int, phrases: tuple[str, ...] = ()) -> bool:
        """Whether a name stays as it is: quoted, spoken about, in a set phrase or in a longer name.

        Args:
            start: Place of its first word.
            stop: Place behind its last word.
            phrases: Further phrases that keep it, as its entity has them.
        """
        return (
            start in self._quoted
            or self.is_spoken_about(start)
            or self._is_beside_itself(start, stop)
            or self._is_in_phrase(start, stop, phrases)
            or self._is_longer_before(start)
            or self.goes_on(stop)
        )

    def is_spoken_about(self, place: int) -> bool:
        """Whether the sentence of a word is about names, or the word stands in brackets behind a name."""
        draft = self._draft
        before = draft.text[max(0, draft.tokens[place].start - 1) : draft.tokens[place].start]
        if before in ("(", "[") and place - 1 in self._presence.known_at:
            return True
        sentence = draft.sentence(place)
        if sentence.start not in self._spoken_about:
            words = (draft.words[other] for other in sentence)
            self._spoken_about[sentence.start] = not _SPOKEN_ABOUT.isdisjoint(words)
        return self._spoken_about[sentence.start]

    def is_of_old_time(self, place: int) -> bool:
        """Whether a year before 2000 stands in the sentence of a word: an old name may be the right one."""
        sentence = self._draft.sentence(place)
        if sentence.start not in self._old_time:
            words = (self._draft.words[other] for other in sentence)
            self._old_time[sentence.start] = any(
                len(word) == 4 and word.isdigit() and "1000" < word < "2000" for word in words
            )
        return self._old_time[sentence.start]

    def _is_beside_itself(self, start: int, stop: int) -> bool:
        """Whether another spelling of the same name stands beside it: “Kyiv, not Kiev”."""
        known, sentence = self._presence.known_at, self._draft.sentence(start)
        own = known.get(start, frozenset())
        before = range(max(sentence.start, start - _BESIDE), start)
        behind = range(stop, min(sentence.stop, stop + _BESIDE))
        words = self._draft.words
        return any(
            own & known.get(place, frozenset()) and words[place] not in words[start:stop]
            for place in (*before, *behind)
        )

    def _is_in_phrase(self, start: int, stop: int, phrases: tuple[str, ...]) -> bool:
        own = {fold(phrase) for phrase in phrases}
        longest = max((phrase.count(" ") + 1 for phrase in own), default=3)
        words, gaps = self._draft.words, self._draft.gaps
        for begin in range(max(0, stop - longest), start + 1):
            for end in range(stop, min(len(words), begin + longest) + 1):
                if any(gaps[place] is Gap.SENTENCE for place in range(begin + 1, end)):
                    continue
                phrase = " ".join(words[begin:end])
                if end - begin > stop - start and (phrase in own or phrase in PHRASES):
                    return True
        return False

    def _is_longer_before(self, start: int) -> bool:
        """Whether a capitalised word before it may belong to it (Dynamo Kiev, the Treaty of Kiev)."""
        draft, before = self._draft, start - 1
        if before < 0 or draft.gaps[start] not in (*BETWEEN_WORDS, Gap.HYPHEN, Gap.AMPERSAND):
            return False
        if draft.words[before] in SMALL_WORDS and before and not draft.begins_sentence(before):
            if draft.words[before] not in ("of", "de", "von", "van") or draft.gaps[before] is not Gap.SPACE:
                return False
            before -= 1
            if draft.begins_sentence(before):
                return draft.words[before] in _OF
        word = draft.tokens[before]
        if not word.is_capitalised or word.suffix or word.key in self._lexicon.titles or word.key in DATES:
            return False
        if before in self._presence.known_at and draft.gaps[start] is Gap.HYPHEN:
            return False
        return not (draft.begins_sentence(before) and word.key in _OPENERS)

    def goes_on(self, stop: int) -> bool:
        """Whether a capitalised word behind it may belong to it (Kiev Arsenal, Kiev-Pechersk)."""
        draft = self._draft
        if stop >= len(draft.tokens) or draft.tokens[stop - 1].suffix:
            return False
        if (
            draft.gaps[stop] not in (Gap.SPACE, Gap.HYPHEN, Gap.AMPERSAND)
            or not draft.tokens[stop].is_capitalised
        ):
            return False
        if draft.words[stop] in DATES or draft.is_headline(stop):
            return False
        return not (stop in self._presence.known_at and draft.gaps[stop] is Gap.HYPHEN)
