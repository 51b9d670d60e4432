"""The media view: our own names, files for ever, drawings as their sheet is, nothing that runs."""

import base64
import hashlib
import io
import re

import pytest
from PIL import Image as Picture

from articles import images
from healthsite import media
from healthsite.pages import CACHE_CONTROL
from healthsite.styles import Sheet

FOR_EVER = "public, max-age=31536000, immutable"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


@pytest.fixture
def drawing() -> str:
    return images.store_image("cycle", "cycle.svg", SVG.encode()).file


@pytest.fixture
def photograph() -> list[str]:
    data = io.BytesIO()
    Picture.new("RGBA", (30, 20), (1, 2, 3, 4)).save(data, "PNG")
    stored = images.store_image("night", "night.png", data.getvalue())
    return [rendition["path"] for rendition in stored.renditions]


def test_a_drawing_is_served_and_asked_for_again(client, drawing: str):
    response = client.get(f"/media/{drawing}")
    assert response.status_code == 200
    assert response.content.startswith(b"<svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == CACHE_CONTROL
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.get("Vary", "")


def test_a_drawing_opened_alone_can_run_nothing(client, drawing: str):
    response = client.get(f"/media/{drawing}")
    policy = response["Content-Security-Policy"]
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert directives["default-src"] == ["'none'"]
    assert directives["sandbox"] == []
    assert "'unsafe-inline'" not in policy
    assert directives.get("script-src", ["'none'"]) in (["'none'"], ["'self'"])


def test_a_drawing_brings_the_colours_that_its_page_would_give_it(client, drawing: str):
    response = client.get(f"/media/{drawing}")
    sheet = re.search("<style>(.*?)</style>", response.content.decode(), re.S)[1]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response["Content-Security-Policy"]
    assert "--paper:" in sheet
    assert ".wire{" in sheet
    assert "url(" not in sheet
    assert "<" not in sheet


def test_a_picture_that_a_visitor_has_is_not_sent_again(client, drawing: str, photograph):
    for path in (drawing, photograph[0]):
        for first in ("", "gzip", "br"):
            response = client.get(f"/media/{path}", headers={"accept-encoding": first})
            known = response.headers["ETag"]
            b"".join(response)  # read to its end, the client closes the file
            for second in ("", "gzip", "br"):
                headers = {"if-none-match": known, "accept-encoding": second}
                answer = client.get(f"/media/{path}", headers=headers)
                assert (answer.status_code, answer.headers["ETag"]) == (304, known)


def test_a_new_sheet_gives_a_drawing_a_new_validator(client, drawing: str, monkeypatch):
    before = client.get(f"/media/{drawing}")
    sheet = media.drawing_sheet()
    monkeypatch.setattr(media, "drawing_sheet", lambda: Sheet(f"{sheet.text}p{{}}", sheet.source))
    known = {"if-none-match": before.headers["ETag"]}
    after = client.get(f"/media/{drawing}", headers=known)
    assert after.status_code == 200
    assert after.content != before.content
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_drawing_is_as_old_as_the_code(client, drawing: str):
    """The database is not asked, and this test may not use it."""
    response = client.get(f"/media/{drawing}")
    since = {"if-modified-since": response.headers["Last-Modified"]}
    assert client.get(f"/media/{drawing}", headers=since).status_code == 304


def test_a_name_that_begins_alike_is_not_known(client, drawing: str, photograph):
    for path in (drawing, *photograph):
        name = path.rpartition("/")[2]
        for other in (f'"{name.partition("-")[0]}-else.png"', f'"{name[:-1]}"', name):
            response = client.get(f"/media/{path}", headers={"if-none-match": other})
            assert response.status_code == 200, other
            b"".join(response)


def test_every_size_of_a_photograph_is_served_as_what_it_is(client, photograph: list[str]):
    types = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
    for path in photograph:
        response = client.get(f"/media/{path}")
        assert response.status_code == 200
        assert response["Content-Type"] == types[path.rpartition(".")[2]]
        assert response["Cache-Control"] == FOR_EVER
        assert int(response["Content-Length"]) == len(b"".join(response.streaming_content))


def test_only_the_head_is_sent_where_only_the_head_is_asked_for(client, drawing: str):
    response = client.head(f"/media/{drawing}")
    assert response.content == b""
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == CACHE_CONTROL
    assert response["ETag"] == client.get(f"/media/{drawing}")["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_to_a_picture(client, drawing: str, method: str):
    assert getattr(client, method)(f"/media/{drawing}").status_code == 405


DIGEST = "0123456789abcdef"


@pytest.mark.parametrize("name", [
    "",
    "images/",
    "images",
    f"images/cycle-{DIGEST}.svg",
    "../site.sqlite3",
    "../secret_key",
    "images/../../secret_key",
    "..%2fsecret_key",
    "%2e%2e/secret_key",
    f"images/../originals/cycle-{DIGEST}.svg",
    f"originals/cycle-{DIGEST}.svg",
    f"images//cycle-{DIGEST}.svg",
    f"images/cycle-{DIGEST}.svg%00.png",
    f"images/cycle-{DIGEST}.svg%0a",
    f"images/cycle-{DIGEST}.html",
    f"images/CYCLE-{DIGEST}.svg",
    f"Images/cycle-{DIGEST}.svg",
    "images/notes.txt",
    "images/cycle.svg",
    "/etc/passwd",
    "images\\cycle.svg",
])  # fmt: skip
def test_any_other_name_is_not_found(client, drawing, media_root, settings, name: str):
    (media_root / "images/notes.txt").write_text("swordfish")
    (media_root / "images/cycle.svg").write_text("swordfish")
    (settings.DATA_DIR / "secret_key").write_text("swordfish")
    response = client.get(f"/media/{name}")
    assert response.status_code in {404, 400}
    assert b"swordfish" not in response.content
    assert "immutable" not in response.get("Cache-Control", "")


def test_an_original_is_never_served(client, settings):
    odd = SVG.replace("<path", "<!-- as it came --><path")
    images.store_image("cycle", "cycle.svg", odd.encode())
    (original,) = (settings.DATA_DIR / "originals").iterdir()
    for name in (original.name, f"originals/{original.name}", f"images/{original.name}"):
        assert client.get(f"/media/{name}").status_code == 404


def test_a_folder_by_the_name_of_a_picture_is_not_found(client, media_root):
    (media_root / f"images/cycle-{DIGEST}.svg").mkdir(parents=True)
    assert client.get(f"/media/images/cycle-{DIGEST}.svg").status_code == 404
