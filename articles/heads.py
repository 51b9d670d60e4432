"""The heads of texts and of pages about them: shared pictures, feeds, Markdown, dates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage

from articles.bylines import Byline
from articles.cards import CardTopic
from articles.feeds import feed_links
from articles.models import Publication
from articles.models.content import address_of
from articles.plain_markdown import markdown_path
from articles.share_cards import SQUARE, WIDE, site_card
from healthsite.metadata import (
    FeedLink,
    PageMeta,
    Preload,
    ShareImage,
    absolute_url,
    page_meta,
    site_name,
    text_meta,
)


def text_head(
    own: Publication,
    others: Sequence[Publication],
    language: str,
    *,
    byline: Byline | None = None,
    topic: CardTopic | None = None,
    images: tuple[ShareImage, ...] = (),
) -> PageMeta:
    """The head of an article or site page, in the languages it is published in.

    ``images`` are what ``card_images`` gives; without any the site's own stand in.
    """
    page, article = own.page, own.translation.article
    codes = [language, *(item.translation.language for item in others)]
    authors = byline.authors if byline else ()
    meta = page_meta(
        language,
        page["seo_title"] or page["title"],
        description=page["seo_description"],
        paths={code: address_of(article.kind, code, article.slug) for code in codes},
        feeds=[_markdown_link(article.kind, language, article.slug), *feed_links(language)],
    )
    meta = text_meta(
        meta,
        published=own.first_live_from,
        updated=own.updated_at,
        section=topic.name if topic else "",
        authors=[absolute_url(item.profile.words.get_absolute_url()) for item in authors],
    )
    return replace(
        meta,
        images=images or site_images(language),
        preload=Preload(**page["preload"]) if page.get("preload") else None,
    )


def list_head(
    language: str, title: str, *, feeds: Sequence[FeedLink] | None = None, **options: Any
) -> PageMeta:
    """The head of a page that lists texts, people or terms; ``options`` as in ``page_meta``.

    It has no picture of its own, and shows the site's where it may be indexed. ``feeds`` are those
    of the whole language unless the page has feeds of its own.
    """
    found = feed_links(language) if feeds is None else feeds
    meta = page_meta(language, title, feeds=found, **options)
    return replace(meta, images=site_images(language)) if meta.is_indexed else meta


def card_images(publication: Publication) -> tuple[ShareImage, ...]:
    """The pictures of a publication, the wide one first; none before they are drawn.

    WeChat takes the square one, every other service the first. Each tells what was drawn: a name or
    a title that no typeface has is not on it.
    """
    try:
        card = publication.share_card
    except ObjectDoesNotExist:
        return ()
    # Cards drawn before they told what is on them are drawn anew by make_share_cards.
    wide_alt = card.wide_alt or publication.page["title"]
    square_alt = card.square_alt or site_name(publication.translation.language)
    return _images((card.wide, wide_alt), (card.square, square_alt))


def site_images(language: str) -> tuple[ShareImage, ...]:
    """The pictures of the site itself."""
    paths = site_card(language)
    return _images(*((path, site_name(language)) for path in paths)) if paths else ()


def _images(wide: tuple[str, str], square: tuple[str, str]) -> tuple[ShareImage, ...]:
    """Of each picture its path and what it shows."""
    return tuple(
        ShareImage(absolute_url(default_storage.url(path)), *size, alt)
        for (path, alt), size in ((wide, WIDE), (square, SQUARE))
    )


def _markdown_link(kind: str, language: str, slug: str) -> FeedLink:
    return FeedLink("Markdown", "text/markdown", markdown_path(kind, language, slug))
