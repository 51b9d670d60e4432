"""Somebody else saved first: both texts are kept, put together as far as they go, and shown."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from articles import services
from articles.admin.desk.context import desk_context
from articles.admin.desk.draft import Draft
from articles.admin.desk.forms import FIELDS
from articles.admin.desk.segments import Segment
from articles.admin.desk.views import find_text, screen
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import compare_texts
from articles.comparing_labels import label_of
from articles.document import Block, Document
from articles.markdown.blocks import block_source
from articles.merging import merge_documents, parts_of
from articles.models import ArticleTranslation, Claim, Image, Product

MADE_ID = re.compile(r"b[0-9a-f]{4}\Z")
"""An id that ``articles.parity`` made; an editor who types an address chooses words."""


@dataclass(frozen=True)
class Difference:
    """One passage that the other editor changed, and what this editor typed there."""

    label: str
    pieces: Any
    theirs: str
    mine: str


def conflict_screen(
    request: HttpRequest,
    translation: ArticleTranslation,
    draft: Draft,
    conflict: services.EditConflict,
) -> HttpResponse:
    """409 with the desk: what was typed, the other's changes put in where nobody else wrote.

    Nothing is saved. The next save is checked against the version shown here.
    """
    mine = draft.document()
    now = find_text(str(translation.pk))
    theirs = build_document(now)
    base = _base(draft, now)
    merged = merge_documents(base, mine, theirs)
    data = form_data(merged.document, now)
    data["note"] = request.POST.get("note", "")
    shown = Draft(now, data, user=request.user)
    shown.is_valid()
    findings = findings_for(now, shown.document())
    last = now.revisions.select_related("saved_by").order_by("-number").first()
    return screen(
        request,
        "desk",
        now,
        {
            **desk_context(request, now, shown, merged.document, findings, is_whole=False),
            "conflict": conflict,
            "last": last,
            "clashes": _differences(merged.clashes, base, mine, theirs),
            "taken": _differences(merged.taken, base, mine, theirs),
        },
        title=_("Somebody else saved first"),
        status=409,
    )


def _base(draft: Draft, translation: ArticleTranslation) -> Document:
    """The text that the editor began with. Where it is unknown, an empty one: then every
    difference counts as made by both, and is shown."""
    number = draft.base
    if number.isascii() and number.isdigit() and len(number) <= 9:
        revision = translation.revisions.filter(number=int(number)).first()
        if revision:
            return revision.as_document()
    return Document(translation.language, "", "", title="", standfirst="")


def _differences(
    units: tuple[str, ...], base: Document, mine: Document, theirs: Document
) -> list[Difference]:
    old, own, new = (
        {part.id: part.text for part in parts_of(document)} for document in (base, mine, theirs)
    )
    kinds = {part.id: part.kind for document in (base, theirs, mine) for part in parts_of(document)}
    return [
        Difference(
            label_of(unit, kinds[unit]),
            compare_texts(old.get(unit, ""), new.get(unit, ""), theirs.language),
            new.get(unit, ""),
            own.get(unit, ""),
        )
        for unit in units
    ]


def form_data(document: Document, translation: ArticleTranslation) -> QueryDict:
    """A document as the desk's form would send it."""
    data = QueryDict(mutable=True)
    for name in FIELDS:
        data[name] = getattr(document, name)
    data["version"] = str(translation.version)
    data["base"] = str(getattr(translation, "base", None) or 0)
    segments = [Segment(block.id, _as_typed(block)) for block in document.blocks]
    data.setlist("body", [segment.text for segment in segments])
    data.setlist("body-unit", [segment.unit for segment in segments])
    _add_rows(data, "figures", _figure_rows(document, translation))
    _add_rows(
        data,
        "callouts",
        [
            {"key": row.key, "icon": row.icon, "label": row.label, "text": row.text}
            for row in document.callouts
        ],
    )
    _add_rows(data, "statements", _statement_rows(document, translation), blank=0)
    mention = document.mention or document.hidden_mention
    product = Product.objects.filter(key=mention.product).first() if mention else None
    data["mention-product"] = str(product.pk) if product else ""
    data["mention-text"] = mention.text if mention else ""
    return data


def _as_typed(block: Block) -> str:
    """A block's text without an address that nobody typed: the piece carries its id already."""
    return block_source(replace(block, id="") if MADE_ID.match(block.id) else block)


def _add_rows(data: QueryDict, prefix: str, rows: list[dict[str, str]], blank: int = 1) -> None:
    data[f"{prefix}-TOTAL_FORMS"] = str(len(rows) + blank)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
    for place, row in enumerate(rows):
        for name, value in row.items():
            data[f"{prefix}-{place}-{name}"] = value
        data[f"{prefix}-{place}-ORDER"] = str(place + 1)


def _figure_rows(document: Document, translation: ArticleTranslation) -> list[dict[str, str]]:
    # Of two with one key the article's own comes last and counts.
    rows = Image.objects.filter(Q(article=None) | Q(article=translation.article))
    ordered = sorted(rows.values_list("article_id", "key", "pk"), key=lambda row: row[0] or 0)
    pictures = {key: str(number) for _article, key, number in ordered}
    return [
        {
            "key": figure.key,
            "image": pictures.get(figure.image.key, ""),
            "narrow_image": pictures.get(figure.narrow_image.key, "")
            if figure.narrow_image
            else "",
            "alt": figure.alt,
            "caption": figure.caption,
            "text": figure.text,
        }
        for figure in document.figures
    ]


def _statement_rows(document: Document, translation: ArticleTranslation) -> list[dict[str, str]]:
    words = document.statements_by_claim
    return [
        {
            "claim": str(claim.pk),
            "text": words[claim.key].text if claim.key in words else "",
            "basis": words[claim.key].basis if claim.key in words else "",
        }
        for claim in Claim.objects.filter(article=translation.article)
    ]
