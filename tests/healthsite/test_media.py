"""The media view: our own names, for ever, and nothing that runs."""

import base64
import hashlib
import io
import re

import pytest
from PIL import Image as Picture

from articles import images

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


def test_a_drawing_is_served_to_be_kept(client, drawing: str):
    response = client.get(f"/media/{drawing}")
    assert response.status_code == 200
    assert response.content.startswith(b"<svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
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
        response = client.get(f"/media/{path}")
        known = response.headers["ETag"]
        b"".join(response)  # read to its end, the client closes the file
        assert client.get(f"/media/{path}", headers={"if-none-match": known}).status_code == 304


def test_every_size_of_a_photograph_is_served_as_what_it_is(client, photograph: list[str]):
    types = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
    for path in photograph:
        response = client.get(f"/media/{path}")
        assert response.status_code == 200
        assert response["Content-Type"] == types[path.rpartition(".")[2]]
        assert int(response["Content-Length"]) == len(b"".join(response.streaming_content))


def test_only_the_head_is_sent_where_only_the_head_is_asked_for(client, drawing: str):
    response = client.head(f"/media/{drawing}")
    assert response.content == b""
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


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
