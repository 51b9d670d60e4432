"""``/robots.txt`` (RFC 9309) and the key that IndexNow asks for."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from healthsite.metadata import absolute_url
from healthsite.pages import machine_response, public_view

CONTENT_TYPE = "text/plain; charset=utf-8"

NOT_FOR_ROBOTS = ("/admin/", "/preview/")
"""Editors' addresses. Pages that say noindex are not among them: a robot that may not fetch a page
never sees that it says so."""


@public_view
def robots(request: HttpRequest) -> HttpResponseBase:
    """What robots may fetch. A closed site turns all of them away."""
    lines = ["User-agent: *"]
    if settings.IS_CLOSED:
        lines.append("Disallow: /")
    else:
        lines += ["Allow: /", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
        lines += ["", f"Sitemap: {absolute_url(reverse('sitemap'))}"]
    return machine_response("\n".join(lines) + "\n", CONTENT_TYPE)


@public_view
def indexnow_key(request: HttpRequest, key: str) -> HttpResponseBase:
    """The key at its own name: by it a search engine knows that a notice comes from this site."""
    if not settings.INDEXNOW_KEY or key != settings.INDEXNOW_KEY:
        raise Http404
    return machine_response(key, CONTENT_TYPE)
