"""Files that mean harm on the way in, rows that mean harm on the way out."""

import contextlib
import io
import os
import socket
import tempfile
from pathlib import Path

import pytest
from django.db import connection
from PIL import Image as Picture

from articles.bundles import ExportRefused, export_bundle, import_bundle
from articles.bundles.folder import Folder
from articles.models import Article, ArticleTranslation, Image, Topic
from articles.triggers import remove_triggers
from authors.models import Author
from healthsite import imaging
from tests.articles.bundles.files import (
    ARTICLE,
    AUTHOR,
    EN,
    FIGURE,
    SVG,
    BundleFiles,
    contents,
    tables,
)

pytestmark = pytest.mark.django_db

PHOTO = "articles/sleep/figures/night.jpg"
ANYWHERE = ["topics.yaml", ARTICLE, EN, FIGURE, "articles/sleep", "articles/sleep/figures"]


def refused(files: BundleFiles, path: str, message: str) -> None:
    before = tables()
    problems = files.problems()
    assert tables() == before
    assert any(problem.path == path and message in problem.message for problem in problems), (
        "\n".join(map(str, problems))
    )


# Links, devices and names


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_link_is_refused_wherever_it_stands(files: BundleFiles, tmp_path, name: str):
    target = tmp_path / "elsewhere"
    files.path(name).rename(target)
    files.path(name).symlink_to(target)
    refused(files, name, "Only plain files and folders can stand here")


def test_a_link_to_a_secret_reads_nothing_of_it(files: BundleFiles, tmp_path):
    secret = tmp_path / "secret_key"
    secret.write_text("swordfish")
    files.remove(EN)
    files.path(EN).symlink_to(secret)
    assert "swordfish" not in "".join(map(str, files.problems()))


def test_a_link_in_a_circle_ends(files: BundleFiles):
    files.path("articles/sleep/figures/loop").symlink_to(files.root)
    refused(files, "articles/sleep/figures/loop", "Only plain files")


def test_a_broken_link_is_refused(files: BundleFiles):
    files.path(PHOTO).symlink_to("nowhere")
    refused(files, PHOTO, "Only plain files")


@pytest.mark.parametrize("name", ["topics.yaml", EN, FIGURE])
def test_a_pipe_is_refused_without_waiting_for_it(files: BundleFiles, name: str):
    files.remove(name)
    os.mkfifo(files.path(name))
    refused(files, name, "Only plain files")


def test_a_socket_is_refused(files: BundleFiles):
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/s")
        files.remove(FIGURE)
        os.rename(f"{short}/s", files.path(FIGURE))
        refused(files, FIGURE, "Only plain files")


def test_a_device_is_refused(files: BundleFiles):
    files.remove(FIGURE)
    try:
        os.mknod(files.path(FIGURE), 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("making a device needs root")
    refused(files, FIGURE, "Only plain files")


@pytest.mark.parametrize("file", [
    "../../../../etc/passwd",
    "figures/../article.yaml",
    "figures/../../about/figures/a.svg",
    "/etc/passwd",
    "figures//cycle.svg",
    "figures/./cycle.svg",
    "figures\\cycle.svg",
    "FIGURES/cycle.svg",
    "figures/cycle.SVG",
    "figures/.svg",
    "figures/cycle.svg/",
    "figures/cycle.svg%00.png",
    "file:///etc/passwd",
    "https://a.example/cycle.svg",
    "figures/" + "a" * 5000 + ".svg",
    "~/cycle.svg",
    "figures/cycle.svg ",
])  # fmt: skip
def test_a_path_to_anywhere_else_is_refused(files: BundleFiles, file: str):
    files.edit(ARTICLE, "figures/cycle.svg", f"'{file}'")
    refused(files, ARTICLE, "figures/pathway-en.svg" if len(file) < 999 else "at most 120")


@pytest.mark.parametrize("file", ["../../topics.yaml", "portrait.jpg/../author.yaml", "/etc/x.jpg"])
def test_a_portrait_from_anywhere_else_is_refused(files: BundleFiles, file: str):
    files.edit(AUTHOR, "is_active: true", f"portrait: {file}")
    refused(files, AUTHOR, "for example portrait.jpg.")


def test_a_file_name_that_is_no_text_is_refused(files: BundleFiles):
    try:
        Path(os.fsdecode(os.fsencode(files.root) + b"/\xff.yaml")).write_text("")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 only")
    (problem,) = files.problems()
    assert str(problem).encode(errors="backslashreplace")


def test_a_bundle_of_too_many_files_is_refused(files: BundleFiles, monkeypatch):
    monkeypatch.setattr("articles.bundles.folder.MAX_FILES", 10)
    assert "There are more files." in str(files.problems()[-1])


# Pictures


def jpeg(width: int = 60, height: int = 40) -> bytes:
    data = io.BytesIO()
    Picture.new("RGB", (width, height), "#235").save(data, "JPEG")
    return data.getvalue()


def png(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Picture.new("1", (width, height)).save(data, "PNG")
    return data.getvalue()


def with_photo(files: BundleFiles, data: bytes, name: str = PHOTO) -> None:
    files.write(name, data)
    file = name.removeprefix("articles/sleep/")
    files.edit(ARTICLE, "references:\n", f"- key: night\n  file: {file}\nreferences:\n")


@pytest.mark.parametrize("extension", ["jpg", "jpeg", "png", "webp", "gif", "avif"])
def test_a_photograph_is_stored_whatever_its_name_ends_in(files: BundleFiles, extension: str):
    with_photo(files, jpeg(), PHOTO.replace("jpg", extension))
    files.load()
    image = Image.objects.get(key="night")
    assert image.file.endswith(".jpg")
    assert image.original.endswith(f".{extension}")


def test_a_photograph_comes_back_byte_for_byte(files: BundleFiles, tmp_path):
    with_photo(files, jpeg())
    files.load()
    export_bundle(tmp_path / "export")
    assert contents(tmp_path / "export")[PHOTO] == jpeg()


def test_what_is_hidden_behind_a_photograph_does_not_come_back(files: BundleFiles, tmp_path):
    with_photo(files, jpeg() + b"hidden behind the picture")
    files.load()
    export_bundle(tmp_path / "first")
    found = contents(tmp_path / "first")
    assert b"hidden" not in found[PHOTO]
    import_bundle(tmp_path / "first")
    export_bundle(tmp_path / "second")
    assert contents(tmp_path / "second") == found


def test_nothing_of_an_upload_but_its_picture_is_public(files: BundleFiles, media_root):
    with_photo(files, jpeg() + b"<script>alert(1)</script><?php system('id');")
    files.load()
    assert not any(b"script" in data or b"php" in data for data in contents(media_root).values())


def test_too_large_a_file_is_refused_unread(files: BundleFiles):
    with_photo(files, b"")
    with files.path(PHOTO).open("wb") as file:
        file.truncate(imaging.MAX_BYTES + 1)
    refused(files, PHOTO, "larger than 15 MB")


REFUSED = {
    "nothing": (b"", "empty"),
    "no picture at all": (b"\x7fELF" + bytes(200), "not a picture"),
    "half a photograph": (jpeg(600, 400)[:900], "damaged or incomplete"),
    "a page": (b"<html><script>alert(1)</script></html>", "not a picture"),
    "a drawing by another name": (SVG.encode(), "SVG drawings are added as figures"),
    "a document": (b"%PDF-1.7 " + jpeg(), "PDF files cannot be used"),
    "an archive": (b"PK\x03\x04" + jpeg(), "not a picture"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_photograph_is_refused_by_name(files: BundleFiles, data: bytes, message: str):
    with_photo(files, data)
    refused(files, PHOTO, message)


def test_too_many_pixels_are_refused(files: BundleFiles):
    with_photo(files, png(8000, 6000), PHOTO.replace("jpg", "png"))
    refused(files, PHOTO.replace("jpg", "png"), "megapixels")


def test_a_photograph_by_the_name_of_a_drawing_is_refused(files: BundleFiles):
    files.write(FIGURE, jpeg())
    refused(files, FIGURE, "UTF-8")


def test_too_large_a_drawing_is_refused(files: BundleFiles):
    files.write(FIGURE, SVG.replace("<path", f"<!--{'x' * 250_000}--><path"))
    refused(files, FIGURE, "200 KB")


def test_every_picture_that_is_wrong_is_named_at_once(files: BundleFiles):
    with_photo(files, b"")
    files.write(FIGURE, "<svg>")
    assert {problem.path for problem in files.problems()} == {PHOTO, FIGURE}


def test_a_refused_bundle_shows_no_picture(files: BundleFiles, client):
    with_photo(files, b"")
    files.problems()
    assert not Image.objects.exists()
    assert client.get("/en/articles/sleep/").status_code == 404


# Rows that mean harm


@pytest.fixture
def target(tmp_path) -> Path:
    (tmp_path / "deep/er").mkdir(parents=True)
    return tmp_path / "deep/er/export"


def no_escape(target: Path, before: set[Path]) -> None:
    """Nothing was written but below the target."""
    root = target.parent.parent.parent
    written = {path for path in root.rglob("*") if path.is_file()} - before
    assert all(path.is_relative_to(target) for path in written), written


def unchecked(rows, **values) -> None:
    """Store what every check of the site refuses, as a careless script could."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite stores it")
    remove_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            rows.update(**values)
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


HOSTILE = [
    "../../evil",
    "/tmp/evil",
    "..",
    ".",
    "a/../../../../evil",
    "evil\n",
    "EVIL",
    "évil",
    "a\0b",
    "con/../evil",
    "x" * 200,
    " ",
    "-",
]


@pytest.mark.parametrize("slug", HOSTILE)
@pytest.mark.parametrize("model", [Article, Author])
def test_a_slug_cannot_lead_out_of_the_folder(files: BundleFiles, tmp_path, target, model, slug):
    files.load()
    unchecked(model.objects.exclude(slug="about"), slug=slug)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ExportRefused, match="cannot be the name of a file"):
        export_bundle(target)
    no_escape(target, before)


@pytest.mark.parametrize("language", ["../../../evil", "en/../../x", "fr"])
def test_a_language_cannot_lead_out_of_the_folder(files: BundleFiles, tmp_path, target, language):
    files.load()
    unchecked(ArticleTranslation.objects.filter(language="en"), language=language)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises((ExportRefused, KeyError)):
        export_bundle(target)
    no_escape(target, before)


@pytest.mark.parametrize("name", [
    *(f"{hostile}.svg" for hostile in HOSTILE),
    "../article.yaml",
    "figures/../../../evil.svg",
    "figures/../en.md",
    "article.yaml",
    "en.md",
    "figures/a b.svg",
    "figures/Ä.svg",
    "My Drawing (1).SVG",
    "C:\\evil.svg",
    "figures/cycle.jpg",
])  # fmt: skip
def test_a_file_name_cannot_lead_out_of_the_folder(files: BundleFiles, tmp_path, target, name):
    files.load()
    unchecked(Image.objects.all(), source_name=name)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    export_bundle(target)
    no_escape(target, before)
    assert contents(target)[FIGURE].decode() == SVG


@pytest.mark.parametrize("key", HOSTILE)
def test_a_key_cannot_lead_out_of_the_folder(files: BundleFiles, tmp_path, target, key):
    files.load()
    unchecked(Image.objects.all(), key=key, source_name="")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with contextlib.suppress(ExportRefused):
        export_bundle(target)
    no_escape(target, before)


@pytest.mark.parametrize("path", ["../../secret.svg", "/etc/passwd", "..", "", "a\0.svg"])
def test_a_stored_path_cannot_read_other_files(files: BundleFiles, tmp_path, target, path):
    (tmp_path / "secret.svg").write_text("swordfish")
    files.load()
    unchecked(Image.objects.all(), original=path)
    export_bundle(target)
    assert contents(target)[FIGURE].decode() == Image.objects.get().svg
    unchecked(Image.objects.all(), file=path)
    with pytest.raises(ExportRefused, match="The picture “cycle” of sleep is lost"):
        export_bundle(tmp_path / "second")


@pytest.mark.parametrize("path", ["../../secret.jpg", "/etc/passwd", ""])
def test_a_portrait_cannot_read_or_write_other_files(files: BundleFiles, tmp_path, target, path):
    (tmp_path / "secret.jpg").write_text("swordfish")
    files.write("authors/jane-doe/portrait.jpg", jpeg())
    files.edit(AUTHOR, "is_active: true", "portrait: portrait.jpg")
    files.load()
    author = Author.objects.get()
    author.portrait |= {"original": path, "source_name": "../../../evil.jpg"}
    author.save()
    export_bundle(target)
    assert contents(target)["authors/jane-doe/portrait.jpg"].startswith(b"\xff\xd8")
    author.portrait |= {"file": path}
    author.save()
    with pytest.raises(ExportRefused, match="The portrait of jane-doe is lost"):
        export_bundle(tmp_path / "second")


# Where an export may write


def test_an_export_over_other_files_is_refused(files: BundleFiles, tmp_path):
    (tmp_path / "export").mkdir()
    (tmp_path / "export/kept.txt").write_text("kept")
    with pytest.raises(ExportRefused, match="is not empty"):
        export_bundle(tmp_path / "export")
    assert contents(tmp_path / "export") == {"kept.txt": b"kept"}


def test_an_export_over_a_file_is_refused(tmp_path):
    (tmp_path / "export").write_text("kept")
    with pytest.raises(ExportRefused, match="is not empty"):
        export_bundle(tmp_path / "export")
    assert (tmp_path / "export").read_text() == "kept"


def test_an_export_into_an_empty_folder_is_fine(tmp_path):
    Topic.objects.create(slug="sleep")
    (tmp_path / "export").mkdir()
    assert export_bundle(tmp_path / "export").files == 1


def test_an_export_needs_no_folder_to_be_there(tmp_path):
    Topic.objects.create(slug="sleep")
    assert export_bundle(tmp_path / "a/b/export").files == 1


def test_checking_places_opens_no_file(files: BundleFiles, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    folder = Folder(files.root)
    folder.check()
    assert folder.problems == []
