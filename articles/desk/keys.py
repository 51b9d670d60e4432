"""Does every key that is typed stand for something."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, Finding
from articles.desk.rules import Rule
from articles.desk.texts import all_blocks, all_texts
from articles.document import Document
from articles.markdown.extension import CITATION, CITATION_KEY, CLAIM, FOOTNOTE, TERM

MAX_GUESSES = 50
"""Unknown keys of a text for which a like one is looked for: each is held against every key."""

_KEYS_OF_TAG = {"figure": "figure", "callouts": "callout", "key-points": "claim"}
_BETWEEN_KEYS = re.compile(r"[\s;,；，、]+")
_FOOTNOTE_NAME = re.compile(r"^\[\^([^\]\s]+)\]:", re.M)


def keys_are_known(document: Document) -> Iterator[Finding]:
    """Unknown or misspelt keys of citations, claims, terms, footnotes, figures and callouts."""
    footnotes = {
        name
        for block in document.blocks
        if block.kind == "footnote"
        for name in _FOOTNOTE_NAME.findall(block.source)
    }
    known = {
        "reference": set(document.references_by_key),
        "citation": set(),
        "claim": set(document.statements_by_claim),
        "term": set(document.terms_by_key),
        "footnote": footnotes,
        "figure": set(document.figures_by_key),
        "callout": set(document.callouts_by_key),
    }
    unknown = (item for item in _keys_used(document) if item[1] not in known[item[0]])
    for place, (kind, key, where, unit, line) in enumerate(unknown):
        like = known[kind] if place < MAX_GUESSES else ()
        block_id = "" if unit.startswith("@") else unit
        yield Finding("unknown-key", STOP, _unknown(kind, key, like), where, block_id, line, unit)


def _keys_used(document: Document) -> Iterator[tuple[str, str, str, str, int]]:
    """Kind, key, where in words, unit and line of every key that is typed."""
    for block in all_blocks(document):
        if kind := _KEYS_OF_TAG.get(block.kind):
            for key in filter(None, block.argument.split(",")):
                yield kind, key, "", block.id, block.line
    if document.lead_figure:
        yield "figure", document.lead_figure, capfirst(_("lead figure")), "", 0
    for text in all_texts(document):
        for offset, line_text in enumerate(text.source.split("\n")):
            line = text.line + offset if text.line else 0
            for kind, key in _inline_keys(line_text):
                yield kind, key, text.where, text.unit, line


def _inline_keys(text: str) -> Iterator[tuple[str, str]]:
    for match in CITATION.finditer(text):
        parts = [part for part in _BETWEEN_KEYS.split(match[0][1:-1]) if part]
        keys = [CITATION_KEY.fullmatch(part) for part in parts]
        yield from (("reference", key[1]) for key in keys if key)
        if not all(keys):
            rest = " ".join(part for part, key in zip(parts, keys, strict=True) if not key)
            yield "citation", rest
    for match in CLAIM.finditer(text):
        yield "claim", match[1].strip()
    for match in TERM.finditer(text):
        yield "term", match[1].strip()
    if not _FOOTNOTE_NAME.match(text):
        for match in FOOTNOTE.finditer(text):
            yield "footnote", match[1]


def _unknown(kind: str, key: str, known: Iterable[str]) -> str:
    messages = {
        "reference": _("No reference has the key “%(key)s”: add it, or correct the key."),
        "citation": _("“%(key)s” is no key of a citation: type [@one] or [@one; @two]."),
        "claim": _("No claim has the key “%(key)s” in this language: add its statement."),
        "term": _(
            "The glossary has no term “%(key)s” in this language: add it, or correct the key."
        ),
        "footnote": _("The footnote [^%(key)s] has no text: add a line [^%(key)s]: …"),
        "figure": _(
            "No figure has the key “%(key)s” in this language: add it, or correct the key."
        ),
        "callout": _(
            "No callout has the key “%(key)s” in this language: add it, or correct the key."
        ),
    }
    message = messages[kind] % {"key": key}
    near = get_close_matches(key, sorted(known), n=1)
    if near:
        message += " " + _("Did you mean “%(key)s”?") % {"key": near[0]}
    return message


RULES = (
    Rule(
        "unknown-key",
        keys_are_known,
        gettext_lazy("Every key stands for something"),
        gettext_lazy("What an unknown key stands for is missing from the page, silently."),
        gettext_lazy(
            "Correct the key, or add the reference, claim, term, figure or callout it names."
        ),
        STOP,
    ),
)
