"""Serve stored pictures. Names carry their content's hash, so a file never changes.

A drawing does: it is sent with the site's style sheet, of which its name knows nothing.
"""

import re

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from healthsite.freshness import code_changed_at
from healthsite.imaging import MEDIA_NAME_PATTERN
from healthsite.pages import CACHE_CONTROL
from healthsite.styles import drawing_sheet

_OPENING = re.compile(r"<svg\b[^>]*>")

TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
}


@require_safe
def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A stored picture. Anything but our own names is 404."""
    match = MEDIA_NAME_PATTERN.match(name)
    if not match:
        raise Http404
    try:
        file = default_storage.open(name)
    except OSError as error:
        raise Http404 from error
    extension = match["extension"]
    response = _drawing(file) if extension == "svg" else _as_stored(file, name)
    response.headers["Content-Type"] = TYPES[extension]
    return response


def _as_stored(file: File, name: str) -> FileResponse:
    """A file as it is, kept for ever by browsers."""
    response = FileResponse(file)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # The name is made from the content, so it tells one content from another.
    response.headers["ETag"] = f'"{name.rpartition("/")[2]}"'
    return response


def _drawing(file: File) -> HttpResponse:
    """A drawing with the style sheet that its page would have given it, kept no longer than pages.

    It has no ETag of its own: like that of a page, it is made from the bytes (RFC 9110, 8.8.3).

    Opened on its own it must not run anything, whatever got past the checks.
    """
    sheet = drawing_sheet()
    with file:
        markup = file.read().decode()
    styled = _OPENING.sub(lambda match: f"{match[0]}<style>{sheet.text}</style>", markup, count=1)
    response = HttpResponse(styled)
    response.headers["Cache-Control"] = CACHE_CONTROL
    # All that can change under the name is the sheet, which is code.
    response.headers["Last-Modified"] = http_date(code_changed_at().timestamp())
    response._csp_replace = {
        "default-src": ["'none'"],
        "style-src": [sheet.source],
        "sandbox": [""],
    }
    return response
