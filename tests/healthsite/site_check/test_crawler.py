"""Fetching without a network, and what a crawl follows and leaves out."""

import itertools

import pytest

from healthsite.site_check import SiteUnreachable, crawl
from healthsite.site_check.addresses import Origin
from healthsite.site_check.fetching import ask
from healthsite.site_check.site import Site
from tests.healthsite.site_check.sites import HOMES, HTML, ORIGIN, FakeSite, page

SECURE = Origin(ORIGIN)


class Body:
    """A streaming answer that remembers whether it was closed."""

    def __init__(self, *parts: bytes):
        self.parts = parts
        self.is_closed = False

    def __iter__(self):
        return iter(self.parts)

    def close(self):
        self.is_closed = True


def test_streamed_answer_is_read_whole_and_closed():
    body = Body(b"one ", b"two")

    def app(environ, start_response):
        write = start_response("200 OK", [("Vary", "A"), ("vary", "B"), ("Content-Type", HTML)])
        write(b"zero ")
        return body

    answer = ask(app, SECURE, "/")
    assert (answer.status, answer.body) == (200, b"zero one two")
    assert answer.headers["vary"] == "A, B"
    assert answer.content_type == "text/html"
    assert body.is_closed


@pytest.mark.parametrize("starts_first", [True, False])
def test_application_that_raises_has_answered_500(starts_first):
    def app(environ, start_response):
        if starts_first:
            start_response("200 OK", [])
        raise ZeroDivisionError

    assert ask(app, SECURE, "/").status == 500


def test_application_that_never_starts_its_answer_has_answered_500():
    assert ask(lambda environ, start_response: [], SECURE, "/").status == 500


@pytest.mark.parametrize(
    ("origin", "scheme", "name", "port"),
    [
        ("https://health.example", "https", "health.example", "443"),
        ("http://127.0.0.1:8000", "http", "127.0.0.1", "8000"),
        ("http://[::1]:8000", "http", "::1", "8000"),
    ],
)
def test_request_is_the_one_that_the_front_server_would_send(origin, scheme, name, port):
    site = FakeSite()
    ask(site, Origin(origin), "/en/%E5%85%89/?page=2")
    (environ,) = site.asked
    assert environ["HTTP_HOST"] == origin.partition("//")[2]
    assert environ["wsgi.url_scheme"] == environ["HTTP_X_FORWARDED_PROTO"] == scheme
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == (name, port)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/en/光/"
    assert environ["QUERY_STRING"] == "page=2"
    assert not {"HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING"} & set(environ)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("../b/?q=1#x", ("/en/b/?q=1", "x")),
        ("https://HEALTH.example", ("/", "")),
        ("/光/", ("/%E5%85%89/", "")),
        ("/%E5%85%89/#%E5%85%89", ("/%E5%85%89/", "光")),
        ("http://health.example/", None),
        ("//other.example/", None),
        ("mailto:a@health.example", None),
        ("data:image/png;base64,AAAA", None),
        ("http://[broken", None),
    ],
)
def test_link_has_one_spelling(link, found):
    assert SECURE.resolve(link, "/en/a/") == found


def test_everything_that_the_page_names_is_fetched_once(tiny):
    named = """<a href="/1">1</a><map><area href="/2"></map><img src="/3" srcset="/4 1x, /5 2x">
<picture><source srcset="/6"></picture><script src="/7"></script>
<form action="/8?q=x"></form><link rel="preload" href="/9"><link rel="next" href="/10">
<link rel="stylesheet" href="/11"><link rel="icon" href="/12">
<link rel="preload" imagesrcset="/13 1x, /14 2x">
<a href="/1#again">1</a>"""
    tiny.change("/en/", "</main>", f"{named}</main>")
    tiny.crawl()
    asked = [environ["PATH_INFO"] for environ in tiny.asked]
    assert {f"/{number}" for number in range(1, 15)} <= set(asked)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("address", ["/admin/", "/preview/abc/", "/healthz", "/readyz"])
def test_what_is_not_public_is_left_out(tiny, address):
    tiny.change("/en/", "</main>", f'<a href="{address}">x</a></main>')
    assert address not in tiny.crawl().resources


def test_base_element_moves_relative_links(tiny):
    tiny.change("/en/", "<head>", '<head><base href="/zh-hans/">')
    tiny.change("/en/", "</main>", '<a href="articles/light/">x</a></main>')
    site = tiny.crawl()
    assert "/en/articles/light/" in site.resources
    assert site.inbound["/zh-hans/articles/light/"].is_followed


def test_redirects_are_followed_to_their_end(tiny):
    for old, new in itertools.pairwise(["/a/", "/b/", "https://other.example/c/"]):
        tiny.add(old, "", status="302 Found", headers=[("Location", new)])
    tiny.add("/loop/", "", status="302 Found", headers=[("Location", "/loop/")])
    tiny.change("/en/", "</main>", '<a href="/a/">a</a><a href="/loop/">l</a></main>')
    site = tiny.crawl()
    assert site.final_address("/a/") == "https://other.example/c/"
    assert site.final_address("/loop/") == ""


def test_limit_ends_an_endless_site():
    class Endless(FakeSite):
        def __call__(self, environ, start_response):
            number = len(self.asked)
            self.add(environ["PATH_INFO"], f'<a href="/{number}/">{number}</a>')
            return super().__call__(environ, start_response)

    endless = Endless()
    site = crawl(endless, ORIGIN, HOMES, limit=20)
    assert not site.is_complete
    assert len(site.resources) < 30


def test_whole_site_is_complete(tiny):
    assert tiny.crawl().is_complete


@pytest.mark.parametrize("status", ["503 Service Unavailable", "301 Moved Permanently"])
def test_site_without_a_page_cannot_be_checked(status):
    site = FakeSite()
    for home in HOMES:
        site.add(home, page("/en/", "en", title="x"), status=status, headers=[("Location", home)])
    with pytest.raises(SiteUnreachable, match=status[:3]):
        site.crawl()


def test_static_file_that_is_not_collected_is_looked_up(tiny, tmp_path):
    tiny.change("/en/", "</head>", '<link rel="icon" href="/static/mark.svg?1"></head>')
    tiny.change("/en/", "</main>", '<img src="/static/gone.svg" width=1 height=1 alt=""></main>')
    files = {"/static/mark.svg": tmp_path}
    assert tiny.crawl(find_static=files.get).resources["/static/mark.svg?1"].status == 200
    assert "broken-link" in tiny.findings(find_static=files.get)


def test_pages_are_not_kept(tiny):
    """A large site must fit in memory: no answer's text is held on to."""
    tiny.change("/en/", "</main>", f"<p>{'light ' * 50_000}</p></main>")
    site = tiny.crawl()
    assert isinstance(site, Site)
    assert len(repr(site)) < 20_000
