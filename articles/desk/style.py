"""Can it be read easily: sentences, abbreviations and punctuation."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import NOTE, Finding
from articles.desk.rules import Rule
from articles.desk.texts import Text, printed_texts
from articles.desk.words import OBJECT, sentences_of, words_of
from articles.document import Document
from articles.markdown.extension import HAN
from articles.reading import count_units
from healthsite import languages

MAX_HAN = 60
"""Characters of a Chinese sentence; a number or a foreign word counts as one."""

MAX_WORDS = 30
"""Words of an English sentence. Both limits are the site's own."""

COMMON_ABBREVIATIONS = frozenset(
    (
        *("IU", "DNA", "RNA", "WHO", "UN", "EU", "UK", "US", "USA", "NZ", "AU", "FDA", "NHS"),
        *("NIH", "DOI", "PMID", "ISBN", "URL", "IP", "PDF", "GPS", "TV", "ID", "FAQ", "OK", "MIT"),
        *("AM", "PM", "BMI", "HIV", "AIDS", "COVID", "CT", "MRI", "HTML", "RSS", "CC", "BY"),
        *("SA", "SVG", "UTC", "AD", "BC"),
    )
)
"""Abbreviations that most readers know better than the words they stand for."""

_ABBREVIATION = re.compile(r"(?<![A-Za-z0-9\-])[A-Z]{2,}(?=s?(?![A-Za-z0-9]|-\d))")
_HALF_WIDTH = re.compile(
    rf"(?<=[{HAN}]) ?[,;:!?()\"]|(?<=[{HAN}])\.(?=[{HAN}\s]|\Z)|(?<![\n])[,;:!?()\"] ?(?=[{HAN}])"
)
_DEFINITION = re.compile(r"^\s*:\s+", re.M)
_AROUND = 200
"""Characters on either side of an abbreviation in which its explanation is looked for."""

_SKIPPED_KINDS = frozenset({"seo-title", "seo-description", "alt", "label", "table"})


def sentences_are_short(document: Document) -> Iterator[Finding]:
    """The longest sentence of a text, where it is too long."""
    is_chinese = languages.BY_CODE[document.language].is_chinese
    most = MAX_HAN if is_chinese else MAX_WORDS
    for text in printed_texts(document):
        if text.kind in _SKIPPED_KINDS or len(text.source) <= most:
            continue
        sentences = sentences_of(words_of(text.source, document), is_chinese)
        longest = max(sentences, key=_length, default="")
        if (length := _length(longest)) > most:
            message = (
                _("%(count)s characters in one sentence: “%(start)s…”. Divide it.")
                if is_chinese
                else _("%(count)s words in one sentence: “%(start)s…”. Divide it.")
            )
            start = longest[:14] if is_chinese else " ".join(longest.split()[:5])
            position = max(0, text.source.find(start))
            yield text.finding(
                "sentence-length", NOTE, message % {"count": length, "start": start}, position
            )


def _length(sentence: str) -> int:
    return sum(count_units(sentence))


def abbreviations_are_explained(document: Document) -> Iterator[Finding]:
    """Capitals that neither the glossary nor brackets at their first use explain."""
    seen = set(COMMON_ABBREVIATIONS)
    for term in document.terms:
        seen.update(_ABBREVIATION.findall(f"{term.term} {term.abbreviation}"))
    for text in printed_texts(document):
        words = words_of(text.source, document)
        for match in _ABBREVIATION.finditer(words):
            if match[0] in seen:
                continue
            seen.add(match[0])
            if not _is_expanded(words, match) and not _is_shouted(words, match):
                yield text.finding(
                    "abbreviation",
                    NOTE,
                    _(
                        "“%(words)s” is not explained where it is first used: write it out, with "
                        "the abbreviation in brackets, or link it to the glossary."
                    )
                    % {"words": match[0]},
                    max(0, text.source.find(match[0])),
                )


def _is_expanded(words: str, match: re.Match) -> bool:
    """“randomised trial (RCT)”, or “RCT (randomised trial)”."""
    before = words[max(0, match.start() - _AROUND) : match.start()].rstrip()
    after = words[match.end() : match.end() + _AROUND].lstrip("s ")
    in_brackets = re.search(rf"[A-Za-z{HAN}\d”’][^\S\n]*[（(]\Z", before) and re.match(
        r"[）),，;；]", after
    )
    explained_after = re.match(rf"[（(][^（()）]*[A-Za-z{HAN}]{{2}}", after)
    return bool(in_brackets or explained_after)


def _is_shouted(words: str, match: re.Match) -> bool:
    """A line that is all in capitals is no abbreviation."""
    before = words[max(0, match.start() - _AROUND) : match.start()].rpartition("\n")[2]
    after = words[match.end() : match.end() + _AROUND].partition("\n")[0]
    line = f"{before}{match[0]}{after}"
    return len(_ABBREVIATION.findall(line)) > 2 and line.upper() == line


def chinese_punctuation_is_full_width(document: Document) -> Iterator[Finding]:
    """Half-width signs that touch a Han character; not in code, addresses or marks."""
    if not languages.BY_CODE[document.language].is_chinese:
        return
    for text in printed_texts(document):
        words = _DEFINITION.sub("", words_of(text.source, document))
        found = list(_HALF_WIDTH.finditer(words))
        if found:
            around = words[max(0, found[0].start() - 6) : found[0].end() + 6]
            yield text.finding(
                "half-width",
                NOTE,
                _("Half-width punctuation in Chinese: “%(around)s”. Type ，。：；？！（） instead.")
                % {"around": around.replace(OBJECT, "").strip()},
                _position(text, found[0], words),
            )


def _position(text: Text, match: re.Match, words: str) -> int:
    """About where in the source: the words have lost their marks, but not their lines."""
    line = words.count("\n", 0, match.start())
    return sum(len(part) + 1 for part in text.source.split("\n")[:line])


RULES = (
    Rule(
        "sentence-length",
        sentences_are_short,
        gettext_lazy("Sentences are short"),
        gettext_lazy(
            "Long sentences are hard for tired, ill and older readers, and hard to translate."
        ),
        gettext_lazy(
            "Divide a Chinese sentence above 60 characters, an English one above 30 words."
        ),
        NOTE,
    ),
    Rule(
        "abbreviation",
        abbreviations_are_explained,
        gettext_lazy("Abbreviations are explained"),
        gettext_lazy("Capitals that nobody has explained stop a reader (WCAG 3.1.4)."),
        gettext_lazy(
            "At its first use write “randomised controlled trial (RCT)”, or link the glossary: "
            "[[term:rct|RCT]]."
        ),
        NOTE,
    ),
    Rule(
        "half-width",
        chinese_punctuation_is_full_width,
        gettext_lazy("Chinese text has Chinese punctuation"),
        gettext_lazy(
            "A half-width sign between Han characters is set too tight and breaks the line badly."
        ),
        gettext_lazy("Type ，。：；？！（） and “ ” between Han characters."),
        NOTE,
    ),
)
