"""Is a claim put with the same certainty in both languages."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import WARN, Finding
from articles.desk.rules import COUNTERPART, Rule
from articles.desk.texts import Text
from articles.desk.words import words_of
from articles.document import Document
from healthsite import languages

POSSIBLE, SUGGESTED, ASSOCIATED, STATED, PROVEN = range(5)
"""How sure a sentence is, from least to most; a sentence without any of the words is stated."""

_ENGLISH = {
    POSSIBLE: (
        r"\b(?:may|might|could|perhaps|possibl[ey]|potential(?:ly)?|appears?|seems?|hints?|hinted|"
        r"unclear|uncertain|unproven|unknown|still being studied|likely)\b|"
        r"\b(?:not|never|no)\b[^.;]{0,20}\b(?:shown|proven?|proved|established|confirmed|known)\b"
    ),
    SUGGESTED: r"\b(?:suggest(?:s|ed|ing|ive)?|indicat(?:es?|ed|ing))\b",
    ASSOCIATED: r"\b(?:associat(?:ed|ions?)|link(?:s|ed)?|correlat(?:es?|ed|ions?))\b",
    PROVEN: r"\b(?:pro(?:ves?|ved|ven)|demonstrat(?:es?|ed)|confirm(?:s|ed)?|establish(?:es|ed)|"
    r"(?:has|have|had) (?:been )?shown)\b",
}
_CHINESE = {
    POSSIBLE: (
        "可能|或许|也许|或有|或能|或可|或会|似乎|看来|有望|不明确|不清楚|尚不明|未知|仍在研究|有待|"
        "(?:未|没有|无法|不能|待)(?:得到|被|获)?(?:充分)?(?:证实|证明|确立|确认|明确)"
    ),
    SUGGESTED: "提示|暗示|显示|表明",
    ASSOCIATED: "有?关联|相关|有关|联系",
    PROVEN: "证明|证实|确证|已确立",
}
_EITHER = {
    True: re.compile("[会能]|可以"),
    False: re.compile(r"\bcan\b", re.IGNORECASE),
}
"""Words that are hedges in one sentence and none in the next: they fit stated and possible."""


def _compiled(vocabulary: dict[int, str]) -> dict[int, re.Pattern]:
    return {level: re.compile(words, re.IGNORECASE) for level, words in vocabulary.items()}


_VOCABULARY = {True: _compiled(_CHINESE), False: _compiled(_ENGLISH)}


def hedges_agree(document: Document, counterpart: Document) -> Iterator[Finding]:
    """The statement of a claim is as sure in one language as in the other.

    A sentence is as sure as the weakest word in it. Only statements are compared: in longer texts
    the sentences of two languages do not correspond.
    """
    others = counterpart.statements_by_claim
    for statement in document.statements:
        other = others.get(statement.claim)
        if not other or not statement.text.strip() or not other.text.strip():
            continue
        here, word_here = _level(statement.text, document)
        there, word_there = _level(other.text, counterpart)
        if not here & there:
            unit = f"@statement:{statement.claim}:text"
            message = _(
                "This language says it with “%(here)s”, the other with “%(there)s”: one is surer "
                "than the other. Give both the certainty that the evidence has."
            ) % {"here": word_here, "there": word_there}
            yield Text(statement.text, unit, kind="text").finding("hedge-differs", WARN, message)


def _level(source: str, document: Document) -> tuple[frozenset[int], str]:
    """How sure a text may be taken to be, and the word that says so."""
    words = words_of(source, document)
    is_chinese = languages.BY_CODE[document.language].is_chinese
    for level in (POSSIBLE, SUGGESTED, ASSOCIATED, PROVEN):
        if match := _VOCABULARY[is_chinese][level].search(words):
            return frozenset({level}), match[0]
    if match := _EITHER[is_chinese].search(words):
        return frozenset({POSSIBLE, STATED}), match[0]
    return frozenset({STATED}), _("a plain statement")


RULES = (
    Rule(
        "hedge-differs",
        hedges_agree,
        gettext_lazy("Claims are equally certain in both languages"),
        gettext_lazy(
            "“May help” in one language and “helps” in the other are two different claims, and the "
            "same evidence cannot support both."
        ),
        gettext_lazy(
            "Use words of equal strength: may · 可能; suggests · 提示; is associated with · 相关; "
            "causes · 导致; proves · 证明."
        ),
        WARN,
        (COUNTERPART,),
    ),
)
