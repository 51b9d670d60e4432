"""Does anything near a product promise what only a medicine may promise."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.context import DeskContext, ForbiddenWords
from articles.desk.findings import NOTE, STOP, WARN, Finding
from articles.desk.rules import CONTEXT, Rule
from articles.desk.texts import Text, printed_texts
from articles.desk.words import HAN_LETTER, words_of
from articles.document import Document
from articles.markdown.blocks import CONTAINERS

SYMPTOMS_EN = (
    *("anxiety", "cramp", "cramps", "fatigue", "tiredness", "insomnia", "sleeplessness"),
    *("poor sleep", "low mood", "depression", "headache", "headaches", "migraine", "dizziness"),
    *("palpitations", "numbness", "twitching", "constipation", "bone pain", "back pain"),
    *("joint pain", "muscle pain", "osteoporosis", "high blood pressure", "hypertension"),
)
SYMPTOMS_ZH = (
    *(
        "焦虑",
        "抽筋",
        "痉挛",
        "疲劳",
        "疲倦",
        "乏力",
        "失眠",
        "睡不好",
        "睡眠差",
        "情绪低落",
        "抑郁",
    ),
    *(
        "头痛",
        "偏头痛",
        "头晕",
        "心悸",
        "心慌",
        "麻木",
        "肌肉跳动",
        "便秘",
        "骨痛",
        "腰痛",
        "关节痛",
    ),
    *("肌肉痛", "骨质疏松", "高血压"),
)
"""Complaints that supplements of vitamins and minerals are sold for; an editor's list."""

_NEGATION_EN = re.compile(
    r"\b(?:no|not|never|cannot|without|nor|neither)\b(?!\s+(?:only|just)\b)|n[’']t\b", re.I
)
_NEGATION_ZH = re.compile("(?:不(?![仅但只光])|未|没有|无(?!需)|并非|非|勿|别|严禁)")
_CLAUSE_END_EN = re.compile(r"[.;:!?]|\bbut\b|\n")
_CLAUSE_END_ZH = re.compile(r"[。；：！？，\n]|但")
_PRODUCT_TAG = re.compile(r"^\[\[product[\]:|]", re.M)
_DOUBLED = frozenset("bdgmnprt")
_FEWEST_INFLECTED = 3
"""Letters from which an English word takes endings here; shorter ones are little words."""


class _Near(NamedTuple):
    """A text near a product, and whether it is the product's own."""

    text: Text
    is_own: bool


def product_texts_promise_nothing(document: Document, context: DeskContext) -> Iterator[Finding]:
    """Therapeutic words of the editors' list in a product's texts, or beside its box.

    In the product's own words they stop; in the same or the neighbouring block they are a warning.
    A denial (“not intended to treat …”) is what labels must print, so it is only a note.
    """
    patterns = [
        (words, _pattern(words.phrase, words.language))
        for words in context.forbidden
        if words.language == document.language and words.phrase.strip()
    ]
    for near in _near_product(document):
        words = words_of(near.text.source, document)
        found = [
            (forbidden, match)
            for forbidden, pattern in patterns
            if (match := pattern.search(words))
        ]
        for forbidden, match in _longest(found):
            is_denied = all(_is_denied(words, one.start()) for one in match.re.finditer(words))
            severity = NOTE if is_denied else STOP if near.is_own else WARN
            yield near.text.finding(
                "therapeutic-words",
                severity,
                _message(forbidden, match[0], is_denied),
                max(0, near.text.source.find(match[0])),
            )


def _message(forbidden: ForbiddenWords, seen: str, is_denied: bool) -> str:
    if is_denied:
        message = _(
            "“%(words)s” is only denied here; make sure that no reader takes it as a claim."
        )
    else:
        message = _("“%(words)s” stands in or beside a product mention: write it another way.")
    return " ".join(filter(None, (message % {"words": seen}, forbidden.note)))


def _longest(found: list[tuple[ForbiddenWords, re.Match]]) -> list[tuple[ForbiddenWords, re.Match]]:
    """Without phrases that are part of a longer one at the same place."""
    return [
        (words, match)
        for words, match in found
        if not any(
            other is not match
            and other.start() <= match.start()
            and match.end() <= other.end()
            and len(other[0]) > len(match[0])
            for _words, other in found
        )
    ]


def _near_product(document: Document) -> Iterator[_Near]:
    mention = document.mention or document.hidden_mention
    if not mention:
        return
    for field in (mention.text, mention.gloss, mention.components, mention.label_note):
        if field.strip():
            yield _Near(Text(field, "@mention:text", kind="text"), True)
    units = _units_near(document)
    for text in printed_texts(document):
        if text.unit in units:
            yield _Near(text, False)


def _units_near(document: Document) -> set[str]:
    """The blocks that hold or name the product, and their neighbours with what these place."""
    ids = [block.id for block in document.blocks]
    near: set[str] = set()
    for place in _places_of_product(document):
        near.update(ids[max(0, place - 1) : place + 2])
    for block in document.blocks:
        if block.kind == "callouts" and block.id in near:
            keys = block.argument.split(",") if block.argument else document.callouts_by_key
            for key in keys:
                near |= {f"@callout:{key}:label", f"@callout:{key}:text"}
    return near


def _places_of_product(document: Document) -> list[int]:
    """Places of the top-level blocks that hold the product's box or name it."""
    mention = document.mention or document.hidden_mention
    names = [name for name in (mention.name, mention.brand) if name.strip()] if mention else []
    return [
        place
        for place, block in enumerate(document.blocks)
        if block.kind == "product"
        or (block.kind in CONTAINERS and _PRODUCT_TAG.search(block.source))
        or any(name.casefold() in f"{block.title}\n{block.source}".casefold() for name in names)
    ]


@lru_cache(maxsize=1024)
def _pattern(phrase: str, language: str) -> re.Pattern:
    """A phrase as it may be typed: English with its endings, Chinese with blanks inside."""
    if HAN_LETTER.search(phrase):
        return re.compile(
            r"\s?".join(re.escape(sign) for sign in phrase if not sign.isspace()), re.I
        )
    words = re.split(r"[\s-]+", phrase.strip())
    return re.compile(r"\b" + r"[\s-]+".join(_inflected(word) for word in words) + r"\b", re.I)


def _inflected(word: str) -> str:
    """“cure” → cure, cures, cured, curing; “remedy” → remedies; “stop” → stopped."""
    stem = re.escape(word)
    if len(word) < _FEWEST_INFLECTED or not word.isalpha():
        return stem
    if word.endswith("e"):
        return f"{stem[:-1]}(?:e|es|ed|er|ers|ing)"
    if word.endswith("y"):
        return f"{stem[:-1]}(?:y|ys|ies|ied|ying|yed)"
    doubled = f"{word[-1]}?" if word[-1] in _DOUBLED else ""
    return f"{stem}(?:s|es|{doubled}ed|{doubled}ing|{doubled}ers?)?"


def _is_denied(words: str, position: int) -> bool:
    """Whether a word of negation stands before, in the same clause."""
    before = words[max(0, position - 120) : position]
    is_chinese = bool(HAN_LETTER.match(words, position))
    ends, negation = (
        (_CLAUSE_END_ZH, _NEGATION_ZH) if is_chinese else (_CLAUSE_END_EN, _NEGATION_EN)
    )
    return bool(negation.search(ends.split(before)[-1]))


def symptoms_stand_apart(document: Document) -> Iterator[Finding]:
    """A product and a complaint in one block read as a promise, whatever the sentence says.

    The block is the product's box, the container around it, or any block that names it. The
    complaints are the labels of the article's callouts, and a fixed list.
    """
    mention = document.mention or document.hidden_mention
    if not mention:
        return
    pattern = _symptom_pattern(document)
    for text in _texts_with_product(document):
        if match := pattern.search(words_of(text.source, document)):
            yield text.finding(
                "product-symptom",
                STOP,
                _(
                    "“%(words)s” stands in one block with a product: move the product, or the "
                    "complaint, to a block of its own."
                )
                % {"words": match[0]},
                max(0, text.source.find(match[0])),
            )
    yield from _callouts_beside_product(document)


def _texts_with_product(document: Document) -> Iterator[Text]:
    mention = document.mention or document.hidden_mention
    yield Text(mention.text, "@mention:text", kind="text")
    places = _places_of_product(document)
    units = {document.blocks[place].id for place in places}
    for text in printed_texts(document):
        if text.unit in units:
            yield text


def _callouts_beside_product(document: Document) -> Iterator[Finding]:
    """A container that shows both the product and symptom cards."""
    for place in _places_of_product(document):
        block = document.blocks[place]
        if block.kind in CONTAINERS and "[[callouts" in block.source:
            yield Text(block.source, block.id, block.line).finding(
                "product-symptom",
                STOP,
                _("[[product]] and [[callouts]] stand in one block: divide it."),
            )


def _symptom_pattern(document: Document) -> re.Pattern:
    labels = [
        part.strip()
        for callout in document.callouts
        for part in re.split(r"[,，、;；/]", callout.label)
        if part.strip()
    ]
    return _any_of((*labels, *SYMPTOMS_EN, *SYMPTOMS_ZH))


@lru_cache(maxsize=64)
def _any_of(words: tuple[str, ...]) -> re.Pattern:
    latin = [re.escape(word) for word in words if not HAN_LETTER.search(word)]
    han = [re.escape(word) for word in words if HAN_LETTER.search(word)]
    bounded = rf"(?<![A-Za-z])(?:{'|'.join(sorted(latin, key=len, reverse=True))})(?![A-Za-z])"
    return re.compile("|".join([bounded, *sorted(han, key=len, reverse=True)]), re.I)


RULES = (
    Rule(
        "therapeutic-words",
        product_texts_promise_nothing,
        gettext_lazy("No therapeutic words near a product"),
        gettext_lazy(
            "A supplement is no medicine. Words such as cure or treat beside a product promise "
            "what it may not promise, and a reader may leave a medicine off for it."
        ),
        gettext_lazy(
            "Say what the product contains and who should ask first, or move the sentence away "
            "from it. The words are kept in the list of forbidden phrases."
        ),
        STOP,
        (CONTEXT,),
    ),
    Rule(
        "product-symptom",
        symptoms_stand_apart,
        gettext_lazy("Products and symptoms stand apart"),
        gettext_lazy("A symptom beside a product reads as a promise that the product relieves it."),
        gettext_lazy(
            "Give the product a block of its own, and describe symptoms in callouts that name no "
            "product."
        ),
        STOP,
    ),
)
