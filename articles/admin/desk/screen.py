"""The desk itself: see a text beside its other language, type, check, save."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from articles import services
from articles.admin import access
from articles.admin.desk.conflicts import conflict_screen
from articles.admin.desk.context import desk_context
from articles.admin.desk.draft import Draft
from articles.admin.desk.live import autosaved_data
from articles.admin.desk.views import address, screen, text_view, without_nul
from articles.checking import findings_for
from articles.models import ArticleTranslation


@text_view("change", "change/", may=access.can_see, methods=("GET", "HEAD", "POST"))
def desk(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Show the desk, judge what was typed (``_check``), or save it."""
    if not access.can_edit(request.user, translation):
        return HttpResponseRedirect(address("review", translation))
    if request.method != "POST":
        return _show(request, translation, _saved_or_recovered(request, translation))
    draft = Draft(translation, request.POST, request.FILES, user=request.user)
    is_valid = draft.is_valid()
    if "_check" in request.POST:
        return _show(request, translation, draft, is_checked=True)
    if not is_valid:
        return _show(request, translation, draft, status=422)
    return _save(request, translation, draft)


def _save(request: HttpRequest, translation: ArticleTranslation, draft: Draft) -> HttpResponse:
    confirmed = request.POST.getlist("still-correct")
    note = without_nul(request.POST.get("note", "")).strip()
    try:
        revision = draft.save(note=note, confirmed=confirmed)
    except services.EditConflict as conflict:
        return conflict_screen(request, translation, draft, conflict)
    translation = ArticleTranslation.objects.select_related("article").get(pk=translation.pk)
    findings = findings_for(translation)
    services.note_findings(translation, findings)
    translation.autosaves.filter(user=request.user).delete()
    messages.success(
        request,
        _("Saved as revision %(number)s. Readers see the change when it is published.")
        % {"number": revision.number},
    )
    if stops := sum(finding.is_stop for finding in findings):
        messages.warning(
            request,
            _("%(count)s finding(s) stop the publication of this text: see the list of checks.")
            % {"count": stops},
        )
    target = _next_screen(request)
    query = "?view=whole" if target == "change" and _is_whole(request) else ""
    return HttpResponseRedirect(address(target, translation) + query)


def _next_screen(request: HttpRequest) -> str:
    """Where the button that saved leads."""
    return next((name for name in ("publish", "review") if f"_{name}" in request.POST), "change")


def _saved_or_recovered(request: HttpRequest, translation: ArticleTranslation) -> Draft:
    data: QueryDict | None = None
    if "recover" in request.GET:
        data = autosaved_data(translation, request.user)
    draft = Draft(translation, data, user=request.user, is_whole=_is_whole(request))
    if data is not None:
        draft.is_valid()
    return draft


def _is_whole(request: HttpRequest) -> bool:
    """Whether the body is one text area instead of one for each block."""
    return (request.POST or request.GET).get("view") == "whole"


def _show(
    request: HttpRequest,
    translation: ArticleTranslation,
    draft: Draft,
    *,
    is_checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    document = draft.document()
    findings = findings_for(translation, document)
    return screen(
        request,
        "desk",
        translation,
        {
            **desk_context(
                request, translation, draft, document, findings, is_whole=_is_whole(request)
            ),
            "is_checked": is_checked,
            "autosave": None
            if draft.form.is_bound
            else translation.autosaves.filter(user=request.user).first(),
        },
        title=translation.title,
        status=status,
    )
