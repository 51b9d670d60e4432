"""What is compressed, what never is, and how a browser's header is read."""

import gzip
import time

import brotli
import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse

from healthsite.compression import (
    BEST_QUALITY,
    MIN_BYTES,
    QUICK_QUALITY,
    BestForms,
    CompressionMiddleware,
)

LONG = "<p>健康文章 health article</p>" * 200


def answer(rf, response: HttpResponse, accepted: str = "gzip, br") -> HttpResponse:
    request = rf.get("/", headers={"accept-encoding": accepted})
    return CompressionMiddleware(lambda request: response)(request)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("GZip", "gzip"),
        (" br ; q=1 ,gzip", "br"),
        ("br;q=0", None),
        ("br;q=0.", None),
        ("br;q=0.0", None),
        ("br;q=0.000", None),
        ("br; q = 0", None),
        ("br;Q=0,gzip;q=0.001", "gzip"),
        ("br;q=0.01", "br"),
        ("br;level=5;q=0", None),
        ("", None),
        ("*", None),
        ("identity", None),
        ("brotli", None),
        ("xgzip", None),
        (",,;,=", None),
        ("br" * 5000, None),
    ],
)
def test_encoding_follows_the_header(rf, accepted, encoding):
    response = answer(rf, HttpResponse(LONG), accepted)
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_compressed_body_is_the_same_text_and_its_length_is_true(rf, accepted, decode):
    response = answer(rf, HttpResponse(LONG), accepted)
    assert decode(response.content).decode() == LONG
    assert response.headers["Content-Length"] == str(len(response.content))


def test_same_text_gives_the_same_gzip_bytes(rf):
    first, second = (answer(rf, HttpResponse(LONG), "gzip").content for _ in range(2))
    assert first == second


def wait_for_best_form(forms: BestForms, body: bytes) -> bytes:
    best = brotli.compress(body, quality=BEST_QUALITY)
    for _attempt in range(500):
        if forms.brotli(body) == (best, f"br{BEST_QUALITY}"):
            return best
        time.sleep(0.01)
    pytest.fail("the best form never came")


def test_first_answer_is_quick_and_later_ones_are_smallest():
    body = "".join(
        f"<p>第{number}段 paragraph {number * 7919}</p>" for number in range(400)
    ).encode()
    forms = BestForms()
    quick, name = forms.brotli(body)
    assert name == f"br{QUICK_QUALITY}"
    assert quick == brotli.compress(body, quality=QUICK_QUALITY)
    best = wait_for_best_form(forms, body)
    assert len(best) < len(quick)
    assert brotli.decompress(best) == body


def test_only_so_many_best_forms_are_kept():
    forms = BestForms(limit=3)
    for number in range(6):
        wait_for_best_form(forms, f"page {number} ".encode() * 50)
    assert len(forms._forms) <= 3


def test_short_answer_stays_as_it_is_but_still_varies(rf):
    response = answer(rf, HttpResponse("x" * (MIN_BYTES - 1)))
    assert "Content-Encoding" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
    assert answer(rf, HttpResponse("x" * MIN_BYTES)).headers["Content-Encoding"] == "br"


def test_answer_that_may_hold_a_secret_is_never_compressed(rf):
    with_cookie = HttpResponse(LONG)
    with_cookie.set_cookie("sessionid", "x")
    for_one_visitor = HttpResponse(LONG, headers={"Vary": "Cookie, Accept-Language"})
    for response in (with_cookie, for_one_visitor):
        assert "Content-Encoding" not in answer(rf, response).headers
        assert answer(rf, response).content.decode() == LONG


@pytest.mark.parametrize(
    "response",
    [
        lambda: JsonResponse({"text": LONG}),
        lambda: HttpResponse(LONG, content_type="image/png"),
        lambda: HttpResponse(LONG, headers={"Content-Encoding": "zstd"}),
        lambda: StreamingHttpResponse([LONG]),
    ],
    ids=["json", "picture", "encoded already", "stream"],
)
def test_anything_but_plain_text_and_html_passes_untouched(rf, response):
    before, after = response(), answer(rf, response())
    assert after.headers == before.headers
    assert b"".join(after) == b"".join(before)


def test_other_reasons_to_vary_are_kept(rf):
    response = answer(rf, HttpResponse(LONG, headers={"Vary": "Accept-Language"}))
    assert response.headers["Vary"] == "Accept-Language, Accept-Encoding"
