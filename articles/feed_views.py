"""Answers with feeds. HTTP only: what is in them, ``articles.feeds`` knows."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from articles import feeds
from articles.feeds.atom import write_atom
from articles.feeds.json_feed import write_json
from healthsite.pages import machine_response, public_view


@public_view
def language_feed(request: HttpRequest, language: str, form: feeds.Format) -> HttpResponseBase:
    """The newest articles of a language."""
    return _answer(feeds.language_feed(language), form)


@public_view
def topic_feed(
    request: HttpRequest, language: str, slug: str, form: feeds.Format
) -> HttpResponseBase:
    """The newest articles of a topic. 404 where its page is."""
    return _answer(feeds.topic_feed(language, slug), form)


@public_view
def author_feed(
    request: HttpRequest, language: str, slug: str, form: feeds.Format
) -> HttpResponseBase:
    """The newest articles that somebody had a part in. 404 where their page is."""
    return _answer(feeds.author_feed(language, slug), form)


def _answer(feed: feeds.Feed | None, form: feeds.Format) -> HttpResponseBase:
    if feed is None:
        raise Http404
    is_atom = form == feeds.ATOM
    return machine_response(
        write_atom(feed) if is_atom else write_json(feed),
        f"{form.media_type}; charset=utf-8",
        language=feed.language.code,
        canonical=feed.atom_url if is_atom else feed.json_url,
        tags=feed.tags,
    )
