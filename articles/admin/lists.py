"""The lists of articles and of texts: where each stands, at a glance, in a fixed number of queries.

``TranslationListMixin`` and ``ArticleListMixin`` are mixed into the admins of the two models.
"""

import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from articles import editing_queries as where
from articles.admin import filters
from articles.models import Article, ArticleTranslation, TopicTranslation
from healthsite import languages

SHEETS = ["css/desk/overview.css"]


def mark(kind: str, words: Any) -> SafeString:
    """A state in words, with the colour of its kind: draft, scheduled, …, stop, warn, clear."""
    return format_html('<span class="mark mark--{}">{}</span>', kind, words)


def in_own_language(words: str, code: str) -> SafeString:
    """Words of a text, marked with the language they are in."""
    return format_html('<span lang="{}">{}</span>', languages.BY_CODE[code].tag, words)


def short_time(moment: datetime.datetime | None) -> str:
    """A day of this year or another, with the time, as a list has room for."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {local:%H:%M}"


class TranslationChangeList(ChangeList):
    """Texts with everything that their row prints."""

    def get_queryset(self, request: HttpRequest, exclude_parameters=None) -> QuerySet:
        code = get_language() or languages.DEFAULT.code
        # Before filters and order, which name what is added here.
        self.root_queryset = (
            self.root_queryset.for_list()
            .with_state()
            .with_staleness()
            .with_last_save()
            .with_reviewers(code)
        )
        return super().get_queryset(request, exclude_parameters)


class TranslationListMixin:
    """The list of texts. Mixed into a ``ModelAdmin`` of ``ArticleTranslation``."""

    list_display = [
        *("headline", "own_language", "state_mark", "staleness", "checks", "saved", "reviewer"),
    ]
    list_filter = [
        filters.MineFilter,
        filters.StateFilter,
        filters.StalenessFilter,
        filters.ChecksFilter,
        filters.ReviewFilter,
        "language",
        "article__kind",
        filters.TopicFilter,
        filters.AuthorFilter,
    ]
    search_fields = ["title", "article__slug", "standfirst", "body"]
    search_help_text = gettext_lazy("Title, address, standfirst and body")
    ordering = [F("changed_at").desc(nulls_last=True), "-pk"]
    list_per_page = 50

    class Media:
        css = {"all": SHEETS}

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return TranslationChangeList

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, text: ArticleTranslation) -> SafeString:
        return format_html(
            "{} <small>{}</small>", in_own_language(text.title, text.language), text.article.slug
        )

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def own_language(self, text: ArticleTranslation) -> SafeString:
        return in_own_language(languages.BY_CODE[text.language].name, text.language)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_mark(self, text: ArticleTranslation) -> SafeString:
        return state_of(text)

    @admin.display(description=gettext_lazy("staleness"), ordering="is_stale")
    def staleness(self, text: ArticleTranslation) -> SafeString | str:
        if text.language == text.article.source_language:
            return _("Source")
        return mark("behind", _("Behind")) if text.is_stale else _("Current")

    @admin.display(description=gettext_lazy("desk checks"), ordering="stop_count")
    def checks(self, text: ArticleTranslation) -> SafeString | str:
        return checks_of(text)

    @admin.display(description=gettext_lazy("last saved"), ordering="changed_at")
    def saved(self, text: ArticleTranslation) -> SafeString:
        return format_html(
            "{} <small>{}</small>", short_time(text.changed_at) or "–", text.saved_by_name or ""
        )

    @admin.display(description=gettext_lazy("reviewer"))
    def reviewer(self, text: ArticleTranslation) -> SafeString | str:
        if text.asked_name:
            return format_html("{} <small>{}</small>", text.asked_name, _("asked"))
        if not text.signed_name:
            return "–"
        is_exact = text.signed_hash == text.newest_hash
        words = _("signed") if is_exact else _("signed an earlier text")
        return format_html("{} <small>{}</small>", text.signed_name, words)


class ArticleChangeList(ChangeList):
    """Articles with their texts and topics, two more queries however many they are."""

    def get_queryset(self, request: HttpRequest, exclude_parameters=None) -> QuerySet:
        found = super().get_queryset(request, exclude_parameters)
        names = TopicTranslation.objects.in_language(get_language() or languages.DEFAULT.code)
        texts = ArticleTranslation.objects.defer(*where.BULKY).with_state().order_by("language")
        return found.prefetch_related(
            Prefetch("translations", queryset=texts),
            Prefetch("topics__translations", queryset=names, to_attr="names"),
        )


class ArticleListMixin:
    """The list of articles. Mixed into a ``ModelAdmin`` of ``Article``."""

    list_display = ["heading", "kind", "texts", "topic_names", "last_published"]
    list_filter = [
        filters.LanguagesFilter,
        "kind",
        "source_language",
        filters.ArticleTopicFilter,
        filters.AuthorFilter,
    ]
    search_fields = ["slug", "translations__title"]
    search_help_text = gettext_lazy("Address and titles")
    ordering = ["-created_at", "-pk"]
    list_per_page = 50

    class Media:
        css = {"all": SHEETS}

    def get_changelist(self, request: HttpRequest, **kwargs) -> type[ChangeList]:
        return ArticleChangeList

    @admin.display(description=gettext_lazy("article"), ordering="slug")
    def heading(self, article: Article) -> SafeString:
        """The title in the language of the desk, else in any, with the address."""
        texts = sorted(article.translations.all(), key=lambda text: text.language != get_language())
        title = in_own_language(texts[0].title, texts[0].language) if texts else ""
        return format_html("{} <small>{}</small>", title, article.slug)

    @admin.display(description=gettext_lazy("languages"))
    def texts(self, article: Article) -> SafeString:
        """Each language with its state, or that there is no text."""
        found = {text.language: text for text in article.translations.all()}
        return format_html_join(
            "",
            '<span class="pair"><span lang="{}">{}</span> {}</span>',
            (
                (item.tag, item.short_name, _linked_state(found.get(item.code)))
                for item in languages.LANGUAGES
            ),
        )

    @admin.display(description=gettext_lazy("topics"))
    def topic_names(self, article: Article) -> str:
        named = [topic.names[0].name for topic in article.topics.all() if topic.names]
        return "、".join(named) if get_language() == languages.CHINESE.code else ", ".join(named)

    @admin.display(description=gettext_lazy("last publication"))
    def last_published(self, article: Article) -> str:
        times = [text.newest_live_from for text in article.translations.all()]
        return short_time(max((time for time in times if time), default=None)) or "–"


def state_of(text: ArticleTranslation) -> SafeString:
    """The state of a text read with ``with_state()``."""
    words = filters.STATE_LABELS[text.state]
    if text.state == where.SCHEDULED:
        return format_html(
            "{} <small>{}</small>", mark(text.state, words), short_time(text.newest_live_from)
        )
    return mark(text.state, words)


def checks_of(text: ArticleTranslation) -> SafeString | str:
    """What the newest checks of a text found, in words."""
    stops, warnings = text.stop_count, text.warning_count or 0
    if stops is None:
        return _("Not checked yet")
    warned = ngettext("%(n)d warning", "%(n)d warnings", warnings) % {"n": warnings}
    if not stops:
        return mark("warn", warned) if warnings else mark("clear", _("Nothing found"))
    stopped = mark("stop", ngettext("%(n)d stop", "%(n)d stops", stops) % {"n": stops})
    return format_html("{} {}", stopped, mark("warn", warned)) if warnings else stopped


def _linked_state(text: ArticleTranslation | None) -> SafeString:
    if text is None:
        return mark("missing", _("No text"))
    address = reverse("admin:articles_articletranslation_change", args=[text.pk])
    return format_html('<a href="{}">{}</a>', address, state_of(text))
