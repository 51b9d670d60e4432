"""Articles, site pages and their logs."""

import datetime
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bylines import Byline, Credit
from articles.cards import CardTopic
from articles.document import Document
from articles.labels import NUTRIENTS
from articles.models import Publication
from articles.models.content import address_of
from articles.reviews import Review, insider_sentence
from articles.structured_data.citations import citation
from articles.structured_data.people import person, person_id
from articles.structured_data.pictures import figure_image, licence_url, share_image
from articles.structured_data.printed import names_in, printed_figures, printed_references
from healthsite import languages
from healthsite.metadata import PageMeta, ShareImage, absolute_url
from healthsite.structured_data import (
    Links,
    Node,
    linked_graph,
    node,
    organization_id,
    policy_url,
    ref,
)

PAGE_KINDS = {"about": "AboutPage", "contact": "ContactPage"}
"""Site pages by slug that schema.org has a type for."""


def article_graph(
    meta: PageMeta,
    own: Publication,
    others: Sequence[Publication],
    *,
    document: Document,
    byline: Byline,
    reviews: Mapping[str, Review],
    topic: CardTopic | None,
    images: Sequence[ShareImage],
    policies: Mapping[str, str],
) -> list[Node]:
    """An article: the page it is on, the text, its people and pictures.

    ``own`` with its ``body`` and ``others`` are what ``publications_of`` gives, ``document`` is
    the frozen document of ``own``, ``images`` are its own share cards and no picture of the site.
    There is no Product, Offer, rating or FAQ: a mention of a product is none of these.
    """
    shared = [share_image(meta.canonical, *item) for item in enumerate(images, 1)]
    figures = [
        figure_image(meta.canonical, figure, caption)
        for figure, caption in printed_figures(document, own.body)
    ]
    pictures = [*shared, *filter(None, figures)]
    reviewers, last_reviewed = independent_review(byline, reviews)
    text = node(
        "Article",
        article_id(meta.canonical),
        **_titles(own, others),
        **_people(byline),
        **_dates(own),
        **_translations(own, others),
        inLanguage=languages.BY_CODE[meta.language].tag,
        image=[ref(item["@id"]) for item in pictures],
        about=_subjects(document, own.body, topic),
        articleSection=topic.name if topic else "",
        citation=list(filter(None, map(citation, printed_references(document, own.body)))),
        isBasedOn=_original(own, byline),
        wordCount=own.page["word_count"],
        isAccessibleForFree=True,
        license=licence_url(settings.TEXT_LICENCE),
        publisher=ref(organization_id()),
        publishingPrinciples=policy_url(policies, "editorial-policy"),
        mainEntityOfPage=ref(meta.canonical),
    )
    return linked_graph(
        meta,
        "MedicalWebPage",
        policies,
        here=own.page["title"],
        trail=_trail_of(topic),
        nodes=[text, *_named(byline, reviewers), *pictures],
        mainEntity=ref(text["@id"]),
        primaryImageOfPage=ref(shared[0]["@id"]) if shared else {},
        reviewedBy=[ref(person_id(slug)) for slug in reviewers],
        lastReviewed=last_reviewed,
    )


def article_id(url: str) -> str:
    """The text itself, which is not the page that shows it."""
    return f"{url}#article"


def independent_review(byline: Byline, reviews: Mapping[str, Review]) -> tuple[list[str], str]:
    """Who reviewed exactly this text without having made it (slugs), and the last date (ISO 8601).

    What counts is a signature under this very publication by somebody whom the byline names as a
    reviewer. A reviewer who is also an author or translator is left out, date and all: the page
    adds “this is not independent review”, schema.org has no place for that, and a bare date would
    promise a review that the page itself qualifies. So does a review of an earlier version.
    """
    signed = [
        reviews[credit.profile.slug]
        for credit in byline.credits
        if "reviewer" in credit.roles
        and credit.profile.slug in reviews
        and reviews[credit.profile.slug].is_exact
        and not insider_sentence(credit.profile.words.name, credit.roles)
    ]
    if not signed:
        return [], ""
    newest = timezone.localtime(max(review.signed_at for review in signed))
    return [review.author for review in signed], newest.date().isoformat()


def page_graph(
    meta: PageMeta,
    own: Publication,
    others: Sequence[Publication],
    policies: Mapping[str, str],
) -> list[Node]:
    """A site page: about, contact, privacy, …"""
    kind = PAGE_KINDS.get(own.translation.article.slug, "WebPage")
    return linked_graph(
        meta,
        kind,
        policies,
        here=own.page["title"],
        publisher=ref(organization_id()),
        license=licence_url(settings.TEXT_LICENCE),
        **_dates(own),
        **_translations(own, others, kind),
    )


def history_graph(meta: PageMeta, own: Publication, policies: Mapping[str, str]) -> list[Node]:
    """The public log of an article or a site page."""
    article = own.translation.article
    above = (own.page["title"], address_of(article.kind, meta.language, article.slug))
    return linked_graph(
        meta,
        "WebPage",
        policies,
        here=_("History of changes"),
        trail=[above],
        name=meta.name,
    )


def _trail_of(topic: CardTopic | None) -> Links:
    return [(topic.name, topic.get_absolute_url())] if topic else []


def _titles(own: Publication, others: Sequence[Publication]) -> Node:
    """The title, and the other language's title, which the page prints below it."""
    return {
        "headline": own.page["title"],
        "alternativeHeadline": others[0].page["title"] if others else "",
    }


def _people(byline: Byline) -> Node:
    roles = ("author", "translator", "editor")
    return {role: _refs(byline, role) for role in roles}


def _refs(byline: Byline, role: str) -> list[Node]:
    return [
        ref(person_id(credit.profile.slug)) for credit in byline.credits if role in credit.roles
    ]


def _named(byline: Byline, reviewers: Sequence[str]) -> list[Node]:
    """A node for everybody whom the graph names; a reviewer it cannot name has none."""
    return [person(credit.profile) for credit in byline.credits if _is_named(credit, reviewers)]


def _is_named(credit: Credit, reviewers: Sequence[str]) -> bool:
    return credit.profile.slug in reviewers or bool({*credit.roles} - {"reviewer"})


def _original(own: Publication, byline: Byline) -> Node:
    """What an adaptation was made from: a text by the same authors, as the byline says."""
    authors = _refs(byline, "author")
    return node("CreativeWork", author=authors) if own.page["is_adaptation"] and authors else {}


def _dates(own: Publication) -> Node:
    """A typing error never moves ``dateModified``."""
    return {
        "datePublished": _iso(own.first_live_from),
        "dateModified": _iso(own.updated_at or own.first_live_from),
    }


def _iso(moment: datetime.datetime) -> str:
    """ISO 8601 with the site's offset, whole seconds."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _translations(own: Publication, others: Sequence[Publication], kind: str = "Article") -> Node:
    """The source of a translation, or the translations of a source."""
    works = {item.translation.language: _work(item, kind) for item in others}
    source = own.translation.article.source_language
    if own.translation.language == source:
        return {"workTranslation": list(works.values())}
    return {"translationOfWork": works.get(source)}


def _work(publication: Publication, kind: str) -> Node:
    """The same text in another language: an article by its text, a site page by its address."""
    code, article = publication.translation.language, publication.translation.article
    url = absolute_url(address_of(article.kind, code, article.slug))
    return node(
        kind,
        article_id(url) if kind == "Article" else url,
        url=url,
        inLanguage=languages.BY_CODE[code].tag,
        **{"headline" if kind == "Article" else "name": publication.page["title"]},
    )


def _subjects(document: Document, body: str, topic: CardTopic | None) -> list[Node]:
    """The topic that the page names, and the nutrients of its safety notes that it prints."""
    names = [str(NUTRIENTS[key]) for key in document.nutrients]
    subjects = [node("Substance", name=name) for name in names_in(names, body)]
    if not topic:
        return subjects
    return [
        node("Thing", name=topic.name, url=absolute_url(topic.get_absolute_url())),
        *subjects,
    ]
