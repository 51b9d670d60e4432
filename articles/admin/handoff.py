"""The hand-off page of a translation: a file for a translator, and the file back.

Nothing is kept between the preview of an upload and its confirmation: the page carries what was
read, signed, so that only what was checked can be confirmed, by the same editor, for the same text.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import audit, services
from articles.admin import access
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import Piece, compare_texts
from articles.document import Document
from articles.models import ArticleTranslation
from articles.services.saving import source_of
from articles.units import Unit, units_of
from articles.xliff.applying import Plan, UnitChange, apply_handoff, plan_handoff
from articles.xliff.names import MAX_BYTES
from articles.xliff.problems import HandoffProblem, HandoffRefused
from articles.xliff.reader import Handoff, HandoffUnit, examine_xliff, too_large_message
from articles.xliff.writer import export_xliff
from healthsite import languages

SALT = "articles.handoff"

MAX_AGE = 12 * 3600
"""Seconds for which a preview can be confirmed: a working day."""

MEDIA_TYPE = "application/xliff+xml"
"""As OASIS registered it with IANA."""


def handoff_urls(admin_site: AdminSite) -> list[URLPattern]:
    """The routes below ``articles/articletranslation/``; they go before the admin's own."""
    views = _HandoffViews(admin_site)
    routes = [
        ("<int:pk>/handoff/", views.page, "handoff"),
        ("<int:pk>/handoff/file/", views.file, "handoff_file"),
        ("<int:pk>/handoff/apply/", views.apply, "handoff_apply"),
    ]
    return [
        path(route, admin_site.admin_view(view), name=f"articles_articletranslation_{name}")
        for route, view, name in routes
    ]


class HandoffForm(forms.Form):
    """The upload. What is in the file is judged by ``articles.xliff``."""

    file = forms.FileField(
        label=gettext_lazy("Translated file"),
        allow_empty_file=True,
        help_text=gettext_lazy("XLIFF 2.0, as it was exported here. Nothing is imported yet."),
        error_messages={"required": gettext_lazy("Choose the translated file.")},
        widget=forms.FileInput(attrs={"accept": ".xlf,.xliff,application/xliff+xml"}),
    )

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(too_large_message())
        return upload


@dataclass(frozen=True)
class ShownChange:
    """A change with its difference, as the preview prints it."""

    change: UnitChange
    pieces: tuple[Piece, ...]


class _HandoffViews:
    def __init__(self, admin_site: AdminSite) -> None:
        self.admin_site = admin_site
        self.page = require_http_methods(["GET", "HEAD", "POST"])(self._page)
        self.file = require_safe(self._file)
        self.apply = require_POST(self._apply)

    def _page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET shows what there is to do; POST reads an upload and shows what it would change."""
        translation = _editable(request, pk)
        if request.method != "POST":
            return self._show(request, translation, HandoffForm())
        form = HandoffForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, translation, form, status=400)
        try:
            handoff, problems = examine_xliff(form.cleaned_data["file"].read())
            plan = plan_handoff(translation, handoff, problems)
        except HandoffRefused as refusal:
            return self._show(
                request, translation, HandoffForm(), problems=refusal.problems, status=400
            )
        return self._preview(request, translation, handoff, plan)

    def _file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The file for the translator, made now."""
        translation = _editable(request, pk)
        source = source_of(translation)
        if source is None:
            return HttpResponseRedirect(_address("handoff", translation))
        source_document, target = build_document(source), build_document(translation)
        article = translation.article
        audit.record(audit.Act.EXPORTED, translation, user=request.user, format="XLIFF 2.0")
        data = export_xliff(
            source_document,
            target,
            translation.language,
            original=article.slug,
            stale={unit.id for unit in _lagging(translation, source_document, target)},
            version=translation.version,
        )
        name = f"{article.slug}.{languages.BY_CODE[translation.language].tag}.xlf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(data, content_type=MEDIA_TYPE, headers=headers)

    def _apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import what the preview showed, except what the editor left out."""
        translation = _editable(request, pk)
        seen = _unsigned(request, translation)
        if seen is None:
            messages.error(request, _("The preview has expired. Upload the file again."))
            return HttpResponseRedirect(_address("handoff", translation))
        handoff, version = seen
        left = set(request.POST.getlist("leave"))
        try:
            revision = apply_handoff(
                translation,
                handoff,
                user=request.user,
                expected_version=version,
                take=handoff.units.keys() - left,
            )
        except services.EditConflict:
            translation.refresh_from_db()
            return self._again(request, translation, handoff, left)
        except HandoffRefused as refusal:
            return self._show(
                request, translation, HandoffForm(), problems=refusal.problems, status=400
            )
        done = _("Imported. Readers see the change when it is published.")
        message = done if revision else _("Nothing was imported: every text was left as it is.")
        messages.success(request, message)
        return HttpResponseRedirect(_address("handoff", translation))

    def _again(
        self, request: HttpRequest, translation: ArticleTranslation, handoff: Handoff, left: set
    ) -> HttpResponse:
        """Somebody saved meanwhile: the same preview against the text as it is now."""
        try:
            plan = plan_handoff(translation, handoff)
        except HandoffRefused as refusal:
            problems = refusal.problems
            return self._show(request, translation, HandoffForm(), problems=problems, status=409)
        return self._preview(request, translation, handoff, plan, left=left, status=409)

    def _show(
        self,
        request: HttpRequest,
        translation: ArticleTranslation,
        form: HandoffForm,
        *,
        problems: tuple[HandoffProblem, ...] = (),
        status: int = 200,
    ) -> HttpResponse:
        source = source_of(translation)
        context: dict[str, Any] = {"form": form, "problems": problems, "source": source}
        if source:
            source_document, target = build_document(source), build_document(translation)
            present = {unit.id for unit in units_of(target)}
            handed = [unit for unit in units_of(source_document) if unit.has_words]
            context |= {
                "count": len(handed),
                "missing": sum(unit.id not in present for unit in handed),
                "lagging": len(_lagging(translation, source_document, target)),
                "findings": findings_for(translation, target),
            }
        else:
            others = translation.article.translations.exclude(pk=translation.pk)
            is_source = translation.language == translation.article.source_language
            context["others"] = [
                (languages.BY_CODE[other.language], _address("handoff", other))
                for other in (others if is_source else ())
            ]
        return self._render(request, "handoff", translation, context, status)

    def _preview(
        self,
        request: HttpRequest,
        translation: ArticleTranslation,
        handoff: Handoff,
        plan: Plan,
        *,
        left: set[str] = frozenset(),
        status: int = 200,
    ) -> HttpResponse:
        shown = [
            ShownChange(change, compare_texts(change.before, change.after, translation.language))
            for change in plan.changes
        ]
        context = {
            "plan": plan,
            "changes": shown,
            "left": left,
            "is_conflict": status == 409,
            "has_moved": plan.version != handoff.version,
            "summary": _summary(plan),
            "source_language": languages.BY_CODE[translation.article.source_language],
            "token": _signed(request, translation, handoff, plan),
        }
        return self._render(request, "handoff_preview", translation, context, status)

    def _render(
        self,
        request: HttpRequest,
        template: str,
        translation: ArticleTranslation,
        context: dict[str, Any],
        status: int,
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Hand-off to a translator"),
            "subtitle": translation.title,
            "opts": ArticleTranslation._meta,
            "translation": translation,
            "language": languages.BY_CODE[translation.language],
            "addresses": {
                name: _address(name, translation)
                for name in ("change", "handoff", "handoff_file", "handoff_apply")
            },
        }
        return TemplateResponse(
            request, f"admin/articles/{template}.html", frame | context, status=status
        )


def _editable(request: HttpRequest, pk: int) -> ArticleTranslation:
    """The text, for somebody who may change it; else 403 or 404."""
    translation = get_object_or_404(ArticleTranslation.objects.select_related("article"), pk=pk)
    if not access.can_edit(request.user, translation):
        raise PermissionDenied
    return translation


def _address(name: str, translation: ArticleTranslation) -> str:
    return reverse(f"admin:articles_articletranslation_{name}", args=[translation.pk])


def _lagging(translation: ArticleTranslation, source: Document, target: Document) -> list[Unit]:
    """Units that are translated, but whose source has changed since."""
    present = {unit.id for unit in units_of(target)}
    known = translation.source_hashes
    return [
        unit
        for unit in units_of(source)
        if unit.has_words and unit.id in present and known.get(unit.id) != unit.digest
    ]


def _summary(plan: Plan) -> list[str]:
    """What the file holds besides changes, one sentence each."""
    confirmed, dropped, left = len(plan.confirmed), len(plan.dropped), plan.untranslated
    counted = [
        (
            confirmed,
            ngettext(
                "%(n)s text stays as it is, and the translator says it is still right.",
                "%(n)s texts stay as they are, and the translator says they are still right.",
                confirmed,
            ),
        ),
        (
            left,
            ngettext(
                "%(n)s text of the file is not translated.",
                "%(n)s texts of the file are not translated.",
                left,
            ),
        ),
        (
            dropped,
            ngettext(
                "%(n)s text is left out: the source no longer has it.",
                "%(n)s texts are left out: the source no longer has them.",
                dropped,
            ),
        ),
    ]
    return [sentence % {"n": count} for count, sentence in counted if count]


def _signed(
    request: HttpRequest, translation: ArticleTranslation, handoff: Handoff, plan: Plan
) -> str:
    """What the preview showed: only the units that it would write."""
    wanted = [change.id for change in plan.changes] + list(plan.confirmed)
    data = {
        "user": request.user.pk,
        "translation": translation.pk,
        "seen": plan.version,
        "handoff": {
            **asdict(handoff),
            "units": {unit: asdict(handoff.units[unit]) for unit in wanted},
        },
    }
    return signing.dumps(data, salt=SALT, compress=True)


def _unsigned(request: HttpRequest, translation: ArticleTranslation) -> tuple[Handoff, int] | None:
    """The hand-off of a preview and the version it showed; None if it is not ours, or too old."""
    try:
        data = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    if (data["user"], data["translation"]) != (request.user.pk, translation.pk):
        return None
    units = {unit: HandoffUnit(**values) for unit, values in data["handoff"].pop("units").items()}
    return Handoff(**data["handoff"], units=units), data["seen"]
