"""Delete an article that was never published: what goes, or why it stays, and then the act."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import services
from articles.admin import access
from articles.admin.desk.state import present_editors
from articles.models import Article


class DiscardForm(forms.Form):
    """``services.version_of_all`` and ``services.typing_in`` of what was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    typing = forms.CharField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def discard_view(request: HttpRequest, number: int) -> HttpResponse:
    """Ask, and delete. 403 without the right, 409 if somebody saved since, 422 if it must stay."""
    if not access.can_discard(request.user):
        raise PermissionDenied
    article = get_object_or_404(Article, pk=number)
    seen = {"version": services.version_of_all(article), "typing": services.typing_in(article)}
    form = DiscardForm(request.POST if request.method == "POST" else None, initial=seen)
    status = _discard(request, article, form) if request.method == "POST" else 200
    if status == 302:
        messages.success(request, _("The article is deleted."))
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
    if status == 409:
        # The next try is about what this page shows.
        form.data = {**form.data.dict(), **seen}
    texts = article.translations.annotate(saved=Count("revisions"))
    context = {
        **admin.site.each_context(request),
        "opts": Article._meta,
        "title": _("Delete the article"),
        "article": article,
        "texts": texts,
        "present": sorted({name for text in texts for name in present_editors(text, request.user)}),
        "pictures": article.images.values_list("key", flat=True),
        "typed": len(seen["typing"].split(",")) if seen["typing"] else 0,
        "why_kept": services.why_kept(article),
        "form": form,
    }
    return TemplateResponse(request, "admin/articles/article/discard.html", context, status=status)


def _discard(request: HttpRequest, article: Article, form: DiscardForm) -> int:
    """The status of the answer; whatever went wrong stands in the form."""
    if not form.is_valid():
        # A form of an earlier version of the site, or none of ours: it showed something else.
        form.add_error(None, str(services.EditConflict(0, 0)))
        return 409
    try:
        services.discard_article(
            article,
            user=request.user,
            expected_version=form.cleaned_data["version"],
            expected_typing=form.cleaned_data["typing"],
        )
    except services.EditConflict as conflict:
        form.add_error(None, str(conflict))
        return 409
    except services.EditorialError as error:
        form.add_error(None, str(error))
        return 422
    return 302
