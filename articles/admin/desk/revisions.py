"""Every saved state of a text: list, compare any two, bring one back as a draft."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from articles import services
from articles.admin import access
from articles.admin.desk.publishing import changed_meanwhile, posted_version
from articles.admin.desk.views import address, screen, text_view
from articles.comparing import differences
from articles.models import ArticleTranslation, Revision

PER_PAGE = 50


@text_view("revisions", "revisions/", may=access.can_see, methods=("GET", "HEAD"))
def revisions(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """All revisions, newest first; with ``from`` and ``to``, what changed between two."""
    rows = (
        translation.revisions.select_related("saved_by")
        .prefetch_related("publications")
        .defer("document", "publications__body_html")
        .order_by("-number")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "version": translation.version}
    if "from" in request.GET or "to" in request.GET:
        old, new = (_revision(translation, request.GET.get(name, "")) for name in ("from", "to"))
        if old.number > new.number:
            old, new = new, old
        context |= {
            "old": old,
            "new": new,
            "changes": differences(old.as_document(), new.as_document()),
        }
    return screen(request, "revisions", translation, context, title=_("Revisions"))


@text_view("restore", "restore/", may=access.can_edit, methods=("POST",))
def restore(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Make an earlier text the draft again. Readers see nothing of it."""
    revision = _revision(translation, request.POST.get("revision", ""))
    try:
        services.restore_text(
            translation, revision, user=request.user, expected_version=posted_version(request)
        )
    except services.EditConflict as conflict:
        return changed_meanwhile(request, translation, conflict)
    except services.EditorialError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("The text of revision %(number)s is the draft again. Readers see no change.")
            % {"number": revision.number},
        )
    return HttpResponseRedirect(address("change", translation))


def _revision(translation: ArticleTranslation, number: str) -> Revision:
    if not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise Http404
    revision = translation.revisions.filter(number=int(number)).first()
    if revision is None:
        raise Http404
    return revision
