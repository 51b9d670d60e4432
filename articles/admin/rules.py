"""A page of the admin that lists every desk check: what it looks for, why, and how to mend it."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from articles.admin import access
from articles.desk import FAMILIES, NOTE, STOP, WARN
from articles.models import ForbiddenPhrase

SEVERITIES = {STOP: "stop", WARN: "warn", NOTE: "note"}
"""Severities as the names of their marks."""


def rules_urls(admin_site: AdminSite) -> list:
    """The page's address, for an admin to put before its own."""

    def rules_view(request: HttpRequest) -> HttpResponse:
        if not access.can_see(request.user):
            raise PermissionDenied
        context = {
            **admin_site.each_context(request),
            "title": _("Desk checks"),
            "families": _families(),
            "may_edit_phrases": request.user.has_perm("articles.view_forbiddenphrase"),
            "phrase_count": ForbiddenPhrase.objects.count(),
        }
        return TemplateResponse(request, "admin/desk/rules.html", context)

    return [path("rules/", admin_site.admin_view(rules_view), name="articles_rules")]


def _families() -> list[dict[str, Any]]:
    return [
        {
            "key": family.key,
            "title": family.title,
            "rules": [
                {"rule": rule, "severity": SEVERITIES[rule.severity]} for rule in family.rules
            ],
        }
        for family in FAMILIES
    ]
