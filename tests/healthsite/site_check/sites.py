"""Tiny sites made by hand: a WSGI application over a dictionary of answers."""

from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from healthsite.site_check import Site, check, crawl

ORIGIN = "https://health.example"
HOMES = ("/", "/zh-hans/", "/en/")
LANGS = {"en": "en", "zh-hans": "zh-Hans"}
MODIFIED = "2026-03-02T08:00:00+00:00"

HTML = "text/html; charset=utf-8"
XML = "application/xml"


@dataclass
class Reply:
    body: bytes
    content_type: str = HTML
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=list)


class FakeSite:
    """``replies`` by address; anything else answers 404. ``asked`` are the environs it got."""

    def __init__(self):
        self.replies: dict[str, Reply] = {}
        self.asked: list[dict] = []

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        query = environ["QUERY_STRING"]
        path = environ["PATH_INFO"].encode("latin-1").decode()
        reply = self.replies.get(path + (f"?{query}" if query else ""))
        reply = reply or Reply(b"Not found", "text/plain", "404 Not Found")
        start_response(reply.status, [("Content-Type", reply.content_type), *reply.headers])
        return [reply.body]

    def add(self, address: str, body: str | bytes, content_type: str = HTML, **more) -> None:
        body = body.encode() if isinstance(body, str) else body
        self.replies[address] = Reply(body, content_type, **more)

    def change(self, address: str, old: str, new: str) -> None:
        """Replace text of one answer; a text that is not there is a mistake of the test."""
        reply = self.replies[address]
        assert old.encode() in reply.body, old
        reply.body = reply.body.replace(old.encode(), new.encode())

    def crawl(self, **options) -> Site:
        return crawl(self, ORIGIN, HOMES, **options)

    def findings(self, **options) -> dict[str, list[str]]:
        """Pages that each rule found something on, by the name of the rule."""
        found = check(self.crawl(**options))
        return {rule.name: [item.page for item in items] for rule, items in found.items()}


def page(path: str, code: str, *, title: str, extra_head: str = "", main: str = "") -> str:
    """A page without a mistake, in two languages; ``code`` is its own."""
    rest = path.split("/", 2)[2] if path != "/" else ""
    alternates = {LANGS[other]: f"{ORIGIN}/{other}/{rest}" for other in LANGS}
    default = f"{ORIGIN}/" if not rest else alternates["zh-Hans"]
    links = "".join(
        f'<link rel="alternate" hreflang="{tag}" href="{url}">'
        for tag, url in (*alternates.items(), ("zh", alternates["zh-Hans"]), ("x-default", default))
    )
    return f"""<!DOCTYPE html><html lang="{LANGS[code]}"><head><meta charset="utf-8">
<title>{title}</title><meta name="description" content="What {title} says">
<link rel="canonical" href="{ORIGIN}{path}">{links}
<meta property="og:url" content="{ORIGIN}{path}">{extra_head}</head>
<body><h1 id="top-heading">{title}</h1><nav><a href="/zh-hans/">中文</a> <a href="/en/">English</a>
</nav><main>{main}</main></body></html>"""


def article(code: str) -> str:
    path = f"/{code}/articles/light/"
    return page(
        path,
        code,
        title=f"Light ({code})",
        extra_head=f"""<meta property="og:image" content="{ORIGIN}/card.png">
<meta property="og:image:width" content="120"><meta property="og:image:height" content="63">
<meta property="article:published_time" content="2026-03-01">
<meta property="article:modified_time" content="{MODIFIED}">
<link rel="alternate" type="text/markdown" href="/{code}/articles/light.md">
<link rel="alternate" type="application/atom+xml" href="/feeds/{code}/atom.xml">
<link rel="alternate" type="application/feed+json" href="/feeds/{code}/feed.json">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
{{"@type": "Article", "@id": "{ORIGIN}{path}#article", "url": "{ORIGIN}{path}",
"mainEntityOfPage": {{"@type": "MedicalWebPage", "@id": "{ORIGIN}{path}"}},
"datePublished": "2026-03-01T08:00:00+00:00", "dateModified": "2026-03-02"}}]}}</script>""",
        main='<img src="/card.png" width="120" height="63" alt="A lamp">'
        '<a href="#ref-1">1</a><p id="ref-1">A study</p>',
    )


def atom(code: str) -> str:
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:{code}</id><title>T</title>
<updated>{MODIFIED}</updated><link rel="self" href="{ORIGIN}/feeds/{code}/atom.xml"/>
<entry><id>tag:{code}:1</id><title>T</title><updated>{MODIFIED}</updated>
<link href="{ORIGIN}/{code}/articles/light/"/></entry></feed>"""


def json_feed(code: str) -> str:
    return f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "T",
"feed_url": "{ORIGIN}/feeds/{code}/feed.json",
"items": [{{"id": "1", "url": "{ORIGIN}/{code}/articles/light/"}}]}}"""


def sitemap(*entries: tuple[str, str]) -> str:
    items = "".join(
        f"<url><loc>{ORIGIN}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in entries
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'


def picture(width: int = 120, height: int = 63) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def clean_site() -> FakeSite:
    """One of everything, and nothing wrong with it."""
    site = FakeSite()
    site.add("/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {ORIGIN}/sitemap.xml", "text/plain")
    site.add(
        "/sitemap.xml",
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>'
        f"<loc>{ORIGIN}/sitemap-pages-1.xml</loc></sitemap></sitemapindex>",
        XML,
    )
    entries = [("/", "")]
    site.add("/", page("/", "zh-hans", title="选择 Choose"))
    site.add("/card.png", picture(), "image/png")
    for code in LANGS:
        home, text = f"/{code}/", f"/{code}/articles/light/"
        entries += [(home, ""), (text, MODIFIED)]
        site.add(home, page(home, code, title=f"Home {code}", main=f'<a href="{text}">Light</a>'))
        site.add(text, article(code))
        site.add(f"/feeds/{code}/atom.xml", atom(code), "application/atom+xml")
        site.add(f"/feeds/{code}/feed.json", json_feed(code), "application/feed+json")
        site.add(
            f"/{code}/articles/light.md",
            f"# Light\n\n[Home]({ORIGIN}{home})",
            "text/markdown; charset=utf-8",
            headers=[("Link", f'<{ORIGIN}{text}>; rel="canonical"')],
        )
    site.add("/sitemap-pages-1.xml", sitemap(*entries), XML)
    return site
