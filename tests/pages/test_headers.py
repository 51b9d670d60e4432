"""Headers of every kind of public page: one answer for everybody, and a strict policy."""

import base64
import gzip
import hashlib
import re

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import services
from tests import factories
from tests.crawl import LANGUAGES, TAGS, parse
from tests.made_once import made_once
from tests.pages.conftest import make_site

KINDS = {
    "choice": ("/", 200),
    "home": ("/{}/", 200),
    "article": ("/{}/articles/evening-light/", 200),
    "history": ("/{}/articles/evening-light/history/", 200),
    "version": ("/{}/articles/evening-light/history/1/", 200),
    "comparison": ("/{}/articles/evening-light/history/1..1/", 200),
    "site page": ("/{}/about/", 200),
    "version of a site page": ("/{}/about/history/1/", 200),
    "topics": ("/{}/topics/", 200),
    "topic": ("/{}/topics/sleep/", 200),
    "authors": ("/{}/authors/", 200),
    "author": ("/{}/authors/ada/", 200),
    "glossary": ("/{}/glossary/", 200),
    "search": ("/{}/search/", 200),
    "style guide": ("/{}/style-guide/", 200),
    "nothing there": ("/{}/articles/nothing/", 404),
    "no such address": ("/{}/a/b/c", 404),
    "withdrawn": ("/{}/articles/gone/", 410),
    "history of what was withdrawn": ("/{}/articles/gone/history/", 410),
    "no such version": ("/{}/articles/evening-light/history/9/", 404),
}
OTHER_KINDS = {name: kind for name, kind in KINDS.items() if name != "choice"}

# What document.featurePolicy.features() lists in Chromium 156, without client hints. A name that
# is not here is a spelling mistake, and browsers ignore those with no more than a console line.
CHROMIUM_FEATURES = set(
    """
    accelerometer aria-notify autoplay browsing-topics camera captured-surface-control
    clipboard-read clipboard-write compute-pressure cross-origin-isolated deferred-fetch
    deferred-fetch-minimal digital-credentials-create digital-credentials-get display-capture
    encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get
    idle-detection interest-cohort keyboard-map language-detector language-model local-fonts
    local-network local-network-access loopback-network magnetometer
    media-playback-while-not-visible microphone midi on-device-speech-recognition otp-credentials
    payment picture-in-picture private-state-token-issuance private-state-token-redemption
    publickey-credentials-create publickey-credentials-get screen-wake-lock serial
    speaker-selection storage-access summarizer sync-xhr translator unload usb window-management
    xr-spatial-tracking
    """.split()  # noqa: SIM905
)

both_languages = pytest.mark.parametrize("code", LANGUAGES)
every_kind = pytest.mark.parametrize(("path", "status"), KINDS.values(), ids=KINDS)
every_kind_but_the_choice = pytest.mark.parametrize(
    ("path", "status"), OTHER_KINDS.values(), ids=OTHER_KINDS
)


@pytest.fixture
def whole_site(db) -> None:
    """The small site, and an article that was withdrawn."""
    made_once("a small site with something withdrawn", make_whole_site)


def make_whole_site() -> None:
    make_site()
    article = factories.make_published_article(slug="gone")
    for translation in article.translations.all():
        services.withdraw(translation, note="Retracted.")


def policy_of(response) -> dict[str, list[str]]:
    header = response.headers["Content-Security-Policy"]
    return {name: values for name, *values in map(str.split, header.split(";"))}


@both_languages
@every_kind
def test_public_page_sets_no_cookie_and_varies_on_nothing_of_a_visitor(
    whole_site, client, path, status, code
):
    response = client.get(path.format(code))
    assert response.status_code == status
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    asked = {"/": ["Accept-Language"], "/{}/articles/evening-light/": ["Accept"]}.get(path, [])
    assert response.headers["Vary"].split(", ") == [*asked, "Accept-Encoding"]


def test_redirect_at_the_root_varies_on_the_language_as_well(client):
    response = client.get("/", headers={"accept-language": "en"})
    assert "Accept-Language" in response.headers["Vary"].split(", ")
    assert response.headers["Cache-Control"] == "public, max-age=0"
    assert not response.cookies


@both_languages
@every_kind
def test_policy_allows_exactly_the_style_sheet_in_the_page_and_nothing_inline_besides(
    whole_site, client, path, status, code
):
    response = client.get(path.format(code))
    html = response.content.decode()
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", html, re.S)
    assert len(sheets) == 1
    digest = base64.b64encode(hashlib.sha256(sheets[0].encode()).digest()).decode()
    assert policy_of(response)["style-src"] == ["'self'", f"'sha256-{digest}'"]
    soup = parse(html)
    assert not soup.find_all(style=True)
    # Data, which no browser runs.
    assert not soup.find_all("script", type=lambda kind: kind != "application/ld+json")
    assert not [tag for tag in soup.find_all() if any(name[:2] == "on" for name in tag.attrs)]


@both_languages
@every_kind
def test_policy_opens_no_door(whole_site, client, path, status, code):
    policy = policy_of(client.get(path.format(code)))
    # Pictures alone may be data addresses: the landscape is inside the style sheet.
    assert policy.pop("img-src") == ["'self'", "data:"]
    values = " ".join(word for words in policy.values() for word in words)
    for door in ("unsafe-", "data:", "blob:", "http:", "https:", "*", "nonce-", "strict-dynamic"):
        assert door not in values
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    for name in ("frame-ancestors", "base-uri", "object-src"):
        assert policy[name] == ["'none'"]
    assert policy["form-action"] == ["'self'"]


@both_languages
@every_kind
def test_page_carries_the_protective_headers(whole_site, client, path, status, code):
    headers = client.get(path.format(code)).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    # The test site is http://testserver: a browser must not be told to insist on https.
    assert "Strict-Transport-Security" not in headers


def test_permissions_policy_turns_off_features_that_chromium_knows(client):
    parts = client.get("/").headers["Permissions-Policy"].split(", ")
    features = [part.removesuffix("=()") for part in parts]
    assert all(part.endswith("=()") for part in parts)
    assert len(set(features)) == len(features)
    assert set(features) <= CHROMIUM_FEATURES
    assert {"camera", "microphone", "geolocation", "payment", "usb"} <= set(features)


@both_languages
@every_kind_but_the_choice
def test_page_names_its_language_and_how_long_it_may_be_kept(
    whole_site, client, path, status, code
):
    headers = client.get(path.format(code)).headers
    assert headers["Content-Language"] == TAGS[code]
    shared = {200: "s-maxage=60, stale-while-revalidate=600", 404: "s-maxage=10"}
    assert headers["Cache-Control"] == f"public, max-age=0, {shared.get(status, 's-maxage=10')}"


def test_admin_login_has_the_same_policy_and_needs_nothing_inline(client, db):
    response = client.get("/admin/login/")
    policy = policy_of(response)
    assert policy["style-src"] == policy["script-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["default-src"] == ["'none'"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    soup = parse(response.content)
    assert not soup.find_all("style")
    assert not soup.find_all(style=True)
    assert not [tag for tag in soup.find_all("script") if not tag.get("src")]
    assert not [tag for tag in soup.find_all() if any(name[:2] == "on" for name in tag.attrs)]


@every_kind
def test_editor_who_is_signed_in_gets_the_very_page_a_visitor_gets(
    whole_site, client, admin_client, path, status
):
    path = path.format("en")
    with CaptureQueriesContext(connection) as queries:
        answer = admin_client.get(path)
    assert not [query for query in queries if re.search(r"session|auth_user", query["sql"])]
    assert answer.content == client.get(path).content
    assert not answer.cookies
    assert "Cookie" not in answer.headers["Vary"]


@pytest.mark.parametrize("query", ["", "?utm_source=x"])
def test_llms_txt_names_its_address_as_canonical(client, db, settings, query):
    settings.SITE_ORIGIN = "https://health.example.org"
    answer = client.get(f"/llms.txt{query}", headers={"host": "localhost"})
    assert answer.headers["Link"] == '<https://health.example.org/llms.txt>; rel="canonical"'


# Compression

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: lambda body: body}
ACCEPTED = [
    ("", None),
    ("identity", None),
    ("*", None),
    ("deflate, zstd", None),
    ("gzip", "gzip"),
    ("gzip, deflate, br, zstd", "br"),
    ("br;q=0.1, gzip", "br"),
    ("br;q=0, gzip;q=1.0", "gzip"),
    ("br;q=0, gzip;q=0", None),
    ("BR", "br"),
]


@every_kind
def test_compressed_page_is_the_same_page(whole_site, client, path, status):
    path = path.format("en")
    plain = client.get(path)
    for accepted, encoding in ACCEPTED:
        packed = client.get(path, headers={"accept-encoding": accepted})
        assert packed.headers.get("Content-Encoding") == encoding, accepted
        assert DECODERS[encoding](packed.content) == plain.content
        assert packed.headers["Content-Length"] == str(len(packed.content))
        assert packed.headers["Vary"] == plain.headers["Vary"]
        if encoding:
            assert len(packed.content) < len(plain.content) / 2


def test_page_of_a_signed_in_editor_is_never_compressed(admin_client):
    response = admin_client.get("/admin/", headers={"accept-encoding": "br, gzip"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
