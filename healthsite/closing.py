"""A site that nobody should find yet: every answer, pictures and feeds included, says noindex."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ClosedSiteMiddleware:
    """The outermost layer of Django, so that files count too (Google: X-Robots-Tag)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.IS_CLOSED:
            response.headers["X-Robots-Tag"] = "noindex"
        return response
