"""What the desk's template prints."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from articles.admin.desk.draft import Draft
from articles.admin.desk.pairing import Pairing, texts_of
from articles.admin.desk.pickers import pickers
from articles.admin.desk.state import present_editors
from articles.desk import NOTE, STOP, WARN, Finding
from articles.document import Document
from articles.models import ArticleTranslation


def desk_context(
    request: HttpRequest,
    translation: ArticleTranslation,
    draft: Draft,
    document: Document,
    findings: Sequence[Finding],
    *,
    is_whole: bool,
) -> dict[str, Any]:
    """What the desk's template prints, on every screen that is a desk."""
    pairing = Pairing(translation)
    rows = pairing.rows(draft.segments, is_whole=is_whole)
    by_unit: dict[str, list[Finding]] = {}
    for finding in findings:
        by_unit.setdefault(finding.unit or finding.block_id, []).append(finding)
    for row in rows:
        row.findings = by_unit.get(row.unit, [])
    theirs = texts_of(pairing.document)
    return {
        "draft": draft,
        "form": draft.form,
        "draft_errors": draft.form.is_bound and any(_errors_of(part) for part in draft.parts),
        "rows": rows,
        "is_whole": is_whole,
        "pickers": pickers(translation, document),
        "findings": findings,
        "findings_by_unit": by_unit,
        "counts": {
            "stops": sum(finding.severity == STOP for finding in findings),
            "warnings": sum(finding.severity == WARN for finding in findings),
            "notes": sum(finding.severity == NOTE for finding in findings),
        },
        "stale": pairing.stale,
        "field_rows": [
            (
                draft.form[name],
                f"unit-{unit}",
                theirs.get(f"@{unit}", ""),
                pairing.stale.get(f"@{unit}"),
            )
            for name, unit in _PAIRED_FIELDS
        ],
        "plain_fields": [draft.form[name] for name in _PLAIN_FIELDS],
        "theirs": theirs,
        "present": present_editors(translation, request.user),
        "claims": {str(claim.pk): claim for claim in translation.article.claims.all()},
    }


def _errors_of(part) -> bool:
    """Whether a form or a set of forms has anything to mend."""
    if hasattr(part, "forms"):
        return any(part.errors) or bool(part.non_form_errors())
    return bool(part.errors)


_PAIRED_FIELDS = (
    ("title", "title"),
    ("standfirst", "standfirst"),
    ("edition_note", "edition-note"),
)
_PLAIN_FIELDS = ("seal", "original_label", "seo_title", "seo_description")
