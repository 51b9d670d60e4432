"""Numbers with their units, read out of Chinese or English so that they can be compared.

“400 IU” and “400国际单位”, “four weeks” and “四周”, “1,000” and “1000”, “2 g” and “2000毫克” give
the same quantity. Everything is data: a table of units, and patterns made from it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_MASS, _TIME, _MONTHS, _VOLUME, _MOLES, _ENERGY, _LENGTH = (
    *("mass", "time", "months", "volume", "moles", "energy", "length"),
)

# Spelling → (kind, how many of the smallest unit of that kind). Longer spellings are tried first.
_LATIN_UNITS = {
    "IU": ("IU", 1),
    "µg": (_MASS, 10**3),
    "μg": (_MASS, 10**3),
    "mcg": (_MASS, 10**3),
    "ug": (_MASS, 10**3),
    "ng": (_MASS, 1),
    "mg": (_MASS, 10**6),
    "kg": (_MASS, 10**12),
    "g": (_MASS, 10**9),
    "pmol": (_MOLES, 1),
    "nmol": (_MOLES, 10**3),
    "μmol": (_MOLES, 10**6),
    "µmol": (_MOLES, 10**6),
    "mmol": (_MOLES, 10**9),
    "mol": (_MOLES, 10**12),
    "µL": (_VOLUME, 1),
    "μL": (_VOLUME, 1),
    "mL": (_VOLUME, 10**3),
    "ml": (_VOLUME, 10**3),
    "dL": (_VOLUME, 10**5),
    "dl": (_VOLUME, 10**5),
    "L": (_VOLUME, 10**6),
    "l": (_VOLUME, 10**6),
    "kcal": ("kcal", 1),
    "kJ": (_ENERGY, 1),
    "mm": (_LENGTH, 1),
    "cm": (_LENGTH, 10),
    "km": (_LENGTH, 10**6),
    "mmHg": ("mmHg", 1),
    "%": ("%", 1),
    "％": ("%", 1),
    "℃": ("°C", 1),
    "°C": ("°C", 1),
}
_ENGLISH_UNITS = {
    r"international units?": ("IU", 1),
    r"micrograms?|microgrammes?": (_MASS, 10**3),
    r"milligrams?|milligrammes?": (_MASS, 10**6),
    r"kilograms?|kilos?": (_MASS, 10**12),
    r"grams?|grammes?": (_MASS, 10**9),
    r"millilit(?:re|er)s?": (_VOLUME, 10**3),
    r"lit(?:re|er)s?": (_VOLUME, 10**6),
    r"per ?cent|percent": ("%", 1),
    r"seconds?": (_TIME, 1),
    r"minutes?|mins?": (_TIME, 60),
    r"hours?|hrs?": (_TIME, 3600),
    r"days?": (_TIME, 86400),
    r"weeks?": (_TIME, 604800),
    r"months?": (_MONTHS, 1),
    r"years?|yrs?": (_MONTHS, 12),
    r"decades?": (_MONTHS, 120),
}
_CHINESE_UNITS = {
    "国际单位": ("IU", 1),
    "微克": (_MASS, 10**3),
    "毫克": (_MASS, 10**6),
    "纳克": (_MASS, 1),
    "千克|公斤": (_MASS, 10**12),
    "克": (_MASS, 10**9),
    "皮摩尔": (_MOLES, 1),
    "纳摩尔": (_MOLES, 10**3),
    "微摩尔": (_MOLES, 10**6),
    "毫摩尔": (_MOLES, 10**9),
    "毫升": (_VOLUME, 10**3),
    "分升": (_VOLUME, 10**5),
    "升(?![高到至为级])": (_VOLUME, 10**6),
    "千卡|大卡": ("kcal", 1),
    "千焦": (_ENERGY, 1),
    "毫米": (_LENGTH, 1),
    "厘米": (_LENGTH, 10),
    "公里|千米": (_LENGTH, 10**6),
    "毫米汞柱": ("mmHg", 1),
    "摄氏度": ("°C", 1),
    "秒钟?": (_TIME, 1),
    "分钟": (_TIME, 60),
    "个?小时|个?钟头": (_TIME, 3600),
    "个?星期|个?礼拜|周(?!岁)": (_TIME, 604800),
    "天": (_TIME, 86400),
    "日(?!元)": (_TIME, 86400),
    "个月": (_MONTHS, 1),
    "周?岁": ("age", 1),
    "年": (_MONTHS, 12),
}
DOSE_KINDS = frozenset({"IU", _MASS, _MOLES, _VOLUME})
"""Units of what somebody swallows or has in the blood: a wrong one can hurt."""

_SMALL_EN = {
    **{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
    **{"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13},
    **{"fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18},
    **{"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90},
}
_WEAK_EN = {
    "a": 1,
    "an": 1,
    "once": 1,
    "first": 1,
    "single": 1,
    "second": 2,
    "twice": 2,
    "third": 3,
}
_WEAK_EN |= {"both": 2, "half": 2, "double": 2, "hundred": 100, "thousand": 1000, "dozen": 12}
_DIGITS_ZH = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS_ZH |= {"〇": 0, "两": 2, "十": 10, "百": 100, "千": 1000, "万": 10_000}
_MULTIPLIERS = {
    "万": 10**4,
    "亿": 10**8,
    "千": 10**3,
    "百": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}


@dataclass(frozen=True)
class Quantity:
    """A number as it stands at a position: what it may be read as, and whether it must be matched.

    ``keys`` are pairs of value and kind of unit. A number in words that counts things is not
    ``is_firm``: the other language may say it without a number.
    """

    text: str
    position: int
    keys: frozenset[tuple[Decimal, str]]
    is_firm: bool = True
    name: str = ""

    @property
    def is_name(self) -> bool:
        return bool(self.name)

    @property
    def has_dose_unit(self) -> bool:
        return any(kind.split("/")[0] in DOSE_KINDS for _value, kind in self.keys)


def _alternatives(spellings) -> str:
    return "|".join(sorted(spellings, key=len, reverse=True))


_LATIN = _alternatives(re.escape(unit) for unit in _LATIN_UNITS)
_ENGLISH = _alternatives(_ENGLISH_UNITS)
_CHINESE = _alternatives(_CHINESE_UNITS)
_ONE_UNIT = rf"(?:(?:{_LATIN})(?![A-Za-z])|(?i:(?:{_ENGLISH}))\b|(?:{_CHINESE}))"
_UNIT = rf"(?P<unit>{_ONE_UNIT}(?:\s?[/／]\s?{_ONE_UNIT})*)"
_FILLER = r"(?:\s?(?:or more|full|whole|consecutive))?"
_GAP = rf"(?:[多余来整]|{_FILLER}[\s\-\u2011]?)"
# Without a most, a long row of such groups would be read once for each of them.
_NUMBER = r"\d{1,3}(?:,\d{3}){1,12}(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?"
_ZH_NUMBER = r"[零〇一二两三四五六七八九十百千万]+"
_EN_NUMBER = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[\s-]"
    r"(?:one|two|three|four|five|six|seven|eight|nine)\b|"
    rf"(?:{_alternatives([*_SMALL_EN, *_WEAK_EN])})\b"
)

_NAME = re.compile(
    r"(?<!\d)(?<!\d,)\d+(?:,\d+)*(?=\s?\(OH\))"  # 25(OH)D, 1,25(OH)₂D
    r"|(?<![A-Za-z0-9])\d+[α-ω]"  # 1α
    r"|(?<![A-Za-z0-9])[A-Za-z]{1,6}-?\d+(?:\.\d+)?(?![\d])"  # D3, MK-7, P450
)
_RATES = {
    "PER HOUR": r"(?i:\b(?:every|each|per|an)\s+hour\b|\bhourly\b)|每个?小时",
    "PER DAY": (
        r"(?i:\b(?:every|each|per|a)\s+day\b|\bdaily\b)|每[天日]|天天|日均|"
        r"[/／]\s?(?:day|d\b|天|日)"
    ),
    "PER WEEK": r"(?i:\b(?:every|each|per|a)\s+week\b|\bweekly\b)|每(?:周|个?星期)",
    "PER MONTH": r"(?i:\b(?:every|each|per|a)\s+month\b|\bmonthly\b)|每个?月",
    "PER YEAR": r"(?i:\b(?:every|each|per|a)\s+year\b|\b(?:yearly|annual(?:ly)?)\b)|每年|年均",
}
"""How often: compared like names, because “a day” and 每天 stand without a number."""

_MONTH_NAMES = {
    **{"January": 1, "February": 2, "March": 3, "April": 4, "May": 5, "June": 6, "July": 7},
    **{"August": 8, "September": 9, "October": 10, "November": 11, "December": 12},
}
_MONTH_NAME = re.compile(rf"\b(?:{'|'.join(_MONTH_NAMES)})\b")
_RATE = re.compile("|".join(f"({pattern})" for pattern in _RATES.values()))
_CALENDAR = re.compile(
    r"(?<![\d.])(?P<first>(?:1[89]|20)\d\d)(?:[/–-](?P<last>\d\d|\d{4}))?年?(?!\d)"
)
_PERCENT_ZH = re.compile(
    rf"百分之(?P<number>{_NUMBER}|{_ZH_NUMBER}(?:点[零〇一二三四五六七八九]+)?)"
)
_QUANTITY = re.compile(
    rf"(?P<sign>(?<![A-Za-z0-9.)])[−-])?(?:(?P<number>{_NUMBER})"
    rf"(?P<times>\s?(?:万|亿|千(?!克|卡|焦|米)|百(?!分))|\s(?:thousand|million|billion)\b)?"
    rf"|(?P<han>{_ZH_NUMBER})|(?<![A-Za-z])(?P<word>(?i:{_EN_NUMBER})))"
    rf"(?:{_GAP}?{_UNIT})?"
)
_VAGUE_BEFORE = re.compile(r"[几数多上第每某同初星期]\Z")
_VAGUE_AFTER = re.compile(r"[几多余来]")
_SHARES_UNIT = re.compile(r"\s?(?:[–—~～、,，至到或和]|-|to|or|and|[降升增减变]?[到至为])\s?", re.I)
_MONTH = re.compile(r"\s?月")


@lru_cache(maxsize=4096)
def quantities_in(words: str) -> tuple[Quantity, ...]:
    """Every number in a text, in reading order."""
    found: list[Quantity] = []
    rest = _take(found, words, _NAME, _name)
    rest = _take(found, rest, _PERCENT_ZH, _percent)
    rest = _take(found, rest, _CALENDAR, _year)
    rest = _take(found, rest, _RATE, _rate)
    rest = _take(found, rest, _MONTH_NAME, _month)
    matches = list(_QUANTITY.finditer(rest))
    units = _shared_units(rest, matches)
    for match, unit in zip(matches, units, strict=True):
        quantity = _quantity(rest, match, unit)
        if quantity:
            found.append(quantity)
    return tuple(sorted(found, key=lambda quantity: quantity.position))


def _take(found: list[Quantity], words: str, pattern: re.Pattern, make) -> str:
    """Move what a pattern matches out of the words, which keep their length."""

    def blank(match: re.Match) -> str:
        made = make(match)
        if not made:
            return match[0]
        found.extend(made)
        return "\x00" * len(match[0])

    return pattern.sub(blank, words)


def _name(match: re.Match) -> list[Quantity]:
    name = match[0].replace("-", "").upper()
    return [Quantity(match[0], match.start(), frozenset(), name=name)]


def _rate(match: re.Match) -> list[Quantity]:
    name = list(_RATES)[match.lastindex - 1]
    return [Quantity(match[0], match.start(), frozenset(), name=name)]


def _month(match: re.Match) -> list[Quantity]:
    """“5 March” is 3月5日. “May” may be a verb, so nothing has to match it."""
    key = (Decimal(_MONTH_NAMES[match[0]]).normalize(), "")
    return [Quantity(match[0], match.start(), frozenset({key}), is_firm=match[0] != "May")]


def _percent(match: re.Match) -> list[Quantity]:
    text = match["number"]
    if text[0].isdigit():
        value = _decimal(text)
    else:
        whole, _dot, part = text.partition("点")
        tail = "".join(str(_DIGITS_ZH[sign]) for sign in part)
        number = _chinese_number(whole)
        if number is None:
            return []
        value = Decimal(f"{number}.{tail}") if tail else Decimal(number)
    return [Quantity(match[0], match.start(), frozenset({(value.normalize(), "%")}))]


def _year(match: re.Match) -> list[Quantity]:
    """A year of the calendar, which is no length of time; 2008/09 is two numbers."""
    is_dated = match[0].endswith("年") or match["last"]
    if not is_dated:
        return []
    return [
        Quantity(
            match[name], match.start(name), frozenset({(Decimal(match[name]).normalize(), "")})
        )
        for name in ("first", "last")
        if match[name]
    ]


def _shared_units(words: str, matches: list[re.Match]) -> list[str | None]:
    """The unit of each number; “5–13 days” and “7 or 14 days” give it to both."""
    units: list[str | None] = [match["unit"] for match in matches]
    for index in range(len(matches) - 2, -1, -1):
        here, following = matches[index], matches[index + 1]
        between = words[here.end() : following.start()]
        if not units[index] and units[index + 1] and _SHARES_UNIT.fullmatch(between):
            units[index] = units[index + 1]
    return units


def _quantity(words: str, match: re.Match, unit: str | None) -> Quantity | None:
    value = _value(match)
    if value is None:
        return None
    is_vague = _is_vague(words, match)
    is_digits = bool(match["number"])
    if is_digits and not match["unit"] and (month := _MONTH.match(words, match.end())):
        keys = {(value, "")}
        return Quantity(match[0] + month[0], match.start(), frozenset(keys))
    keys = _keys(value, unit)
    # “One day” and 一天 are said without meaning a length of time; “one week” is not.
    is_said = match["han"] or match["word"].casefold() not in _WEAK_EN if not is_digits else True
    is_counted = bool(unit) and not is_vague and is_said and not (value == 1 and _is_day(unit))
    return Quantity(match[0].strip(), match.start(), keys, is_firm=is_digits or is_counted)


def _is_day(unit: str | None) -> bool:
    return bool(unit) and unit.casefold() in {"day", "天", "日"}


def _is_vague(words: str, match: re.Match) -> bool:
    """“几十年” and “数年” are no numbers that could be compared."""
    if not match["han"]:
        return False
    before = words[max(0, match.start() - 1) : match.start()]
    after = words[match.end("han") : match.end("han") + 1]
    return bool(_VAGUE_BEFORE.search(before) or _VAGUE_AFTER.match(after))


def _value(match: re.Match) -> Decimal | None:
    if match["number"]:
        value = _decimal(match["number"])
        value *= _MULTIPLIERS[match["times"].strip().casefold()] if match["times"] else 1
        return (-value if match["sign"] else value).normalize()
    number = _chinese_number(match["han"]) if match["han"] else _english_number(match["word"])
    return None if number is None else Decimal(number).normalize()


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _chinese_number(text: str) -> int | None:
    """“二十五” → 25; None for what is no number, as “三五” (three or five)."""
    total, section, digit = 0, 0, None
    for sign in text:
        value = _DIGITS_ZH[sign]
        if value < 10:
            if digit:
                return None
            digit = value
        elif value == 10_000:
            total, section, digit = (total + section + (digit or 0)) * value, 0, None
        else:
            section, digit = section + (1 if digit is None else digit) * value, None
    return total + section + (digit or 0)


def _english_number(text: str) -> int:
    parts = re.split(r"[\s-]", text.casefold())
    return sum({**_WEAK_EN, **_SMALL_EN}[part] for part in parts)


def _keys(value: Decimal, unit: str | None) -> frozenset[tuple[Decimal, str]]:
    if not unit:
        return frozenset({(value, "")})
    parts = [_unit(part.strip()) for part in re.split(r"[/／]", unit)]
    kind, factor = parts[0]
    # “a day” is said around a dose in many ways; “µg/day” must not differ from “µg a day”.
    others = [part for part in parts[1:] if part[0] != _TIME]
    for other, by in others:
        kind = f"{kind}/{other}"
        factor = factor / Decimal(by)
    if kind == "age":
        # “75岁” is “75”, “aged 75” or “75 years” in English.
        return frozenset({(value, ""), (value * 12, _MONTHS)})
    keys = {((value * factor).normalize(), kind)}
    if unit == "日":
        keys.add((value, ""))
    return frozenset(keys)


@lru_cache(maxsize=256)
def _unit(text: str) -> tuple[str, Decimal]:
    if text in _LATIN_UNITS:
        kind, factor = _LATIN_UNITS[text]
        return kind, Decimal(factor)
    for table, flags in ((_ENGLISH_UNITS, re.I), (_CHINESE_UNITS, 0)):
        # Look-aheads in the table speak of what follows, which is not at hand here.
        for pattern, (kind, factor) in table.items():
            if re.fullmatch(pattern, text, flags):
                return kind, Decimal(factor)
    raise LookupError(text)


def unmatched(
    here: tuple[Quantity, ...], there: tuple[Quantity, ...]
) -> tuple[list[Quantity], list[Quantity]]:
    """Firm quantities of either side that the other does not have, each as often as it stands."""
    ours = [quantity for quantity in here if not quantity.is_name]
    theirs = [quantity for quantity in there if not quantity.is_name]
    for firm_here, firm_there in ((True, True), (True, False), (False, True)):
        ours, theirs = _pair_off(ours, theirs, firm_here, firm_there)
    return (
        [quantity for quantity in ours if quantity.is_firm],
        [quantity for quantity in theirs if quantity.is_firm],
    )


def unmatched_names(
    here: tuple[Quantity, ...], there: tuple[Quantity, ...], known_there: frozenset[str]
) -> list[Quantity]:
    """Names with a number (D3, MK-7) that the other side should have as well.

    A language may say a name more often, or “it” instead. So a name that is missing there counts
    where that side says names of this family at least as often, or never says this name in the
    whole text (``known_there``); and every difference counts where both say them equally often.
    """
    ours, theirs = _names(here), _names(there)
    found = []
    for family, names in ours.items():
        others = theirs.get(family, Counter())
        if names.total() == others.total():
            missing = names - others
        elif names.total() < others.total():
            missing = names.keys() - others.keys()
        else:
            missing = names.keys() - others.keys() - known_there
        found += [_first(here, name) for name in missing]
    return found


def names_in(quantities: Iterable[Quantity]) -> frozenset[str]:
    """All names with a number in them."""
    return frozenset(quantity.name for quantity in quantities if quantity.is_name)


def _names(quantities: tuple[Quantity, ...]) -> dict[str, Counter[str]]:
    """How often each name is said, by the letters it is made of."""
    families: dict[str, Counter[str]] = {}
    for quantity in quantities:
        if quantity.is_name:
            is_rate = quantity.name in _RATES
            family = "PER" if is_rate else re.sub(r"[\d.,]", "", quantity.name)
            families.setdefault(family, Counter())[quantity.name] += 1
    return families


def _first(quantities: tuple[Quantity, ...], name: str) -> Quantity:
    return next(quantity for quantity in quantities if quantity.name == name)


def _pair_off(
    ours: list[Quantity], theirs: list[Quantity], firm_here: bool, firm_there: bool
) -> tuple[list[Quantity], list[Quantity]]:
    """Take out what both sides have, one for one."""
    waiting = [index for index, other in enumerate(theirs) if other.is_firm == firm_there]
    left, taken = [], set()
    for quantity in ours:
        partner = next(
            (
                index
                for index in waiting
                if index not in taken and theirs[index].keys & quantity.keys
            ),
            None,
        )
        if quantity.is_firm != firm_here or partner is None:
            left.append(quantity)
        else:
            taken.add(partner)
    return left, [other for index, other in enumerate(theirs) if index not in taken]
