"""Compress public texts. Where the whole-response cache comes in, it takes this over.

Only anonymous answers that hold nothing of one visitor are compressed (BREACH needs a secret in
the body). Vary names the encoding and nothing else.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from healthsite.freshness import etag_of

MIN_BYTES = 500
"""Below this an answer fits one packet anyway."""

QUICK_QUALITY, BEST_QUALITY = 5, 11
GZIP_LEVEL = 6
"""Measured on an article of 110 KB: brotli 5 takes 3 ms, 11 takes 150 ms and is 8 % smaller."""

COMPRESSED_TYPES = (
    *("text/html", "text/plain", "text/markdown"),
    "image/svg+xml",
    *("application/atom+xml", "application/feed+json", "application/xml"),
)

KEPT_PAGES = 256
"""Pages kept in their smallest form, per process: about 8 MB at most."""


class BestForms:
    """The smallest form of each page, made in a thread after the page's first answer.

    Pages are the same for everybody, so few different ones are asked for again and again. A page
    that changed has another digest, so nothing old can be served.
    """

    def __init__(self, limit: int = KEPT_PAGES):
        self._limit = limit
        self._forms: OrderedDict[bytes, bytes] = OrderedDict()
        self._waiting: set[bytes] = set()
        self._lock = threading.Lock()

    def brotli(self, body: bytes) -> tuple[bytes, str]:
        """The best form if it is there; else a quick one, and the best is on its way.

        The second is the form's name: two forms are different bytes, and so different ETags.
        """
        digest = self.digest(body)
        with self._lock:
            if digest in self._forms:
                self._forms.move_to_end(digest)
                return self._forms[digest], f"br{BEST_QUALITY}"
            is_new = digest not in self._waiting and len(self._waiting) < self._limit
            if is_new:
                self._waiting.add(digest)
        if is_new:
            threading.Thread(target=self._make, args=(digest, body), daemon=True).start()
        return brotli.compress(body, quality=QUICK_QUALITY), f"br{QUICK_QUALITY}"

    @staticmethod
    def digest(body: bytes) -> bytes:
        """What a page is known by."""
        return hashlib.sha256(body).digest()

    def _make(self, digest: bytes, body: bytes) -> None:
        form = brotli.compress(body, quality=BEST_QUALITY)
        with self._lock:
            self._waiting.discard(digest)
            self._forms[digest] = form
            while len(self._forms) > self._limit:
                self._forms.popitem(last=False)


best_forms = BestForms()


class CompressionMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _may_compress(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            accepted = request.headers.get("Accept-Encoding", "")
            encoding = _choose(accepted)
            if encoding and len(response.content) >= MIN_BYTES:
                plain = response.content
                response.content, form = _ENCODERS[encoding](plain)
                response.headers["ETag"] = etag_of(plain, form)
                response.headers["Content-Encoding"] = encoding
                response.headers["Content-Length"] = str(len(response.content))
        return response


_ENCODERS = {
    "br": best_forms.brotli,
    # mtime=0: the same page gives the same bytes.
    "gzip": lambda body: (gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0), "gzip"),
}

_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


def _may_compress(response: HttpResponse) -> bool:
    return (
        not response.streaming
        and not response.cookies
        and "Content-Encoding" not in response.headers
        and "Cookie" not in response.headers.get("Vary", "")
        and response.headers.get("Content-Type", "").startswith(COMPRESSED_TYPES)
    )


def _choose(accepted: str) -> str | None:
    """The best encoding the browser names and does not refuse with q=0 (RFC 9110, 12.5.3)."""
    offered = set()
    for part in accepted.lower().split(","):
        name, *parameters = (item.strip() for item in part.split(";"))
        if not any(_REFUSED.fullmatch(parameter) for parameter in parameters):
            offered.add(name)
    return next((name for name in _ENCODERS if name in offered), None)
