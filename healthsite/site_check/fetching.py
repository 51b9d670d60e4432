"""Ask a WSGI application for one address, with no network between (PEP 3333)."""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from healthsite.site_check.addresses import Origin

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

USER_AGENT = "check_site"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """``headers`` have lower-case names; several of one name are joined with a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The media type alone, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def ask(app: WsgiApp, origin: Origin, address: str) -> Answer:
    """GET one address. An application that raises has answered 500, as a server would say."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None):
        started[:] = [status, headers]
        return written.append

    written: list[bytes] = []
    try:
        parts = app(_environ(origin, address), start_response)
        try:
            body = b"".join([*written, *parts])
        finally:
            # Django ends a request, and gives its connections back, when the answer is closed.
            if hasattr(parts, "close"):
                parts.close()
    except Exception:  # what an application may raise is not ours to know
        logger.exception("The application raised at %s", address)
        return Answer(500, {}, b"")
    if not started:
        return Answer(500, {}, b"")
    status, pairs = started
    return Answer(int(status.split(" ", 1)[0]), _joined(pairs), body)


def _environ(origin: Origin, address: str) -> dict[str, Any]:
    """No cookie, no Accept-Language, no Accept-Encoding: what a plain robot sends.

    The front server ends TLS and says so in X-Forwarded-Proto; without it every page of an https
    site would answer with a redirect.
    """
    path, _, query = address.partition("?")
    host = urlsplit(origin.url)
    is_https = origin.scheme == "https"
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": host.hostname or "",
        "SERVER_PORT": str(host.port or (443 if is_https else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": origin.host,
        "HTTP_USER_AGENT": USER_AGENT,
        "HTTP_X_FORWARDED_PROTO": origin.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers
