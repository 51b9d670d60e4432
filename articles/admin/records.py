"""What is kept of reviews and previews, to be read; and the list of forbidden phrases."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from articles.admin.filters import ChoiceFilter
from articles.admin.lists import SHEETS, in_own_language, mark, short_time
from articles.admin.publishing import ReadOnlyAdmin
from articles.models import ForbiddenPhrase, PreviewLink, ReviewRequest, ReviewSignature
from healthsite.unchanged import UnchangedMixin


class RequestFilter(ChoiceFilter):
    title = gettext_lazy("outcome")
    parameter_name = "outcome"
    options = {
        "open": (pgettext_lazy("request", "Open"), lambda items, request: items.open()),
        **{
            str(outcome): (
                outcome.label,
                lambda items, request, outcome=outcome: items.filter(outcome=outcome),
            )
            for outcome in ReviewRequest.Outcome
        },
    }


class LinkFilter(ChoiceFilter):
    title = gettext_lazy("state")
    parameter_name = "link"
    options = {
        "open": (gettext_lazy("Open"), lambda links, request: links.open()),
        "closed": (gettext_lazy("Ended or revoked"), lambda links, request: links.closed()),
    }


class RecordAdmin(ReadOnlyAdmin):
    """Something that hangs off one text: the list names the text in its own language."""

    actions = None
    list_per_page = 50

    class Media:
        css = {"all": SHEETS}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("translation__body")

    @admin.display(description=gettext_lazy("translation"), ordering="translation__title")
    def text(self, item: ReviewRequest | ReviewSignature | PreviewLink) -> SafeString:
        return in_own_language(item.translation.title, item.translation.language)


@admin.register(ReviewRequest)
class ReviewRequestAdmin(RecordAdmin):
    list_display = ["text", "reviewer", "state", "asked_at", "requested_by", "revision_number"]
    list_filter = [
        RequestFilter,
        "translation__language",
        ("requested_at", admin.DateFieldListFilter),
    ]
    list_select_related = ["translation", "reviewer", "requested_by", "revision"]
    search_fields = ["translation__title", "translation__article__slug", "reviewer__slug", "note"]
    fields = [
        *("text", "revision_number", "reviewer", "note", "requested_by", "requested_at"),
        *("outcome", "answer", "closed_at"),
    ]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("outcome"), ordering="outcome")
    def state(self, item: ReviewRequest) -> SafeString:
        if not item.outcome:
            return mark("scheduled", pgettext("request", "Open"))
        return mark(
            "published" if item.outcome == "signed" else "draft", item.get_outcome_display()
        )

    @admin.display(description=gettext_lazy("asked at"), ordering="requested_at")
    def asked_at(self, item: ReviewRequest) -> str:
        return short_time(item.requested_at)

    @admin.display(description=gettext_lazy("revision"))
    def revision_number(self, item: ReviewRequest) -> int:
        return item.revision.number


@admin.register(ReviewSignature)
class ReviewSignatureAdmin(RecordAdmin):
    list_display = ["text", "author", "at", "revision_number", "short_hash"]
    list_filter = ["translation__language", ("signed_at", admin.DateFieldListFilter)]
    list_select_related = ["translation", "author", "revision"]
    search_fields = ["translation__title", "translation__article__slug", "author__slug"]
    fields = ["text", "revision_number", "author", "signed_by", "signed_at", "content_hash"]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("signed at"), ordering="signed_at")
    def at(self, item: ReviewSignature) -> str:
        return short_time(item.signed_at)

    @admin.display(description=gettext_lazy("revision"))
    def revision_number(self, item: ReviewSignature) -> int:
        return item.revision.number

    @admin.display(description=gettext_lazy("content hash"))
    def short_hash(self, item: ReviewSignature) -> SafeString:
        return format_html("<code>{}</code>", item.content_hash[:12])


@admin.register(PreviewLink)
class PreviewLinkAdmin(RecordAdmin):
    """Who may read which draft. The address itself is a secret and is not printed here."""

    list_display = ["recipient", "text", "state", "ends_at", "created_by", "made_at"]
    list_filter = [LinkFilter, "translation__language"]
    list_select_related = ["translation", "created_by"]
    search_fields = ["recipient", "translation__title", "translation__article__slug"]
    fields = ["recipient", "text", "created_by", "created_at", "expires_at", "revoked_at"]
    readonly_fields = fields

    @admin.display(description=gettext_lazy("state"))
    def state(self, link: PreviewLink) -> SafeString:
        if link.revoked_at:
            return mark("withdrawn", _("Revoked"))
        is_over = link.expires_at <= timezone.now()
        return mark("draft", _("Ended")) if is_over else mark("published", _("Open"))

    @admin.display(description=gettext_lazy("ends at"), ordering="expires_at")
    def ends_at(self, link: PreviewLink) -> str:
        return short_time(link.expires_at)

    @admin.display(description=gettext_lazy("made at"), ordering="created_at")
    def made_at(self, link: PreviewLink) -> str:
        return short_time(link.created_at)


@admin.register(ForbiddenPhrase)
class ForbiddenPhraseAdmin(UnchangedMixin, admin.ModelAdmin):
    """Words that no text may use of a product. A desk check reads this list."""

    list_display = ["phrase", "language", "note"]
    list_filter = ["language"]
    search_fields = ["phrase", "note"]
    actions = None
