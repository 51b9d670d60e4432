"""Somebody else saved first: both texts are kept, put together as far as they go, and shown."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from articles import services
from articles.admin.desk.context import desk_context
from articles.admin.desk.draft import Draft
from articles.admin.desk.forms import FIELDS
from articles.admin.desk.segments import Segment
from articles.admin.desk.views import screen
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import compare_texts
from articles.comparing_labels import label_of
from articles.document import Document
from articles.markdown.blocks import block_source
from articles.merging import merge_documents
from articles.models import ArticleTranslation, Claim, Image, Product
from articles.units import units_of


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
    now = ArticleTranslation.objects.select_related("article").get(pk=translation.pk)
    theirs = build_document(now)
    base = _base(request, now) or theirs
    merged = merge_documents(base, mine, theirs)
    shown = Draft(now, form_data(merged.document, now), user=request.user)
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


def _base(request: HttpRequest, translation: ArticleTranslation) -> Document | None:
    """The text that the editor began with."""
    number = request.POST.get("base", "")
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        return None
    revision = translation.revisions.filter(number=int(number)).first()
    return revision.as_document() if revision else None


def _differences(
    units: tuple[str, ...], base: Document, mine: Document, theirs: Document
) -> list[Difference]:
    old, own, new = (
        {unit.id: unit.text for unit in units_of(document)} for document in (base, mine, theirs)
    )
    return [
        Difference(
            label_of(unit),
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
    segments = [Segment(block.id, block_source(block)) for block in document.blocks]
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


def _add_rows(data: QueryDict, prefix: str, rows: list[dict[str, str]], blank: int = 1) -> None:
    data[f"{prefix}-TOTAL_FORMS"] = str(len(rows) + blank)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
    for place, row in enumerate(rows):
        for name, value in row.items():
            data[f"{prefix}-{place}-{name}"] = value
        data[f"{prefix}-{place}-ORDER"] = str(place + 1)


def _figure_rows(document: Document, translation: ArticleTranslation) -> list[dict[str, str]]:
    pictures = {
        image.key: str(image.pk)
        for image in Image.objects.filter(article=None).union(
            Image.objects.filter(article=translation.article)
        )
    }
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
