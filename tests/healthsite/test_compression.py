"""What is compressed, what never is, and how a browser's header is read."""

import gzip
import time
import tracemalloc
from itertools import repeat

import brotli
import pytest
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from hypothesis import given
from hypothesis import strategies as st

from healthsite.compression import (
    BEST_QUALITY,
    MIN_BYTES,
    QUICK_QUALITY,
    BestForms,
    CompressionMiddleware,
    gzip_pieces,
)
from healthsite.freshness import FORMS

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
        lambda: StreamingHttpResponse([LONG], content_type="text/csv"),
        lambda: StreamingHttpResponse([LONG], headers={"ETag": '"of these bytes"'}),
    ],
    ids=["json", "picture", "encoded already", "stream of data", "stream that knows its bytes"],
)
def test_anything_but_plain_text_and_html_passes_untouched(rf, response):
    before, after = response(), answer(rf, response())
    assert after.headers == before.headers
    assert b"".join(after) == b"".join(before)


def test_other_reasons_to_vary_are_kept(rf):
    response = answer(rf, HttpResponse(LONG, headers={"Vary": "Accept-Language"}))
    assert response.headers["Vary"] == "Accept-Language, Accept-Encoding"


def test_every_form_is_one_that_validators_know():
    assert {f"br{QUICK_QUALITY}", f"br{BEST_QUALITY}", "gzip"} == set(FORMS)


# Streams


def stream(**headers: str) -> StreamingHttpResponse:
    pieces = [LONG.encode(), b"", LONG.encode()]
    return StreamingHttpResponse(iter(pieces), content_type="application/xml", headers=headers)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip", "gzip"), ("br, gzip", "gzip"), ("br", None), ("gzip;q=0", None), ("", None)],
)
def test_stream_is_zipped_where_the_robot_takes_it(rf, accepted, encoding):
    response = answer(rf, stream(), accepted)
    assert response.streaming
    assert response.headers.get("Content-Encoding") == encoding
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Content-Length" not in response.headers
    body = b"".join(response)
    assert (gzip.decompress(body) if encoding else body).decode() == LONG * 2


def test_length_of_the_plain_stream_is_not_that_of_the_zipped_one(rf):
    length = str(len(LONG.encode()) * 2)
    response = answer(rf, stream(**{"Content-Length": length}), "gzip")
    assert "Content-Length" not in response.headers


def test_stream_for_one_visitor_is_never_zipped(rf):
    with_cookie = stream()
    with_cookie.set_cookie("sessionid", "x")
    for response in (with_cookie, stream(Vary="Cookie")):
        assert "Content-Encoding" not in answer(rf, response, "gzip").headers


@given(pieces=st.lists(st.binary(max_size=2000), max_size=20))
def test_zipped_pieces_are_one_file_and_always_the_same(pieces):
    zipped = b"".join(gzip_pieces(pieces))
    assert gzip.decompress(zipped) == b"".join(pieces)
    assert b"".join(gzip_pieces(pieces)) == zipped


def test_long_stream_is_zipped_in_the_memory_of_a_piece():
    piece = LONG.encode() * 10
    tracemalloc.start()
    length = sum(map(len, gzip_pieces(repeat(piece, 500))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length * 20 < len(piece) * 500
    assert peak < len(piece) * 10


def test_stream_that_breaks_off_is_no_whole_file():
    def broken():
        yield LONG.encode()
        raise OSError

    zipped = []
    with pytest.raises(OSError):  # noqa: PT011 (our own, above)
        zipped.extend(gzip_pieces(broken()))
    with pytest.raises(EOFError):
        gzip.decompress(b"".join(zipped) or b"\x1f\x8b\x08" + bytes(7))


def test_visitor_who_leaves_ends_the_stream(rf):
    ended = []

    def pieces():
        try:
            yield from repeat(LONG.encode())
        finally:
            ended.append(True)

    response = answer(rf, StreamingHttpResponse(pieces(), content_type="application/xml"), "gzip")
    next(iter(response))
    # What ``close`` does, but for telling Django that the request is over, as in freshness.
    for close in response._resource_closers:
        close()
    assert ended == [True]
