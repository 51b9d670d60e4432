"""Read, ask, sign or send back: the reviewer's screen, and preview links."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from articles import services
from articles.admin import access
from articles.admin.desk.previews import shared_path
from articles.admin.desk.publishing import changed_meanwhile
from articles.admin.desk.state import TextState
from articles.admin.desk.views import address, screen, text_view, without_nul
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import differences
from articles.document import Document
from articles.models import ArticleTranslation, ReviewRequest, Revision
from articles.services.previewing import MAX_DAYS
from authors.models import Author
from healthsite.metadata import absolute_url


class AskForm(forms.Form):
    """Who is to read, and what they should look at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reviewer = forms.ModelChoiceField(
        label=pgettext_lazy("desk", "Reviewer"),
        queryset=Author.objects.none(),
        help_text=gettext_lazy("Authors who have an account to sign with."),
    )
    note = forms.CharField(
        label=gettext_lazy("What to look at"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reviewers = Author.objects.active().filter(user__isnull=False)
        self.fields["reviewer"].queryset = reviewers.prefetch_related("translations")
        self.fields["reviewer"].label_from_instance = _name_of


def _name_of(author: Author) -> str:
    names = {words.language: words.name for words in author.translations.all()}
    return next(iter(names.values()), author.slug)


@text_view("review", "review/", may=access.can_see, methods=("GET", "HEAD"))
def review(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """The text as readers would see it, what changed since the last signature, and the acts."""
    return _review_screen(request, translation)


def _review_screen(
    request: HttpRequest,
    translation: ArticleTranslation,
    *,
    ask: AskForm | None = None,
    kept: str = "",
    status: int = 200,
) -> HttpResponse:
    state = TextState(translation)
    document = build_document(translation)
    author = access.signing_author(request.user)
    signed = state.signatures[0] if state.signatures else None
    changes = []
    if signed:
        changes = differences(signed.revision.as_document(), document)
    has_signed = bool(
        author
        and any(
            item.author_id == author.pk and item.content_hash == document.content_hash
            for item in state.signatures
        )
    )
    return screen(
        request,
        "review",
        translation,
        {
            "ask": ask or AskForm(initial={"version": translation.version}),
            "author": author,
            "author_name": _name_of(author) if author else "",
            "open_requests": [(item, _name_of(item.reviewer)) for item in state.open_requests],
            "is_insider": bool(
                author
                and translation.article.contributions.filter(author=author, role="author").exists()
            ),
            "has_signed": has_signed,
            "content_hash": document.content_hash,
            "number_to_sign": _number_to_sign(state.revision, document),
            "kept": kept,
            "my_request": next(
                (item for item in state.open_requests if author and item.reviewer_id == author.pk),
                None,
            ),
            "signed": signed,
            "changes": changes,
            "findings": findings_for(translation),
        },
        title=pgettext("desk", "Review"),
        status=status,
    )


def _number_to_sign(revision: Revision | None, document: Document) -> int:
    """Of the newest revision, or of the one that signing makes: a name or a product has changed."""
    number = revision.number if revision else 0
    return number if revision and revision.content_hash == document.content_hash else number + 1


@text_view("ask_review", "review/ask/", may=access.can_request_review, methods=("POST",))
def ask_review(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        return _review_screen(request, translation, ask=form, status=422)
    try:
        services.request_review(
            translation,
            reviewer=form.cleaned_data["reviewer"],
            note=form.cleaned_data["note"],
            user=request.user,
            expected_version=form.cleaned_data["version"],
        )
    except services.EditConflict as conflict:
        return changed_meanwhile(request, translation, conflict)
    except services.EditorialError as error:
        form.add_error(None, str(error))
        return _review_screen(request, translation, ask=form, status=422)
    messages.success(request, _("Asked. The reviewer finds it among what is waiting."))
    return HttpResponseRedirect(address("review", translation))


@text_view("sign", "review/sign/", may=access.can_sign, methods=("POST",))
def sign(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Sign exactly what the screen showed: a product or a name in it may be newer than the text."""
    if TextState(translation).revision is None:
        raise Http404
    try:
        with transaction.atomic():
            services.sign_review(
                translation,
                services.save_revision(translation, user=request.user, is_text=False),
                content_hash=request.POST.get("content_hash", ""),
                user=request.user,
            )
    except services.EditorialError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Signed. The page says so as soon as this version is published.")
        )
    return HttpResponseRedirect(address("review", translation))


@text_view("answer_review", "review/answer/", may=access.can_see, methods=("POST",))
def answer_review(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """The reviewer sends the text back, or whoever may ask cancels the request."""
    number = request.POST.get("request", "")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise Http404
    found = translation.review_requests.filter(pk=int(number)).select_related("reviewer").first()
    if found is None:
        raise Http404
    outcome = request.POST.get("outcome", "")
    author = access.signing_author(request.user)
    is_reviewer = access.can_sign(request.user) and author == found.reviewer
    is_cancelled = outcome == ReviewRequest.Outcome.CANCELLED
    if not (access.can_request_review(request.user) if is_cancelled else is_reviewer):
        raise PermissionDenied
    answer = without_nul(request.POST.get("answer", ""))
    try:
        services.answer_review_request(found, outcome=outcome, answer=answer, user=request.user)
    except services.EditorialError as error:
        messages.error(request, str(error))
        return _review_screen(request, translation, kept=answer, status=422)
    else:
        messages.success(request, _("The request is closed."))
    return HttpResponseRedirect(address("review", translation))


class LinkForm(forms.Form):
    """Who a preview link is for, and for how long."""

    recipient = forms.CharField(
        label=gettext_lazy("Who it is for"),
        max_length=120,
        help_text=gettext_lazy("Only editors see this."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days it lives"), min_value=1, max_value=MAX_DAYS, initial=7
    )


@text_view("links", "links/", may=access.can_share, methods=("GET", "HEAD", "POST"))
def links(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Preview links of a text: those there are, and a new one."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.make_preview_link(translation, user=request.user, **form.cleaned_data)
        messages.success(request, _("The link is made. Copy it from the list."))
        return HttpResponseRedirect(address("links", translation))
    rows = translation.preview_links.select_related("created_by")
    return screen(
        request,
        "links",
        translation,
        {
            "form": form,
            "now": timezone.now(),
            "links": [(link, absolute_url(shared_path(link))) for link in rows],
        },
        title=_("Preview links"),
        status=422 if form.is_bound else 200,
    )


@text_view("revoke_link", "links/revoke/", may=access.can_share, methods=("POST",))
def revoke_link(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    number = request.POST.get("link", "")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise Http404
    link = translation.preview_links.filter(pk=int(number)).first()
    if link is None:
        raise Http404
    services.revoke_preview_link(link, user=request.user)
    messages.success(request, _("The link leads nowhere from now on."))
    return HttpResponseRedirect(address("links", translation))
