"""The feeds as data: what the public lists show, whole, in a fixed number of queries."""

import datetime
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from articles.document import Document
from articles.feeds.content import Picture, fit_for_readers
from articles.feeds.data import Entry, Feed, Person, Topic
from articles.feeds.identity import permanent_id, with_first_slug
from articles.feeds.links import ATOM, JSON, feed_path, feed_title
from articles.feeds.notes import disclaimer, notes_above
from articles.feeds.related import Related, related_to
from articles.models import Article, ContentVersion, Publication, TopicTranslation
from articles.models.content import address_of
from articles.pictures import picture_address
from articles.plain_markdown import markdown_path
from authors.models import AuthorTranslation
from healthsite import freshness, languages
from healthsite.metadata import absolute_url, site_name

NEWEST = 20
"""Entries of a feed. Whoever asks once a month misses nothing of a site this size."""


@dataclass(frozen=True)
class _Subject:
    """What a feed is about. ``kind`` is topic or author; empty, with ``slug``, for a language."""

    kind: str = ""
    slug: str = ""
    name: str = ""
    description: str = ""
    path: str = ""
    tags: tuple[str, ...] = ()


def language_feed(language: str) -> Feed:
    """The newest articles of a language."""
    with translation.override(language):
        subject = _Subject(
            description=_("Health articles in Chinese and English. Every claim carries a grade."),
            path=reverse("home", args=[language]),
        )
        return _feed(language, subject, _readable(language))


def topic_feed(language: str, slug: str) -> Feed | None:
    """The newest articles of a topic, or None where the topic has no page in this language."""
    words = TopicTranslation.objects.in_language(language).filter(topic__slug=slug).first()
    if words is None:
        return None
    with translation.override(language):
        subject = _Subject(
            "topic",
            slug,
            words.name,
            words.description,
            words.get_absolute_url(),
            (f"topic-{words.topic_id}",),
        )
        return _feed(language, subject, _readable(language).of_topic(slug))


def author_feed(language: str, slug: str) -> Feed | None:
    """The newest articles that somebody had a part in, or None without a page in this language."""
    words = AuthorTranslation.objects.in_language(language).filter(author__slug=slug).first()
    if words is None:
        return None
    with translation.override(language):
        subject = _Subject(
            "author",
            slug,
            words.name,
            words.credentials,
            words.get_absolute_url(),
            (f"author-{words.author_id}",),
        )
        return _feed(language, subject, _readable(language).of_author(slug))


def _readable(language: str) -> QuerySet[Publication]:
    return Publication.objects.readable().of_kind(Article.Kind.ARTICLE).in_language(language)


def _feed(language: str, subject: _Subject, chosen: QuerySet[Publication]) -> Feed:
    publications = _newest(chosen)
    related = related_to(publications, language)
    entries = tuple(_entry(item, related, language) for item in publications)
    paths = {form: feed_path(language, form, subject.kind, subject.slug) for form in (ATOM, JSON)}
    return Feed(
        id=permanent_id(f"{subject.kind}-feed", language, subject.slug),
        language=languages.BY_CODE[language],
        title=feed_title(language, subject.name),
        subtitle=subject.description,
        url=absolute_url(subject.path),
        atom_url=absolute_url(paths[ATOM]),
        json_url=absolute_url(paths[JSON]),
        topics_url=absolute_url(reverse("articles:topics", args=[language])),
        icon=urljoin(settings.SITE_ORIGIN, static("img/mark.svg")),
        updated=max((entry.updated for entry in entries), default=None) or _last_change(),
        publisher=Person(site_name(language), absolute_url(reverse("home", args=[language]))),
        entries=entries,
        rights=settings.TEXT_LICENCE,
        tags=("articles", *subject.tags, *_tags(publications, related)),
    )


def _newest(chosen: QuerySet[Publication]) -> list[Publication]:
    """The readable publications that changed last, whole.

    By the change that readers should know about: the correction of an old article is what its
    subscribers most need to hear of. Their keys first: choosing sorts and compares rows, and whole
    rows hold whole pages.
    """
    keys = list(chosen.last_changed_first().values_list("pk", flat=True)[:NEWEST])
    rows = (
        with_first_slug(Publication.objects.whole())
        .select_related("translation__article", "revision", "share_card")
        .filter(pk__in=keys)
    )
    return list(rows.last_changed_first())


def _last_change() -> datetime.datetime:
    """What an empty feed says of its last change, which RFC 4287 demands (4.1.1).

    Nothing of it has changed since anything readers see did; and a site on which nothing was ever
    stored is as old as its code.
    """
    return ContentVersion.objects.changed_at() or freshness.code_changed_at()


def _tags(publications: list[Publication], related: Related) -> list[str]:
    topics = {item.topic_id for items in related.topics.values() for item in items}
    return [
        *(f"article-{item.translation.article_id}" for item in publications),
        *(f"author-{item.author_id}" for item in related.people.values()),
        *(f"topic-{pk}" for pk in sorted(topics)),
    ]


def _entry(publication: Publication, related: Related, language: str) -> Entry:
    page = publication.page
    article = publication.translation.article
    url = absolute_url(address_of(article.kind, language, article.slug))
    return Entry(
        id=permanent_id("article", language, publication.first_slug),
        title=page["title"],
        url=url,
        markdown_url=absolute_url(markdown_path("article", language, article.slug)),
        published=publication.first_live_from,
        updated=publication.updated_at or publication.first_live_from,
        authors=tuple(
            Person(credit.profile.words.name, absolute_url(credit.profile.words.get_absolute_url()))
            for credit in related.credits(publication)
            if "author" in credit.roles
        ),
        topics=tuple(Topic(item.topic.slug, item.name) for item in related.topics_of(publication)),
        summary=page["standfirst"],
        content_html=_content(publication, related, url),
        image=_share_card(publication),
    )


def _content(publication: Publication, related: Related, url: str) -> str:
    notes = notes_above(
        publication,
        related.credits(publication),
        related.reviews(publication),
        related.source(publication),
    )
    html = "\n".join([notes, publication.body_html, disclaimer()])
    return fit_for_readers(html, url, _drawings(publication.revision.as_document()))


def _drawings(document: Document) -> tuple[tuple[str, Picture], ...]:
    """The drawings that have a file of their own, with the keys of their figures."""
    return tuple(
        (
            figure.key,
            Picture(
                src=address,
                alt=figure.alt,
                width=figure.image.width,
                height=figure.image.height,
                narrow=picture_address(figure.narrow_image) if figure.narrow_image else "",
            ),
        )
        for figure in document.figures
        if figure.image.svg and (address := picture_address(figure.image))
    )


def _share_card(publication: Publication) -> str:
    """The picture that stands for the article in shared links, once there is one."""
    try:
        card = publication.share_card
    except ObjectDoesNotExist:
        return ""
    return urljoin(settings.SITE_ORIGIN, default_storage.url(card.wide))
