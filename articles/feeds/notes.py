"""What the page of an article prints around its body, and an entry must not lose on the way.

A text is read in a feed reader without its page, so who reviewed it, how far a translation lags
behind, what is commercial about it and the medical disclaimer travel with it.
"""

from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles.bylines import Credit, review_text
from articles.models import Publication
from articles.models.content import address_of
from articles.reviews import Review, join_sentences
from articles.staleness import lag_of
from healthsite import languages


def notes_above(
    publication: Publication,
    credits: tuple[Credit, ...],
    reviews: Mapping[str, Review],
    source: Publication | None,
) -> str:
    """HTML of everything between a page's title and its body, in the page's own order.

    ``source``: what readers read in the source language, or None. In the language in force.
    """
    page = publication.page
    article = publication.translation.article
    language = languages.BY_CODE[publication.translation.language]
    adapted = _("Adapted by the editors.") if page["is_adaptation"] else ""
    lag = render_to_string(
        "components/lag_notice.html",
        {
            "lag": lag_of(publication, source),
            "language": language,
            "source_language": languages.BY_CODE[article.source_language],
            "source_url": address_of(article.kind, article.source_language, article.slug),
        },
    )
    top_notes = render_to_string(
        "components/top_notes.html",
        {
            "page": page,
            "edition_note_html": mark_safe(page["edition_note_html"]),  # noqa: S308 (made at publication)
        },
    )
    standfirst = page["standfirst_html"] and f"<p>{page['standfirst_html']}</p>"
    review = format_html("<p>{}</p>", join_sentences([adapted, review_text(credits, reviews)]))
    return "\n".join(filter(None, [standfirst, review, lag.strip(), top_notes.strip()]))


def disclaimer() -> str:
    """HTML of the medical disclaimer: the words of the site's footer, in the language in force."""
    return format_html(
        "<hr><h2>{}</h2><p>{}</p>",
        _("Medical disclaimer"),
        _(
            "Our articles are for health education. They do not replace diagnosis or advice from "
            "your own doctor, pharmacist or nutrition professional. In an emergency, call your "
            "local emergency number. Do not stop or change medicines, or put off care, because of "
            "something you read here."
        ),
    )
