"""How pictures are kept: public sizes under hashed names, the upload in private."""

import pytest
from django.core.files.storage import default_storage

from articles import images
from articles.models import Image
from healthsite.imaging import MEDIA_NAME_PATTERN, ImageRefused
from tests.articles.bundles.files import SVG, contents
from tests.articles.bundles.test_hostile import jpeg


def test_a_drawing_is_public_cleaned_and_private_as_it_came(media_root, settings):
    odd = SVG.replace("<path", "<!-- note --><path")
    stored = images.store_image("cycle", "Cycle.SVG", odd.encode())
    assert MEDIA_NAME_PATTERN.match(stored.file)
    assert list(contents(media_root)) == [stored.file]
    assert (media_root / stored.file).read_text() == stored.svg
    assert "note" not in stored.svg
    assert (stored.width, stored.height) == (100, 50)
    assert contents(settings.DATA_DIR / "originals") == {stored.original: odd.encode()}


def test_a_photograph_is_public_in_its_sizes(media_root):
    stored = images.store_image("night", "Night.jpeg", jpeg(1000, 500))
    names = [rendition["path"] for rendition in stored.renditions]
    assert sorted(names) == sorted(contents(media_root))
    assert all(MEDIA_NAME_PATTERN.match(name) for name in names)
    assert stored.file == names[-1]
    assert (stored.width, stored.height) == (1000, 500)


def test_what_is_refused_is_not_stored(media_root, settings):
    with pytest.raises(ImageRefused):
        images.store_image("night", "night.jpg", b"no")
    with pytest.raises(ImageRefused):
        images.store_image("cycle", "cycle.svg", b"<svg/>")
    assert contents(media_root) == contents(settings.DATA_DIR) == {}


@pytest.mark.parametrize("name", [
    "../../evil.svg",
    "/etc/passwd.svg",
    "..\\..\\evil.svg",
    "a\0b.svg",
    "😀.svg",
    ".svg",
    "x" * 300 + ".svg",
    "photo.tar.svg",
])  # fmt: skip
def test_an_upload_keeps_no_path_of_its_name(media_root, settings, name: str):
    stored = images.store_image("cycle", name, SVG.encode())
    assert list(contents(settings.DATA_DIR)) == [f"originals/{stored.original}"]
    assert "/" not in stored.original
    assert len(stored.original) <= 120
    assert stored.original.endswith(".svg")


@pytest.mark.parametrize("name", ["photo", "photo.", "photo.JPG", "photo.../..", "p.j/../../e"])
def test_the_name_of_an_original_is_plain(settings, name: str):
    kept = images.original_name(name, b"data")
    assert set(kept) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert kept.count(".") == 1


@pytest.mark.parametrize(("upload", "name"), [
    ("Photo.JPG", "figures/night.jpg"),
    ("photo.jpeg", "figures/night.jpeg"),
    ("drawing.SVG", "figures/night.svg"),
    ("photo", "figures/night.jpg"),
    ("photo.exe", "figures/night.jpg"),
    ("a/../b.png", "figures/night.png"),
])  # fmt: skip
def test_an_upload_has_a_place_in_a_bundle(upload: str, name: str):
    assert images.bundle_name("night", upload) == name


def test_the_same_bytes_are_stored_once(media_root):
    first = images.store_image("cycle", "cycle.svg", SVG.encode())
    again = images.store_image("cycle", "cycle.svg", SVG.encode())
    assert first == again
    assert len(contents(media_root)) == 1


def test_a_file_that_was_written_in_part_is_written_again(media_root):
    stored = images.store_image("cycle", "cycle.svg", SVG.encode())
    (media_root / stored.file).write_text("<svg")
    images.store_image("cycle", "cycle.svg", SVG.encode())
    assert (media_root / stored.file).read_text() == stored.svg


def test_two_processes_may_store_the_same_picture(media_root, monkeypatch):
    stored = images.store_image("cycle", "cycle.svg", SVG.encode())
    # As if the file had appeared between the first question and the writing.
    storage = default_storage._wrapped
    answers, exists = [False], storage.exists
    monkeypatch.setattr(storage, "exists", lambda name: answers.pop() if answers else exists(name))
    images.store_image("cycle", "cycle.svg", SVG.encode())
    assert list(contents(media_root)) == [stored.file]


def test_an_upload_is_known_by_its_bytes_and_its_name():
    data = SVG.encode()
    stored = images.store_image("cycle", "figures/cycle.svg", data)
    image = Image(key="cycle", source_name="figures/cycle.svg", **images.columns_of(stored))
    assert images.is_same_upload(image, "figures/cycle.svg", data)
    assert not images.is_same_upload(image, "figures/cycle.svg", data + b"\n")
    assert not images.is_same_upload(None, "figures/cycle.svg", data)
    default_storage.delete(image.file)
    assert not images.is_same_upload(image, "figures/cycle.svg", data)


def test_a_portrait_keeps_what_its_page_and_its_export_need():
    portrait = images.store_portrait("jane-doe", "portrait.jpg", jpeg())
    assert portrait["file"].startswith("portraits/jane-doe-")
    assert (portrait["width"], portrait["height"]) == (60, 40)
    assert images.is_same_portrait(portrait, "portrait.jpg", jpeg())
    assert not images.is_same_portrait(portrait, "portrait.jpg", jpeg(61))
    assert not images.is_same_portrait({}, "portrait.jpg", jpeg())
    assert images.read_upload(portrait["original"], portrait["file"]) == ("jpg", jpeg())
