"""One address for each page: nearly right ones are led to it in one step (301).

Missing and doubled slashes, capitals, an old slug behind any of them: what would have been 404 is
tried again as the site itself would have written it, and only an address where something is there
is given to anybody.
"""

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from healthsite.pages import CACHE_CONTROL

_OURS = re.compile(r"/[a-z0-9/._-]*")
"""What every public address is made of."""
_AS_IT_IS = re.compile(r"/(?:static|media|preview|admin)/")
"""Addresses with capitals of their own, or for editors alone."""
_DESK = re.compile(r"/admin(?:/[^/]+)*")


class AddressMiddleware:
    """Outside the language: an address in capitals has none yet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        asked = request.path_info
        if _DESK.fullmatch(asked) and _exists(f"{asked}/"):
            return _moved(request, f"{asked}/")
        for path in canonical_forms(asked):
            if path != asked and _exists(path):
                request.path = request.path_info = path
                response = self.get_response(request)
                if response.status_code == 200:
                    return _moved(request, path)
                if response.status_code in {301, 410}:
                    return response
        return response


def canonical_forms(path: str) -> Iterator[str]:
    """How the site would have written a path: small letters, single slashes, with and without end.

    Nothing for paths that hold what no address of ours does, so that nothing a visitor typed ever
    comes back in a Location.
    """
    plain = re.sub("/{2,}", "/", path.lower())
    if not _OURS.fullmatch(plain) or _AS_IT_IS.match(plain):
        return
    yield f"{plain.rstrip('/')}/"
    if plain.rstrip("/"):
        yield plain.rstrip("/")


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _moved(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
