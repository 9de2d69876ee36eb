"""Build the English word lists of the draft checker from hunspell's en_US dictionary.

Writes ``words.txt`` (words that exist in lower case), ``capitalized.txt`` (words that exist only with a
capital) and ``LICENSE-words.txt`` (the dictionary's own licence text) into ``normalizer/data/english``.
Needs the Debian package ``hunspell-en-us``; ``--check`` also needs ``hunspell``::

    python scripts/build_words.py            # write the files
    python scripts/build_words.py --check    # compare them with the dictionary, write nothing

The other files of that folder (verbs, titles, given names) are kept by hand; ``--check`` verifies their form.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "normalizer" / "data" / "english"

# Ordinary words of present-day news copy that hunspell's en_US (2020.12.07) lacks, with their inflections.
# No proper names. The build fails if one of them is in the dictionary after all: then take it out here.
EXTRA_WORDS = """
# The internet and its crime.
webpages podcasted podcaster podcasters livestream livestreams livestreamed livestreaming livestreamer
livestreamers chatbot chatbots vlog vlogs vlogged vlogging vlogger vloggers influencer influencers paywalled
subreddit subreddits unfollow unfollows unfollowed unfollowing doomscroll doomscrolls doomscrolled
doomscrolling signup signups passcode passcodes captcha captchas wifi darknet screengrab screengrabs ebook
ebooks audiobook audiobooks cybersecurity cyberattack cyberattacks cybercrime cybercrimes cybercriminal
cybercriminals cyberbullying cyberwarfare cyberespionage smishing doxxed doxxing doxing hacktivism
sextortion infodemic factchecker factcheckers factchecking geolocate geolocates geolocated geolocating
geolocation geolocations geofence geofences geofenced geofencing geotag geotags geotagged geotagging
microtargeting hyperlocal
# Business, money and technology.
crypto cryptos altcoin altcoins stablecoin stablecoins memecoin memecoins tokenization tokenized nonfungible
fintech fintechs edtech metaverse metaverses onboarding upskilling reskilling nearshoring onshoring
reshoring deglobalization crowdsource crowdsources crowdsourced crowdsourcing crowdfunder crowdfunders
rollout rollouts spinoff spinoffs frontrunner frontrunners gamechanger gamechangers drawdown drawdowns
securitization rideshare rideshares ridesharing ebike ebikes robotaxi robotaxis driverless lidar dashcam
dashcams bodycam bodycams quadcopter quadcopters cubesat cubesats nanosatellite nanosatellites nanoparticle
nanoparticles
# Health.
covid lockdown lockdowns vaxxer vaxxers antivaxxer antivaxxers vaxxed unvaxxed unvaccinated revaccination
mpox monkeypox norovirus noroviruses hantavirus hantaviruses subvariant subvariants comorbidities telehealth
telemedicine immunosuppressed biosecurity naloxone ketamine semaglutide vaper vapers
# Climate and energy.
decarbonization biofuel biofuels photovoltaics microplastic greenwash greenwashed greenwashing rewild
rewilds rewilded rewilding megafire megafires bushfires megadrought megadroughts stormwater supermoon
supermoons upcycle upcycles upcycled upcycling
# Politics, war and society.
eurozone eurosceptic eurosceptics euroscepticism brexiteer brexiteers remainer remainers ultranationalist
ultranationalists ethnonationalist ethnonationalists ethnonationalism superdelegate superdelegates
downballot whistleblower whistleblowers whistleblowing kleptocrat kleptocrats denuclearization
deradicalization warzone warzones tradecraft bioterrorism weaponization jihadi jihadis islamophobia
islamophobic defund defunds defunded defunding femicide femicides incel incels misgender misgenders
misgendered misgendering nonbinary wokeness gaslighting mansplain mansplains mansplained mansplaining
manspreading upskirting foodbank foodbanks megacity megacities reopenings townhall townhalls lede ledes
# Culture, food and sport.
macaron macarons matcha kombucha kombuchas gochujang flexitarian flexitarians mockumentary mockumentaries
romcom romcoms showrunner showrunners speedrun speedruns videogame videogames esport esports cosplayer
cosplayers cosplaying supervillain supervillains staycation staycations glamping overtourism sportswashing
offseason longlist longlists longlisted sudoku sudokus instagrammable
# The commonest British spellings in news copy (the dictionary has American ones only).
centre centres centred defence defences offence offences licence licences labour labours laboured labourer
labourers programme programmes organisation organisations organise organises organised organising organiser
organisers favour favours favoured favourite favourites favourable honour honours honoured honouring
honourable colour colours coloured colourful behaviour behaviours neighbour neighbours neighbouring
neighbourhood neighbourhoods rumour rumours rumoured humour harbour harbours harboured armour armoured
tumour tumours endeavour endeavours saviour saviours theatre theatres metre metres kilometre kilometres
litre litres fibre fibres cheque cheques tyre tyres grey greys sceptic sceptics sceptical scepticism
councillor councillors counsellor counsellors traveller travellers travelled travelling cancelled cancelling
labelled labelling signalled signalling fuelled fuelling modelling jewellery analyse analysed analysing
catalogue catalogues catalogued criticise criticises criticised criticising realise realises realised
realising recognise recognises recognised recognising apologise apologises apologised apologising prioritise
prioritises prioritised emphasise emphasises emphasised authorise authorises authorised hospitalised
privatisation nationalisation globalisation mobilisation enrol enrols enrolment fulfil fulfils judgement
judgements ageing aluminium aeroplane aeroplanes enquiry enquiries learnt manoeuvre manoeuvres mould plough
ploughs storey storeys kerb kerbs moustache paediatric paediatrician paediatricians leukaemia panellist
panellists pyjamas sombre practise practises practised practising
"""

# Options of an .aff file that change nothing for single words, so that they can be skipped.
IGNORED_OPTIONS = frozenset(
    {
        "SET",
        "TRY",
        "KEY",
        "MAP",
        "REP",
        "ICONV",
        "WORDCHARS",
        "NOSUGGEST",
        "KEEPCASE",
        "COMPOUNDMIN",
        "COMPOUNDRULE",
    }
)
# Options that name a flag whose bearers are not words of their own.
EXCLUDING_OPTIONS = frozenset({"FORBIDDENWORD", "ONLYINCOMPOUND"})

HAND_KEPT = ("verbs.txt", "titles.txt", "given_names.txt")


@dataclass(frozen=True)
class Rule:
    """One line of an affix class.

    Attributes:
        strip: Letters taken off the stem.
        add: Letters put in their place.
        condition: Pattern the stem must match at the side of the affix.
        cross: Whether the affix may stand together with one of the other side.
    """

    strip: str
    add: str
    condition: re.Pattern[str]
    cross: bool


@dataclass
class Affixes:
    """The parts of an .aff file that matter for writing out all words."""

    prefixes: dict[str, list[Rule]] = field(default_factory=dict)
    suffixes: dict[str, list[Rule]] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    need_affix: set[str] = field(default_factory=set)


def parse_aff(text: str) -> Affixes:
    """Read an .aff file with one-letter flags.

    Args:
        text: The contents of the file.

    Returns:
        Its affix classes and special flags.

    Raises:
        ValueError: If the file uses a feature this reader does not know, such as two-fold suffixes.
    """
    affixes = Affixes()
    crosses: dict[tuple[str, str], bool] = {}
    for line in text.splitlines():
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        option = parts[0]
        if option in ("PFX", "SFX"):
            key = (option, parts[1])
            if key not in crosses:
                crosses[key] = parts[2] == "Y"
                continue
            classes = affixes.prefixes if option == "PFX" else affixes.suffixes
            classes.setdefault(parts[1], []).append(parse_rule(option, parts, crosses[key]))
        elif option in EXCLUDING_OPTIONS:
            affixes.excluded.add(parts[1])
        elif option == "NEEDAFFIX":
            affixes.need_affix.add(parts[1])
        elif option not in IGNORED_OPTIONS:
            raise ValueError(f"unknown option in the .aff file: {line!r}")
    return affixes


def parse_rule(option: str, parts: list[str], cross: bool) -> Rule:
    """Read one rule line of an affix class.

    Args:
        option: ``PFX`` or ``SFX``.
        parts: The fields of the line.
        cross: Whether the class allows cross products.

    Returns:
        The rule.

    Raises:
        ValueError: If the affix itself carries flags.
    """
    _, _, strip, add, condition = parts[:5]
    if "/" in add:
        raise ValueError(f"affix with flags of its own: {' '.join(parts)!r}")
    pattern = f"^(?:{condition})" if option == "PFX" else f"(?:{condition})$"
    return Rule("" if strip == "0" else strip, "" if add == "0" else add, re.compile(pattern), cross)


def parse_dic(text: str) -> Iterator[tuple[str, str]]:
    """Read the entries of a .dic file.

    Args:
        text: The contents of the file.

    Yields:
        Each entry's word and flags.
    """
    for line in text.splitlines()[1:]:
        entry = re.split(r"[\t ]", line, maxsplit=1)[0]
        if entry:
            word, _, flags = entry.partition("/")
            yield word, flags


def with_suffix(word: str, rule: Rule) -> str | None:
    """Return the word with the suffix, or None where the rule does not apply."""
    if not word.endswith(rule.strip) or not rule.condition.search(word):
        return None
    return word[: len(word) - len(rule.strip)] + rule.add


def with_prefix(word: str, rule: Rule) -> str | None:
    """Return the word with the prefix, or None where the rule does not apply."""
    if not word.startswith(rule.strip) or not rule.condition.search(word):
        return None
    return rule.add + word[len(rule.strip) :]


def expand(word: str, flags: str, affixes: Affixes) -> Iterator[str]:
    """Write out all forms of one dictionary entry.

    Args:
        word: The entry's word.
        flags: Its flags, one letter each.
        affixes: The affix classes.

    Yields:
        The word itself (unless it is a mere stem), then with suffix, with prefix and with both.
    """
    if affixes.excluded.intersection(flags):
        return
    if not affixes.need_affix.intersection(flags):
        yield word
    prefixes = [rule for flag in flags for rule in affixes.prefixes.get(flag, ())]
    suffixes = [rule for flag in flags for rule in affixes.suffixes.get(flag, ())]
    for prefix in prefixes:
        prefixed = with_prefix(word, prefix)
        if prefixed is not None:
            yield prefixed
    for suffix in suffixes:
        suffixed = with_suffix(word, suffix)
        if suffixed is None:
            continue
        yield suffixed
        for prefix in prefixes:
            both = with_prefix(suffixed, prefix) if with_prefix(word, prefix) is not None else None
            if both is not None and prefix.cross and suffix.cross:
                yield both


def expand_all(aff: Path, dic: Path) -> set[str]:
    """Write out a whole dictionary, less possessives and entries with digits.

    Args:
        aff: The .aff file.
        dic: The .dic file.

    Returns:
        All its words as written.
    """
    affixes = parse_aff(aff.read_text(encoding="utf-8"))
    forms: set[str] = set()
    for word, flags in parse_dic(dic.read_text(encoding="utf-8")):
        forms.update(expand(word, flags, affixes))
    return {form for form in forms if not form.endswith("'s") and not re.search(r"\d", form)}


def fold(word: str) -> str:
    """Return the word case-folded and without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def extra_words() -> list[str]:
    """Return the words of EXTRA_WORDS, without its comments."""
    return [word for line in EXTRA_WORDS.splitlines() for word in line.partition("#")[0].split()]


def split_by_case(forms: set[str], extra: Iterable[str]) -> tuple[set[str], set[str]]:
    """Sort the words of a dictionary by whether they exist in lower case.

    Args:
        forms: The words as written.
        extra: Further lower-case words.

    Returns:
        The lower-case words, with their accent-free forms, and those that exist only with a capital.
    """
    lower = {form for form in forms if form == form.lower()} | set(extra)
    words = {word.casefold() for word in lower} | {fold(word) for word in lower}
    return words, {form for form in forms if form != form.lower() and fold(form) not in words}


def build(aff: Path, dic: Path) -> dict[str, set[str]]:
    """Make the word lists.

    Args:
        aff: The .aff file.
        dic: The .dic file.

    Returns:
        File name to words.

    Raises:
        ValueError: If an extra word is in the dictionary anyway, or is listed twice.
    """
    forms = expand_all(aff, dic)
    extra = extra_words()
    needless = sorted({word for word in extra if word in forms or extra.count(word) > 1})
    if needless:
        raise ValueError(f"extra words that are in the dictionary or listed twice: {' '.join(needless)}")
    words, capitalized = split_by_case(forms, extra)
    return {"words.txt": words, "capitalized.txt": capitalized}


def spelling_errors(words: Iterable[str]) -> list[str]:
    """Return the words that the hunspell program does not accept."""
    text = "\n".join(words) + "\n"
    command = ["hunspell", "-d", "en_US", "-i", "utf-8", "-l"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.split()


def check_hand_kept(name: str) -> list[str]:
    """Verify the form of a list that is kept by hand.

    Args:
        name: The file's name.

    Returns:
        What is wrong with it: not folded, not sorted, listed twice, or an unknown mark.
    """
    lines = (OUT / name).read_text(encoding="utf-8").splitlines()
    entries = [line.partition("\t") for line in lines if not line.startswith("#")]
    keys = [key for key, _, _ in entries]
    errors = [f"{name}: not folded: {key!r}" for key in keys if key != fold(key).strip() or not key]
    errors += [f"{name}: unknown mark: {mark!r}" for _, _, mark in entries if mark not in ("", "word")]
    if keys != sorted(set(keys)):
        errors.append(f"{name}: not sorted, or an entry twice")
    return errors


def check(lists: dict[str, set[str]]) -> list[str]:
    """Verify the files on disk.

    Args:
        lists: File name to the words it should have.

    Returns:
        What is wrong with them.
    """
    errors: list[str] = []
    extra = {fold(word) for word in extra_words()} | set(extra_words())
    for name, words in lists.items():
        if (OUT / name).read_text(encoding="utf-8") != "\n".join(sorted(words)) + "\n":
            errors.append(f"{name}: differs from what the dictionary gives")
        errors += [f"{name}: hunspell rejects {word!r}" for word in spelling_errors(sorted(words - extra))]
    known = extra.difference(spelling_errors(sorted(extra)))
    errors += [f"extra word that hunspell accepts: {word!r}" for word in sorted(known)]
    for name in HAND_KEPT:
        errors += check_hand_kept(name)
    return errors


def main() -> int:
    """Build the files, or check them; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--aff", type=Path, default=Path("/usr/share/hunspell/en_US.aff"))
    parser.add_argument("--dic", type=Path, default=Path("/usr/share/hunspell/en_US.dic"))
    parser.add_argument("--licence", type=Path, default=Path("/usr/share/doc/hunspell-en-us/copyright"))
    parser.add_argument("--check", action="store_true", help="verify the files instead of writing them")
    args = parser.parse_args()
    lists = build(args.aff, args.dic)
    if args.check:
        errors = check(lists)
        print("\n".join(errors) or "all lists are in order")
        return 1 if errors else 0
    OUT.mkdir(parents=True, exist_ok=True)
    for name, words in lists.items():
        (OUT / name).write_text("\n".join(sorted(words)) + "\n", encoding="utf-8", newline="\n")
        print(f"{name}: {len(words)} words")
    (OUT / "LICENSE-words.txt").write_bytes(args.licence.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
