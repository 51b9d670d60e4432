"""The public log of a text, one version as it was published, and the difference of two."""

import re
from collections.abc import Callable

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from articles.bylines import byline
from articles.cards import topic_of
from articles.document import Document
from articles.heads import list_head
from articles.history import KIND_LABELS, difference_of, log_entries
from articles.history_addresses import (
    NUMBER,
    comparison_address,
    history_address,
    version_address,
)
from articles.models import Publication, ReviewSignature
from articles.models.content import address_of
from articles.reviews import reviews_of
from articles.structured_data import history_graph, published_policies
from articles.tags import tags_of_text
from articles.texts import answer_without_text, publications_of, text_context
from healthsite.metadata import page_meta
from healthsite.pages import CACHE_CONTROL, public_view, render_page

VERSION_TEMPLATES = {
    "article": "articles/article_detail.html",
    "page": "pages/page_detail.html",
}


@public_view
def history(request: HttpRequest, language: str, slug: str, kind: str) -> HttpResponse:
    """Every version readers could read, newest first, and a form that compares two of them."""
    own, others = publications_of(kind, language, slug)
    if own is None:
        return answer_without_text(kind, language, slug, others, history_address)
    log = list(_log_of(own))
    if chosen := _chosen(request):
        return _to_comparison(chosen, log, kind, language, slug)
    signatures = ReviewSignature.objects.of_text(own.translation_id).with_names(language)
    title = own.page["title"]
    codes = [language, *(item.translation.language for item in others)]
    meta = list_head(
        language,
        _("History of changes: %(title)s") % {"title": title},
        description=_("Every published version of “%(title)s”, and what changed.")
        % {"title": title},
        paths={code: history_address(kind, code, slug) for code in codes},
    )
    graph = history_graph(meta, own, published_policies(language))
    return render_page(
        "articles/history.html",
        language,
        meta.with_graph(graph),
        {
            **_around(own, kind, language, slug),
            "entries": log_entries(log, list(signatures), kind=kind, language=language, slug=slug),
        },
        sheet="history",
        tags=tags_of_text(own),
    )


@public_view
def version(request: HttpRequest, language: str, slug: str, kind: str, number: int) -> HttpResponse:
    """One version as it was published, under a line that says which it is."""
    own, others = publications_of(kind, language, slug)
    if own is None:
        return answer_without_text(kind, language, slug, others, _to(version_address, number))
    found = (
        _log_of(own)
        .filter(number=number)
        .annotate(body=F("body_html"))
        .defer(None)
        .defer("body_html", "revision__document")
        .first()
    )
    if found is None:
        raise Http404
    context = {
        **text_context(found, others),
        **_around(own, kind, language, slug),
        "template": VERSION_TEMPLATES[kind],
        "current": own,
        "changes_url": (
            ""
            if found.number == own.number
            else comparison_address(kind, language, slug, found.number, own.number)
        ),
    }
    if kind == "article":
        signatures = ReviewSignature.objects.of_text(own.translation_id)
        context["byline"] = byline(
            found.page["contributions"], language, reviews_of(found, signatures)
        )
        context["topic"] = topic_of(own, language)
    return render_page(
        "articles/history_version.html",
        language,
        # Not indexed, and so without a canonical address: search engines take one of the two for a
        # mistake. The page links to the article as readers read it now.
        page_meta(
            language,
            _("Version %(number)s: %(title)s") % {"number": number, "title": found.page["title"]},
            paths={
                language: version_address(kind, language, slug, number),
                **_logs_of(others, kind, slug),
            },
            is_indexed=False,
        ),
        context,
        sheet="version",
        tags=tags_of_text(own),
    )


@public_view
def comparison(
    request: HttpRequest, language: str, slug: str, kind: str, old: int, new: int
) -> HttpResponse:
    """What changed between two versions, the older one first."""
    own, others = publications_of(kind, language, slug)
    if own is None:
        return answer_without_text(kind, language, slug, others, _to(comparison_address, old, new))
    log = list(_log_of(own))
    if old > new:
        return _to_comparison((old, new), log, kind, language, slug)
    versions = {item.number: item for item in log}
    if old not in versions or new not in versions:
        raise Http404
    documents = {
        number: Document.from_dict(document)
        for number, document in _log_of(own)
        .filter(number__in=[old, new])
        .values_list("number", "revision__document")
    }
    return render_page(
        "articles/history_comparison.html",
        language,
        page_meta(
            language,
            _("Version %(old)s and version %(new)s: %(title)s")
            % {"old": old, "new": new, "title": own.page["title"]},
            paths={
                language: comparison_address(kind, language, slug, old, new),
                **_logs_of(others, kind, slug),
            },
            is_indexed=False,
        ),
        {
            **_around(own, kind, language, slug),
            "old": versions[old],
            "old_url": version_address(kind, language, slug, old),
            "new": versions[new],
            "new_url": version_address(kind, language, slug, new),
            "steps": [item for item in reversed(log) if old < item.number <= new],
            "difference": difference_of(documents[old], documents[new]),
            "kind_labels": KIND_LABELS,
        },
        sheet="history",
        tags=tags_of_text(own),
    )


def _log_of(own: Publication):
    return Publication.objects.public_log().filter(translation=own.translation_id)


def _around(own: Publication, kind: str, language: str, slug: str) -> dict:
    """The article and its log, from every page of the log."""
    return {
        "title": own.page["title"],
        "article_url": address_of(kind, language, slug),
        "log_url": history_address(kind, language, slug),
        "nav": "articles" if kind == "article" else "",
    }


def _logs_of(others: list[Publication], kind: str, slug: str) -> dict[str, str]:
    """The log in other languages: versions there have numbers of their own."""
    codes = [item.translation.language for item in others]
    return {code: history_address(kind, code, slug) for code in codes}


def _chosen(request: HttpRequest) -> tuple[int, int] | None:
    """The two versions chosen in the form; None where none or only one was. Else Http404."""
    chosen = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(chosen):
        return None
    if not all(re.fullmatch(NUMBER, item) for item in chosen):
        raise Http404
    return int(chosen[0]), int(chosen[1])


def _to_comparison(
    chosen: tuple[int, int], log: list[Publication], kind: str, language: str, slug: str
) -> HttpResponse:
    """The one address of a comparison, whichever of the two was named first."""
    old, new = sorted(chosen)
    if not {old, new} <= {item.number for item in log}:
        raise Http404
    response = HttpResponseRedirect(comparison_address(kind, language, slug, old, new))
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _to(address: Callable[..., str], *numbers: int) -> Callable[[str, str, str], str]:
    """The address of a version, or of a comparison, for a text that may have another slug."""
    return lambda kind, language, slug: address(kind, language, slug, *numbers)
