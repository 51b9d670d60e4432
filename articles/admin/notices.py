"""What search engines are still to be told, and why they have not been (articles.indexnow)."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from articles import audit, indexnow
from articles.admin import access
from articles.admin.filters import ChoiceFilter
from articles.admin.lists import SHEETS, mark, short_time
from articles.admin.publishing import ReadOnlyAdmin
from articles.models import IndexNowNotice


class NoticeFilter(ChoiceFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    options = {
        "waiting": (
            pgettext_lazy("notice", "Waiting"),
            lambda notices, request: notices.waiting(),
        ),
        "failing": (
            pgettext_lazy("notice", "Not accepted"),
            lambda notices, request: notices.failing(),
        ),
        "given_up": (
            pgettext_lazy("notice", "Given up"),
            lambda notices, request: notices.given_up(),
        ),
    }


@admin.register(IndexNowNotice)
class IndexNowNoticeAdmin(ReadOnlyAdmin):
    """Addresses that wait for ``send_indexnow``. One that arrived is gone from here."""

    list_display = ["path", "reason", "state", "next_attempt", "attempts", "last_error"]
    list_filter = [NoticeFilter, "reason"]
    list_per_page = 50
    search_fields = ["path", "last_error"]
    fields = ["path", "reason", "state", "created", "next_attempt", "attempts", "last_error"]
    readonly_fields = fields
    actions = ["try_again"]

    class Media:
        css = {"all": SHEETS}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Without a key nothing is ever sent, and the desk does not speak of it."""
        return indexnow.is_on() and super().has_module_permission(request)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return access.can_send_notices_again(request.user)

    @admin.display(description=gettext_lazy("state"))
    def state(self, notice: IndexNowNotice) -> SafeString:
        if notice.is_given_up:
            return mark("stop", pgettext("notice", "Given up"))
        if notice.last_error:
            return mark("warn", pgettext("notice", "Not accepted"))
        return mark("scheduled", pgettext("notice", "Waiting"))

    @admin.display(
        description=gettext_lazy("next attempt"),
        ordering=IndexNowNotice.NEXT_ATTEMPT,
        empty_value="–",
    )
    def next_attempt(self, notice: IndexNowNotice) -> str | None:
        return None if notice.is_given_up else short_time(notice.next_attempt_at)

    @admin.display(description=gettext_lazy("noted at"), ordering="created_at")
    def created(self, notice: IndexNowNotice) -> str:
        return short_time(notice.created_at)

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, notices: QuerySet) -> None:
        """Let the next run of ``send_indexnow`` take what failed; what waits for its time waits."""
        chosen = list(notices.failing())
        rows = IndexNowNotice.objects.filter(pk__in=[notice.pk for notice in chosen])
        rows.update(attempts=0, last_error="", retry_at=None)
        for notice in chosen:
            audit.record(audit.Act.CHANGED, notice, user=request.user, message=_("Try again"))
        count = len(chosen)
        words = ngettext(
            "%(count)d notice goes out with the next run of send_indexnow.",
            "%(count)d notices go out with the next run of send_indexnow.",
            count,
        )
        messages.success(request, words % {"count": count})
