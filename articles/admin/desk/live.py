"""Live niceties of the desk: drafts kept while typing, who else is here, checks while typing."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from articles.admin import access
from articles.admin.desk.draft import Draft
from articles.admin.desk.state import present_editors
from articles.admin.desk.views import address, text_view, without_nul
from articles.checking import findings_for
from articles.models import ArticleTranslation, Autosave, Presence

_NOT_KEPT = ("csrfmiddlewaretoken",)


@text_view("autosave", "autosave/", may=access.can_edit, methods=("POST",))
def autosave(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Keep what is typed in a side store. The text itself is not touched."""
    data = {
        without_nul(name): [without_nul(value) for value in values]
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
    }
    version = request.POST.get("version", "")
    is_number = version.isascii() and version.isdigit() and len(version) <= 9
    Autosave.objects.update_or_create(
        translation=translation,
        user=request.user,
        defaults={
            "data": data,
            "version": int(version) if is_number else 0,
        },
    )
    return JsonResponse({"version": translation.version})


@text_view("discard", "autosave/discard/", may=access.can_edit, methods=("POST",))
def discard(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Throw away one's own unsaved draft."""
    translation.autosaves.filter(user=request.user).delete()
    return HttpResponseRedirect(address("change", translation))


def autosaved_data(translation: ArticleTranslation, user) -> QueryDict | None:
    """One's own unsaved draft as form data, over the version it was typed over."""
    kept = translation.autosaves.filter(user=user).first()
    if kept is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept.data.items():
        data.setlist(name, [str(value) for value in values])
    return data


@text_view("presence", "presence/", may=access.can_edit, methods=("POST",))
def presence(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Say “I am here”; hear who else is, and whether somebody saved meanwhile."""
    Presence.objects.update_or_create(
        translation=translation, user=request.user, defaults={"seen_at": timezone.now()}
    )
    return JsonResponse(
        {
            "version": translation.version,
            "present": present_editors(translation, request.user),
        }
    )


@text_view("checks", "checks/", may=access.can_edit, methods=("POST",))
def checks(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """The list of findings about what is typed, as a piece of the desk."""
    draft = Draft(translation, request.POST, user=request.user, is_sketch=True)
    draft.is_valid()
    findings = findings_for(translation, draft.document())
    html = render_to_string(
        "admin/articles/articletranslation/findings.html",
        {"findings": findings, "translation": translation},
        request,
    )
    return HttpResponse(html)
