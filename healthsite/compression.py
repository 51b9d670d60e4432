"""Compress public texts. Where the whole-response cache comes in, it takes this over.

Only anonymous answers that hold nothing of one visitor are compressed (BREACH needs a secret in
the body). Vary names the encoding and nothing else.
"""

import gzip
import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Container, Iterable, Iterator

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
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

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if _may_compress(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            accepted = request.headers.get("Accept-Encoding", "")
            if response.streaming:
                _compress_stream(response, accepted)
            else:
                _compress_whole(response, accepted)
        return response


def _compress_whole(response: HttpResponse, accepted: str) -> None:
    encoding = _choose(accepted, _ENCODERS)
    if encoding and len(response.content) >= MIN_BYTES:
        plain = response.content
        response.content, form = _ENCODERS[encoding](plain)
        response.headers["ETag"] = etag_of(plain, form)
        response.headers["Content-Encoding"] = encoding
        response.headers["Content-Length"] = str(len(response.content))


def _compress_stream(response: StreamingHttpResponse, accepted: str) -> None:
    """Only gzip, which every robot knows: robots are who reads what is streamed."""
    encoding = _choose(accepted, {"gzip"})
    if encoding:
        response.streaming_content = gzip_pieces(response.streaming_content)
        response.headers["Content-Encoding"] = encoding
        # That of the plain form, if the view knew it.
        del response.headers["Content-Length"]


def gzip_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A gzip file (RFC 1952), piece by piece, in the memory of one piece.

    If the pieces break off, so does the file, and every reader sees that its end is missing.
    """
    # 16 more than the window asks zlib for the head and end of gzip; its time is 0.
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


_ENCODERS = {
    "br": best_forms.brotli,
    # mtime=0: the same page gives the same bytes.
    "gzip": lambda body: (gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0), "gzip"),
}

_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")


def _may_compress(response: HttpResponseBase) -> bool:
    return (
        not response.cookies
        # A view that streams and knows its bytes knows them in one form.
        and not (response.streaming and "ETag" in response.headers)
        and "Content-Encoding" not in response.headers
        and "Cookie" not in response.headers.get("Vary", "")
        and response.headers.get("Content-Type", "").startswith(COMPRESSED_TYPES)
    )


def _choose(accepted: str, possible: Container[str]) -> str | None:
    """The best that is possible, named and not refused with q=0 (RFC 9110, 12.5.3)."""
    offered = set()
    for part in accepted.lower().split(","):
        name, *parameters = (item.strip() for item in part.split(";"))
        if not any(_REFUSED.fullmatch(parameter) for parameter in parameters):
            offered.add(name)
    return next((name for name in _ENCODERS if name in offered and name in possible), None)
