"""How every public page is answered: one function, so that headers and styles cannot differ."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from csp.constants import SELF
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from healthsite import languages, styles
from healthsite.metadata import PageMeta, site_name
from healthsite.structured_data import as_json

# Browsers ask again every time (an ETag makes that cheap once the page cache is there); shared
# caches may keep a page a minute and serve it while they fetch the next one.
CACHE_CONTROL = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
# A missing page may appear at any moment; it is kept just long enough to blunt a flood.
CACHE_CONTROL_MISSING = "public, max-age=0, s-maxage=10"

SPECULATION_RULES = "/speculation-rules.json"
"""What browsers may fetch ahead of a reader (healthsite.speculation)."""


def public_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for readers: GET and HEAD, and 405 for anything else.

    No form comes here, so no token is asked for: without the exemption a POST would be answered
    403 by the check of tokens, which stands before the view.
    """
    return csrf_exempt(require_safe(view))


def render_page(
    template: str,
    language: str,
    meta: PageMeta,
    context: dict[str, Any],
    *,
    sheet: str = "listing",
    status: int = 200,
    tags: Iterable[str] = (),
) -> HttpResponse:
    """A public page. It reads nothing of the visitor: the same answer for everybody.

    ``tags`` name what the page depends on (see ``tag_response``).
    """
    style = styles.sheet(sheet)
    html = render_to_string(
        template,
        {
            "language": languages.BY_CODE[language],
            "languages": [_switch_entry(item, language, meta) for item in languages.LANGUAGES],
            "meta": meta,
            "json_ld": as_json(meta.graph) if meta.graph and meta.is_indexed else "",
            "style": mark_safe(style.text),  # noqa: S308 (our own files)
            "site_name": site_name(language),
            "other_site_name": site_name(languages.other_languages(language)[0].code),
            "other_language": languages.other_languages(language)[0],
            "home_url": reverse("home", args=[language]),
            **context,
        },
    )
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = languages.BY_CODE[language].tag
    response.headers["Cache-Control"] = _cache_control(status)
    if status == 200:
        response.headers["Speculation-Rules"] = f'"{SPECULATION_RULES}"'
    use_sheet(response, style)
    tag_response(response, [language, *tags])
    return response


def machine_response(
    content: str | bytes | Iterator[bytes],
    content_type: str,
    *,
    language: str = "",
    canonical: str = "",
    tags: Iterable[str] = (),
) -> HttpResponseBase:
    """A public answer that is no page: a feed, a sitemap, a text for machines.

    ``content`` may be an iterator, which is streamed. ``canonical`` is the absolute address that
    search engines should keep in place of this one (RFC 6596, as a Link header because there is no
    ``<head>``); ``tags`` as in ``tag_response``.
    """
    make = HttpResponse if isinstance(content, str | bytes) else StreamingHttpResponse
    response = make(content, content_type=content_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    if language:
        response.headers["Content-Language"] = languages.BY_CODE[language].tag
    if canonical:
        response.headers["Link"] = f'<{canonical}>; rel="canonical"'
    tag_response(response, [language, *tags] if language else tags)
    return response


def tag_response(response: HttpResponseBase, tags: Iterable[str]) -> None:
    """Name what an answer depends on, so that a shared cache can drop just that.

    Tags are ``site`` (templates and settings: everything), a language, and ``kind-id``, as in
    ``article-12``. Cache-Tag is read by Cloudflare and Akamai, Surrogate-Key by Fastly.
    """
    names = list(dict.fromkeys(["site", *tags]))
    response.headers["Cache-Tag"] = ",".join(names)
    response.headers["Surrogate-Key"] = " ".join(names)


def _cache_control(status: int) -> str:
    """A failure is never kept: one odd request could make a shared cache give it to everybody."""
    if status == 200:
        return CACHE_CONTROL
    return CACHE_CONTROL_MISSING if status in {404, 410} else "no-store"


def use_sheet(response: HttpResponse, style: styles.Sheet) -> None:
    """Name the page's style sheet in its policy (django-csp reads this attribute)."""
    response._csp_replace = {"style-src": [SELF, style.source]}


def _switch_entry(item: languages.Language, current: str, meta: PageMeta) -> dict[str, Any]:
    """One entry of the language switch; without the page in a language, its home page."""
    return {
        "language": item,
        "is_current": item.code == current,
        "url": meta.paths.get(item.code, ""),
    }


def paths_in_all_languages(name: str, *arguments: str) -> dict[str, str]:
    """The address of a page that exists in every language."""
    return {code: reverse(name, args=[code, *arguments]) for code in languages.CODES}
