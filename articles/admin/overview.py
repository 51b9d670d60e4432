"""The desk's first screen: what waits for me, what is stale, what comes, is overdue, what broke.

Every list is one queryset method, counted and cut to ROWS; “all” leads to the list of the admin
that is filtered with the same method. The number of queries depends on who asks, never on how much
there is.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles import indexnow
from articles.admin import access
from articles.admin.desk.publishing import in_zones
from articles.admin.lists import checks_of, short_time, state_of
from articles.admin.reports import endings
from articles.editing_queries import BULKY, SCHEDULED, review_due_on
from articles.models import (
    Article,
    ArticleTranslation,
    Autosave,
    IndexNowNotice,
    Publication,
    ReviewRequest,
    Revision,
)
from authors.models import Registration
from healthsite import languages

ROWS = 8
"""Entries of a list on this screen; the rest are one click away."""

LATEST = 5
"""Texts of one's own to go on with."""


@dataclass(frozen=True)
class Row:
    """One thing to act on. ``language`` is the code of the language its title is in, or empty."""

    title: str
    url: str
    language: str = ""
    note: Any = ""


@dataclass(frozen=True)
class Panel:
    """A list with its whole length, and where the whole of it is (``url``, or empty)."""

    key: str
    title: str
    count: int
    rows: tuple[Row, ...]
    url: str = ""

    @property
    def has_more(self) -> bool:
        """Whether the whole list is longer than what stands here."""
        return self.count > len(self.rows)


@dataclass(frozen=True)
class Section:
    """One of the five questions. ``empty`` is said where no list has anything."""

    key: str
    title: str
    empty: str
    panels: tuple[Panel, ...]

    @property
    def count(self) -> int:
        return sum(panel.count for panel in self.panels)

    @property
    def filled(self) -> tuple[Panel, ...]:
        return tuple(panel for panel in self.panels if panel.count)


def overview_context(request: HttpRequest) -> dict[str, Any]:
    """What ``admin/index.html`` prints besides Django's list of apps."""
    may_see = access.can_see(request.user)
    found = sections(request) if may_see else ()
    return {
        "now_in_zones": in_zones(timezone.now()),
        "may_start": access.can_start(request.user),
        "may_see_texts": may_see,
        # What waits and what broke is read first; the rest stands beside it.
        "columns": (found[:2], found[2:]) if found else (),
        "latest": latest(request) if may_see else (),
    }


def sections(request: HttpRequest) -> tuple[Section, ...]:
    """The five questions, each with the lists that this user may see."""
    return (
        Section(
            "waiting",
            _("Waiting for you"),
            _("Nothing waits for you."),
            _panels(request, requested, sent_back, typed, my_stops, ready, to_catch_up),
        ),
        Section(
            "broken",
            _("Broken"),
            _("Nothing is broken."),
            _panels(request, other_stops, overridden, unfinished, untold),
        ),
        Section(
            "stale",
            _("Behind their source"),
            _("Every translation follows its source."),
            _panels(request, stale),
        ),
        Section(
            "scheduled",
            _("Scheduled"),
            _("Nothing is scheduled."),
            _panels(request, scheduled),
        ),
        Section(
            "overdue",
            _("Overdue"),
            _("No review and no registration is overdue."),
            _panels(request, registrations, overdue),
        ),
    )


def latest(request: HttpRequest) -> tuple[Row, ...]:
    """The texts this user saved last, to go on with."""
    newest = (
        Revision.objects.filter(saved_by=request.user)
        .order_by()
        .values("translation")
        .annotate(last=Max("pk"))
        .order_by("-last")[:LATEST]
    )
    order = [item["translation"] for item in newest]
    found = ArticleTranslation.objects.for_list().in_bulk(order)
    return tuple(_row(found[pk], short_time(found[pk].changed_at)) for pk in order if pk in found)


def requested(request: HttpRequest) -> Panel | None:
    """Reviews that somebody asked of the author whose account this is."""
    if not access.can_sign(request.user):
        return None
    asked = ReviewRequest.objects.open().filter(reviewer__user=request.user)
    rows = (
        asked.select_related("translation__article", "requested_by")
        .defer(*(f"translation__{name}" for name in BULKY))
        .order_by("requested_at", "pk")
    )
    return Panel(
        "requested",
        _("Reviews you were asked for"),
        asked.count(),
        tuple(_row(item.translation, _asked_by(item), "review") for item in rows[:ROWS]),
        texts_url(mine="review"),
    )


def sent_back(request: HttpRequest) -> Panel | None:
    """Texts that a reviewer sent back, until somebody saves them."""
    if not access.can_change_texts(request.user):
        return None
    answers = ReviewRequest.objects.filter(
        translation=OuterRef("pk"), outcome=ReviewRequest.Outcome.DECLINED
    )
    texts = ArticleTranslation.objects.sent_back_to(request.user)
    answered = texts.annotate(
        answer=Subquery(answers.order_by("-closed_at", "-pk").values("answer")[:1])
    )
    return _panel(
        "sent-back",
        _("Sent back by a reviewer"),
        texts,
        lambda text: text.answer,
        texts_url(mine="sent_back"),
        listed=answered.last_saved_first(),
    )


def typed(request: HttpRequest) -> Panel | None:
    """What this user typed and did not save."""
    if not access.can_change_texts(request.user):
        return None
    texts = ArticleTranslation.objects.typed_by(request.user)
    mine = Autosave.objects.filter(translation=OuterRef("pk"), user=request.user)
    return _panel(
        "typed",
        _("Typed and not saved"),
        texts,
        lambda text: short_time(text.typed_at),
        texts_url(mine="typed"),
        listed=texts.annotate(typed_at=Subquery(mine.values("saved_at")[:1])).last_saved_first(),
    )


def my_stops(request: HttpRequest) -> Panel | None:
    """Texts that cannot be published as they are, for those who can mend them."""
    if not access.can_change_texts(request.user):
        return None
    texts = access.editable(ArticleTranslation.objects.with_stops(), request.user)
    return _panel(
        "my-stops",
        _("Stopped by a desk check"),
        texts,
        checks_of,
        texts_url(checks="stops", mine="editable"),
    )


def ready(request: HttpRequest) -> Panel | None:
    """Texts that pass the checks and that readers do not have yet."""
    if not access.can_publish(request.user):
        return None
    texts = ArticleTranslation.objects.ready()
    return _panel("ready", _("Ready to publish"), texts, state_of, texts_url(state="ready"))


def to_catch_up(request: HttpRequest) -> Panel | None:
    """Translations whose source moved, for those who translate and do not write."""
    if not access.can_only_translate(request.user):
        return None
    return _stale_panel("catch-up", _("Translations to catch up"))


def stale(request: HttpRequest) -> Panel:
    """The same for everybody; translators have its rows among what waits for them."""
    panel = _stale_panel("stale", _("Translations whose source has changed"))
    return replace(panel, rows=()) if access.can_only_translate(request.user) else panel


def scheduled(request: HttpRequest) -> Panel:
    """What readers will get, the soonest first, as the clocks of the editors show it."""
    texts = ArticleTranslation.objects.in_state(SCHEDULED)
    return _panel(
        "scheduled",
        _("Publications to come"),
        texts,
        lambda text: in_zones(text.newest_live_from),
        texts_url(state=SCHEDULED),
        listed=texts.order_by("newest_live_from", "pk"),
    )


def registrations(request: HttpRequest) -> Panel | None:
    """Entries in registers that have ended or soon will."""
    if not request.user.has_perm("authors.view_registration"):
        return None
    today = timezone.localdate()
    found = Registration.objects.lapsing(today)
    return Panel(
        "registrations",
        _("Registrations that lapse"),
        found.count(),
        tuple(
            Row(
                f"{ending.author} · {ending.registration.number}",
                reverse("admin:authors_registration_change", args=[ending.registration.pk]),
                note=_lapse(ending.registration.valid_until, ending.is_over),
            )
            for ending in endings(found.for_report()[:ROWS], today)
        ),
        reverse("admin:articles_reports"),
    )


def overdue(request: HttpRequest) -> Panel:
    """Articles that nobody has read in full for too long, the longest first."""
    texts = ArticleTranslation.objects.overdue_for_review()
    return _panel(
        "overdue",
        _("Full review overdue"),
        texts,
        lambda text: (
            _("was due on %(date)s")
            % {"date": date_format(review_due_on(text.last_review_at), "DATE_FORMAT")}
        ),
        texts_url(review="overdue"),
        listed=texts.order_by("last_review_at", "pk"),
    )


def other_stops(request: HttpRequest) -> Panel | None:
    """Texts with stops that somebody else has to mend; everything, for those who only read."""
    mine = access.editable(ArticleTranslation.objects.all(), request.user)
    texts = ArticleTranslation.objects.with_stops().exclude(pk__in=mine.values("pk"))
    return _panel(
        "other-stops",
        _("Stopped by a desk check, for others to mend"),
        texts,
        checks_of,
        texts_url(checks="stops", mine="not_editable"),
    )


def overridden(request: HttpRequest) -> Panel:
    """Texts that readers have although a check stopped them."""
    texts = ArticleTranslation.objects.overridden()
    reason = Publication.objects.filter(translation=OuterRef("pk")).order_by("-number")
    return _panel(
        "overridden",
        _("Published over a stop"),
        texts,
        lambda text: text.reason,
        texts_url(checks="overridden"),
        listed=texts.annotate(
            reason=Subquery(reason.values("override_reason")[:1])
        ).last_saved_first(),
    )


def unfinished(request: HttpRequest) -> Panel:
    """Articles that lack a text in one of the languages."""
    articles = Article.objects.missing_a_language()
    texts = ArticleTranslation.objects.defer(*BULKY)
    rows = articles.order_by("-created_at", "-pk").prefetch_related(
        Prefetch("translations", queryset=texts)
    )
    return Panel(
        "unfinished",
        _("Without a text in one language"),
        articles.count(),
        tuple(_article_row(article) for article in rows[:ROWS]),
        f"{reverse('admin:articles_article_changelist')}?languages=missing",
    )


def untold(request: HttpRequest) -> Panel | None:
    """Changes that search engines did not take, for those who may have them sent again."""
    if not (indexnow.is_on() and access.can_see_notices(request.user)):
        return None
    found = IndexNowNotice.objects.failing()
    return Panel(
        "untold",
        _("Search engines not told"),
        found.count(),
        tuple(
            Row(
                notice.path,
                reverse("admin:articles_indexnownotice_change", args=[notice.pk]),
                note=notice.last_error,
            )
            for notice in found.order_by("-attempts", "due_at", "pk")[:ROWS]
        ),
        f"{reverse('admin:articles_indexnownotice_changelist')}?state=failing",
    )


def texts_url(**filters: str) -> str:
    """The list of texts, narrowed down."""
    return f"{reverse('admin:articles_articletranslation_changelist')}?{urlencode(filters)}"


def _panels(
    request: HttpRequest, *makers: Callable[[HttpRequest], Panel | None]
) -> tuple[Panel, ...]:
    made = (make(request) for make in makers)
    return tuple(panel for panel in made if panel is not None)


def _panel(
    key: str,
    title: str,
    texts: QuerySet,
    note: Callable[[ArticleTranslation], Any],
    url: str,
    *,
    listed: QuerySet | None = None,
) -> Panel:
    """A list of texts. ``listed`` is the same list with what its notes and its order need."""
    shown = texts.last_saved_first() if listed is None else listed
    rows = tuple(_row(text, note(text)) for text in shown.for_list()[:ROWS])
    return Panel(key, title, texts.count(), rows, url)


def _stale_panel(key: str, title: str) -> Panel:
    texts = ArticleTranslation.objects.stale()
    source = ArticleTranslation.objects.filter(
        article=OuterRef("article"), language=OuterRef("article__source_language")
    )
    moved = texts.annotate(source_saved_at=Subquery(source.values("changed_at")[:1]))
    return _panel(
        key,
        title,
        texts,
        lambda text: _("source saved %(time)s") % {"time": short_time(text.source_saved_at)},
        texts_url(staleness="behind"),
        listed=moved.order_by(F("source_saved_at").desc(nulls_last=True), "-pk"),
    )


def _row(text: ArticleTranslation, note: Any = "", view: str = "change") -> Row:
    """A text with a link to one of the desk's views of it."""
    address = reverse(f"admin:articles_articletranslation_{view}", args=[text.pk])
    return Row(text.title, address, text.language, note)


def _article_row(article: Article) -> Row:
    texts = {text.language: text for text in article.translations.all()}
    missing = [item.name for item in languages.LANGUAGES if item.code not in texts]
    known = texts.get(get_language()) or next(iter(texts.values()), None)
    return Row(
        known.title if known else article.slug,
        reverse("admin:articles_article_change", args=[article.pk]),
        known.language if known else "",
        _("No text in %(languages)s") % {"languages": ", ".join(missing)},
    )


def _asked_by(item: ReviewRequest) -> str:
    name = item.requested_by.get_username() if item.requested_by else ""
    parts = [name, short_time(item.requested_at), item.note]
    return " · ".join(part for part in parts if part)


def _lapse(day: datetime.date, is_over: bool) -> str:
    values = {"date": date_format(day, "DATE_FORMAT")}
    return _("ended on %(date)s") % values if is_over else _("ends on %(date)s") % values
