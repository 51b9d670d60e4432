"""Serve stored pictures. Names carry their content's hash, so a file never changes."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from healthsite.imaging import MEDIA_NAME_PATTERN

TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
}


@require_safe
def serve_media(request: HttpRequest, name: str) -> FileResponse:
    """A stored picture, kept for ever by browsers. Anything but our own names is 404."""
    match = MEDIA_NAME_PATTERN.match(name)
    if not match:
        raise Http404
    try:
        file = default_storage.open(name)
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=TYPES[match["extension"]])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # A drawing opened on its own must not run anything, whatever got past the checks.
    response._csp_replace = {"default-src": ["'none'"], "sandbox": [""]}
    return response
