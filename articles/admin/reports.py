"""What lapses by itself: entries in professional registers, and reviews."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.admin import access
from articles.editing_queries import review_due_on
from articles.models import ArticleTranslation
from authors.models import Registration
from authors.querysets import DAYS_OF_NOTICE
from healthsite import languages

TEXTS_ON_A_PAGE = 50


@dataclass(frozen=True)
class Ending:
    """An entry in a register that has ended or soon will; ``days`` from today, negative: since."""

    registration: Registration
    author: str
    title: str
    register: str
    days: int

    @property
    def is_over(self) -> bool:
        return self.days < 0

    @property
    def days_ago(self) -> int:
        return -self.days


def reports_urls(admin_site: AdminSite) -> list:
    """The report's address, for an admin to put before its own."""

    def reports_view(request: HttpRequest) -> HttpResponse:
        if not access.can_see(request.user):
            raise PermissionDenied
        context = {
            **admin_site.each_context(request),
            "title": _("Registrations and reviews"),
            "months": settings.REVIEW_AFTER_MONTHS,
            "days_of_notice": DAYS_OF_NOTICE,
            **_registrations(request),
            "page": _overdue(request),
        }
        return TemplateResponse(request, "admin/desk/reports.html", context)

    return [path("reports/", admin_site.admin_view(reports_view), name="articles_reports")]


def endings(registrations: Iterable[Registration], today: datetime.date) -> list[Ending]:
    """Entries with their words in the language of the desk.

    ``registrations``: read with ``for_report()``; each has a last day.
    """
    code = get_language() or languages.DEFAULT.code
    return [_ending(item, code, today) for item in registrations]


def _ending(item: Registration, code: str, today: datetime.date) -> Ending:
    names = {words.language: words.name for words in item.author.translations.all()}
    titles = {words.language: words for words in item.translations.all()}
    words = titles.get(code)
    return Ending(
        registration=item,
        author=names.get(code, item.author.slug),
        title=words.title if words else "",
        register=words.body if words else "",
        days=(item.valid_until - today).days,
    )


def _registrations(request: HttpRequest) -> dict[str, Any]:
    """What ends, for those who may see registrations at all."""
    if not request.user.has_perm("authors.view_registration"):
        return {"may_see_registrations": False}
    today = timezone.localdate()
    return {
        "may_see_registrations": True,
        "may_change_registrations": request.user.has_perm("authors.change_registration"),
        "endings": endings(Registration.objects.lapsing(today).for_report(), today),
    }


def _overdue(request: HttpRequest) -> Page:
    """One page of texts to review, the longest overdue first, each with the day it was due."""
    texts = (
        ArticleTranslation.objects.for_list()
        .overdue_for_review()
        .with_reviewers(get_language() or languages.DEFAULT.code)
        .order_by("last_review_at", "pk")
    )
    page = Paginator(texts, TEXTS_ON_A_PAGE).get_page(request.GET.get("page"))
    for text in page:
        text.due_on = review_due_on(text.last_review_at)
    return page
