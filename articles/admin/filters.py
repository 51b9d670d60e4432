"""What lists of articles and texts can be narrowed down to. Each choice is one queryset method."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles import editing_queries as where
from articles.admin import access
from articles.models import ArticleTranslation, TopicTranslation
from authors.models import AuthorTranslation
from healthsite import languages

Narrow = Callable[[QuerySet, HttpRequest], QuerySet]

STATE_LABELS = {
    where.DRAFT: pgettext_lazy("state", "Draft"),
    where.SCHEDULED: pgettext_lazy("state", "Scheduled"),
    where.PUBLISHED: pgettext_lazy("state", "Published"),
    where.CHANGED: pgettext_lazy("state", "Published, changed since"),
    where.WITHDRAWN: pgettext_lazy("state", "Withdrawn"),
}
"""The states of a text in the words of a list."""


class ChoiceFilter(admin.SimpleListFilter):
    """A filter of a few choices: ``options`` gives each a label and a queryset method."""

    options: dict[str, tuple[Any, Narrow]]

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _narrow) in self.options.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        _label, narrow = self.options.get(self.value(), ("", None))
        return narrow(queryset, request) if narrow else queryset


class StateFilter(ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    options = {
        **{
            state: (label, lambda texts, request, state=state: texts.in_state(state))
            for state, label in STATE_LABELS.items()
        },
        "ready": (_("Ready to publish"), lambda texts, request: texts.ready()),
    }


class StalenessFilter(ChoiceFilter):
    title = _("staleness")
    parameter_name = "staleness"
    options = {
        "behind": (_("Behind its source"), lambda texts, request: texts.stale()),
        "current": (_("Follows its source"), lambda texts, request: texts.current()),
        "source": (_("Source itself"), lambda texts, request: texts.sources()),
    }


class ChecksFilter(ChoiceFilter):
    title = _("desk checks")
    parameter_name = "checks"
    options = {
        "stops": (_("Stops"), lambda texts, request: texts.with_stops()),
        "warnings": (_("Warnings only"), lambda texts, request: texts.with_warnings()),
        "clear": (_("Nothing found"), lambda texts, request: texts.clear()),
        "overridden": (_("Published over a stop"), lambda texts, request: texts.overridden()),
        "unchecked": (_("Not checked yet"), lambda texts, request: texts.unchecked()),
    }


class ReviewFilter(ChoiceFilter):
    title = _("review")
    parameter_name = "review"
    options = {
        "overdue": (_("Overdue for review"), lambda texts, request: texts.overdue_for_review()),
        "asked": (_("Review asked for"), lambda texts, request: texts.in_review()),
    }


class MineFilter(ChoiceFilter):
    title = _("my work")
    parameter_name = "mine"
    options = {
        "saved": (_("Last saved by me"), lambda texts, request: texts.saved_by(request.user)),
        "typed": (_("Typed and not saved"), lambda texts, request: texts.typed_by(request.user)),
        "review": (
            _("Waiting for my review"),
            lambda texts, request: texts.awaiting_review_by(request.user),
        ),
        "sent_back": (
            _("Sent back to me"),
            lambda texts, request: texts.sent_back_to(request.user),
        ),
        "editable": (_("I can edit"), lambda texts, request: access.editable(texts, request.user)),
        "not_editable": (
            _("I cannot edit"),
            lambda texts, request: texts.exclude(
                pk__in=access.editable(ArticleTranslation.objects.all(), request.user).values("pk")
            ),
        ),
    }


class TopicFilter(admin.SimpleListFilter):
    """Topics by their name in the language of the desk; ``path`` leads to the topic's slug."""

    title = _("topic")
    parameter_name = "topic"
    path = "article__topics__slug"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        names = TopicTranslation.objects.in_language(get_language() or languages.DEFAULT.code)
        return list(names.values_list("topic__slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class AuthorFilter(admin.SimpleListFilter):
    """People in a byline, once each, whatever their roles."""

    title = _("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        names = AuthorTranslation.objects.in_language(get_language() or languages.DEFAULT.code)
        named = names.filter(author__contributions__isnull=False).distinct()
        return list(named.values_list("author__slug", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.of_author(self.value()) if self.value() else queryset


class ArticleTopicFilter(TopicFilter):
    path = "topics__slug"


class LanguagesFilter(ChoiceFilter):
    title = _("languages")
    parameter_name = "languages"
    options = {
        "missing": (_("A language is missing"), lambda items, request: items.missing_a_language()),
        "complete": (_("In every language"), lambda items, request: items.in_every_language()),
    }
