"""The picture library at the desk: uploads, rights, replacing, deleting, who may what."""

import io
import re
import struct
import zlib

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Picture

from articles import services
from articles.admin.image_forms import MAX_FILES, own_credit
from articles.admin.uploads import key_of_name, store_upload
from articles.models import AuditEntry, Figure, Image
from healthsite import imaging
from healthsite.imaging import ImageRefused
from healthsite.unchanged import SEEN, fingerprint
from tests.articles.admin.conftest import confirmed
from tests.factories import SVG, make_article, make_image, make_translation

pytestmark = pytest.mark.django_db

LIBRARY = "/admin/articles/image/"
ADD = f"{LIBRARY}add/"
UPLOAD = f"{LIBRARY}upload/"


def picture(kind: str = "JPEG", size: tuple[int, int] = (160, 90), mode: str = "RGB", **options):
    output = io.BytesIO()
    Picture.linear_gradient("L").resize(size).convert(mode).save(output, kind, **options)
    return output.getvalue()


def animation() -> bytes:
    frames = [Picture.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return output.getvalue()


def bomb(width: int = 30000, height: int = 30000) -> bytes:
    """A PNG of a few bytes that announces 900 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    )


def drawing(inside: str, root: str = "") -> bytes:
    return SVG.replace("<path", f"{inside}<path").replace("<svg ", f"<svg {root} ").encode()


BAD = {
    "nothing": ("night.jpg", b""),
    "a bomb": ("night.png", bomb()),
    "a very wide bomb": ("night.png", bomb(2**31 - 1, 1)),
    "half a JPEG": ("night.jpg", picture(size=(600, 400))[:900]),
    "half a PNG": ("night.png", picture("PNG", (600, 400))[:-200]),
    "a header alone": ("night.jpg", b"\xff\xd8\xff\xe0"),
    "text by another name": ("night.png", "这不是图片。".encode()),
    "a page by another name": ("night.svg", b"<!doctype html><html><body>Hello</body></html>"),
    "an animation": ("night.gif", animation()),
    "a script": ("night.svg", drawing("<script>alert(1)</script>")),
    "foreign words": ("night.svg", drawing("<foreignObject/>")),
    "an event": ("night.svg", drawing("", 'onload="alert(1)"')),
    "an address": ("night.svg", drawing('<use href="https://example.org/a.svg#b"/>')),
    "a script named PNG": ("night.png", drawing("<script>alert(1)</script>")),
    "entities": ("night.svg", b'<!DOCTYPE a [<!ENTITY b "c">]>' + SVG.encode()),
    "a broken drawing": ("night.svg", SVG.encode()[:-8]),
    "a document": ("night.jpg", b"%PDF-1.7 " + picture()),
    "an iPhone's picture": ("night.heic", b"\0\0\0\x18ftypheic\0\0\0\0heic" + bytes(200)),
    "more than 50 MB": ("night.jpg", b"\xff\xd8\xff" + bytes(50 * 1024**2)),
    "a byte too much": ("night.jpg", b"\xff\xd8\xff" + bytes(imaging.MAX_BYTES - 2)),
}
GOOD = {
    "a photograph": ("night.jpg", picture()),
    "print colours": ("night.jpg", picture(mode="CMYK")),
    "grey": ("night.png", picture("PNG", mode="L")),
    "a still GIF": ("night.gif", picture("GIF", mode="P")),
    "a WebP by another name": ("night.png", picture("WEBP")),
    "a JPEG without an ending": ("night", picture()),
    "a JPEG named SVG": ("night.svg", picture()),
    "a drawing": ("night.svg", SVG.encode()),
    "a drawing by another name": ("night.png", SVG.encode()),
    "a name of another world": ("../../夜 图\u202e.jpg", picture()),
}


@pytest.fixture
def login(client, django_user_model):
    """``login("Writer")`` signs in a member of that group; no group: somebody who may do all."""

    def login_(group: str = "", *, is_staff: bool = True):
        user = django_user_model.objects.create_user(
            f"user-{group or 'owner'}", is_staff=is_staff, is_superuser=not group
        )
        if group in {"Writer", "Translator", "Reviewer", "Managing editor"}:
            user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return user

    return login_


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def typed(**fields) -> dict:
    return {
        "article": "",
        "key": "night-lamp",
        "credit": "Wu Daozi",
        "licence": "CC BY 4.0",
        "focus_x": "30",
        "focus_y": "70",
        "position": "4",
        **fields,
    }


def shown(image: Image, language: str = "zh-hans") -> Figure:
    text = make_translation(
        article=image.article or make_article(),
        language=language,
        body="晚上的光线会影响睡眠。\n\n[[figure:night]]\n",
    )
    return Figure.objects.create(
        translation=text, key="night", image=image, alt="夜里的一盏灯。", caption="晚上的光。"
    )


def change(client, image: Image, fields: dict):
    """Save an image's form, as somebody who has just opened it."""
    return client.post(
        f"{LIBRARY}{image.pk}/change/",
        fields | {SEEN: fingerprint(site.get_model_admin(Image), image)},
    )


# What is wrong with a file


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_upload_gets_one_sentence_and_loses_nothing(client, login, kind, language):
    login()
    article = make_article(slug="sleep")
    client.cookies["django_language"] = language
    fields = typed(article="sleep")
    response = client.post(ADD, fields | {"upload": upload(*BAD[kind])})
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == ["upload"]
    [sentence] = form.errors["upload"]
    assert sentence.count("\n") == 0
    assert sentence[-1] in ".。"
    page = response.content.decode()
    for value in ("sleep", "night-lamp", "Wu Daozi", "CC BY 4.0"):
        assert f'value="{value}"' in page
    assert not Image.objects.exists()
    assert not article.images.exists()


@pytest.mark.parametrize("kind", list(GOOD))
def test_a_good_upload_is_stored_whatever_its_name(client, login, kind):
    login()
    response = client.post(ADD, typed() | {"upload": upload(*GOOD[kind])})
    image = Image.objects.get()
    assert response.url == reverse("admin:articles_image_change", args=[image.pk])
    assert (image.key, image.credit) == ("night-lamp", "Wu Daozi")
    assert default_storage.exists(image.file)
    assert bool(image.svg) == ("drawing" in kind)
    assert image.source_name.startswith("figures/night-lamp.")


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_upload_leaves_the_picture_that_was_there(client, login, kind):
    login()
    image = store_upload(None, "night-lamp", upload("a.jpg", picture()), user=None)
    before = Image.objects.values().get()
    response = change(client, image, typed() | {"upload": upload(*BAD[kind])})
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["upload"]
    assert Image.objects.values().get() == before


def test_a_picture_is_asked_for(client, login):
    login()
    response = client.post(ADD, typed())
    assert list(response.context["adminform"].form.errors) == ["upload"]


# What is asked about a photograph


def test_a_new_photograph_says_whose_it_is(client, login):
    login()
    data = typed(credit="", licence="") | {"upload": upload("a.jpg", picture())}
    response = client.post(ADD, data)
    assert sorted(response.context["adminform"].form.errors) == ["credit", "licence"]
    assert not Image.objects.exists()


def test_our_own_photograph_has_the_name_of_the_site(client, login):
    login()
    data = typed(credit="", licence="", is_own_work="on") | {"upload": upload("a.jpg", picture())}
    client.post(ADD, data)
    assert Image.objects.get().credit == own_credit()
    response = client.get(f"{LIBRARY}{Image.objects.get().pk}/change/")
    assert response.context["adminform"].form["is_own_work"].value()


def test_a_drawing_may_say_nothing(client, login):
    login()
    client.post(ADD, typed(credit="", licence="") | {"upload": upload("a.svg", SVG.encode())})
    assert Image.objects.get().credit == ""


def test_an_imported_photograph_can_be_changed_without_a_credit(client, login):
    login()
    image = make_image(svg="", renditions=[])
    data = typed(credit="", licence="", focus_x="9")
    response = change(client, image, data)
    assert response.status_code == 302
    assert Image.objects.get().focus_x == 9


@pytest.mark.parametrize("name", ["a.jpg", "a.svg"])
def test_a_picture_need_not_be_chosen_again_after_a_mistake(client, login, name):
    login()
    data = SVG.encode() if name.endswith("svg") else picture()
    response = client.post(ADD, typed(key="Not A Key") | {"upload": upload(name, data)})
    form = response.context["adminform"].form
    assert list(form.errors) == ["key"]
    kept = form["kept"].value()
    assert kept in response.content.decode()
    client.post(ADD, typed(kept=kept))
    image = Image.objects.get()
    assert default_storage.exists(image.file)
    assert bool(image.svg) == name.endswith("svg")


@pytest.mark.parametrize("kept", ["nonsense", "eyJmaWxlIjoiYSJ9:1:x"])
def test_a_forged_picture_is_none(client, login, kept):
    login()
    response = client.post(ADD, typed(kept=kept))
    assert list(response.context["adminform"].form.errors) == ["upload"]


@pytest.mark.parametrize(("field", "value"), [
    ("focus_x", "101"), ("focus_y", "-1"), ("focus_x", "middle"), ("focus_y", ""),
    ("article", "no-such-article"), ("key", "图"), ("key", ""),
])  # fmt: skip
def test_what_is_typed_wrongly_stays_to_be_mended(client, login, field, value):
    login()
    image = store_upload(None, "lamp", upload("a.jpg", picture()), user=None)
    response = change(client, image, typed(**{field: value}))
    assert list(response.context["adminform"].form.errors) == [field]
    assert response.context["adminform"].form[field].value() == value


def test_a_key_is_taken_once_in_an_article(client, login):
    login()
    make_image(article=make_article(slug="sleep"), key="night-lamp")
    data = typed(article="sleep") | {"upload": upload("a.jpg", picture())}
    response = client.post(ADD, data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert Image.objects.count() == 1


# Replacing


def test_replacing_keeps_key_references_and_what_was_published(client, login):
    login()
    image = store_upload(make_article(), "lamp", upload("a.jpg", picture()), user=None)
    publication = services.publish(shown(image).translation, change="first")
    old = image.file
    assert old in publication.body_html
    data = typed(key="other", article="") | {"upload": upload("b.jpg", picture(size=(90, 160)))}
    assert change(client, image, data).status_code == 302
    image.refresh_from_db()
    assert image.file != old
    assert (image.key, image.width, image.height) == ("lamp", 90, 160)
    assert image.article is not None
    assert image.figures.count() == 1
    assert default_storage.exists(old)
    media = client.get(f"/media/{old}")
    assert b"".join(media.streaming_content)
    media.close()
    publication.refresh_from_db()
    assert old in publication.body_html


def test_files_outlive_their_image(client, login):
    login()
    image = store_upload(None, "lamp", upload("a.jpg", picture()), user=None)
    client.post(f"{LIBRARY}{image.pk}/delete/", confirmed(image))
    assert not Image.objects.exists()
    assert default_storage.exists(image.file)


# One way in for other forms


def test_store_upload_makes_an_image_and_then_replaces_its_file(login):
    user, article = login("Writer"), make_article()
    image = store_upload(
        article, "lamp", upload("a.jpg", picture()), credit="Wu Daozi", licence="CC0", user=user
    )
    Image.objects.filter(pk=image.pk).update(focus_x=10)
    again = store_upload(article, "lamp", upload("b.svg", SVG.encode()), user=user)
    assert again.pk == image.pk
    assert (again.credit, again.licence, again.focus_x) == ("Wu Daozi", "CC0", 10)
    assert again.svg
    assert again.renditions == []
    acts = AuditEntry.objects.filter(target_type="image").order_by("pk")
    assert [(entry.act, entry.user, entry.article) for entry in acts] == [
        ("created", user, article.slug),
        ("changed", user, article.slug),
    ]


@pytest.mark.parametrize("kind", list(BAD))
def test_store_upload_refuses_what_the_form_refuses(kind):
    article = make_article()
    with pytest.raises(ImageRefused):
        store_upload(article, "lamp", upload(*BAD[kind]), user=None)
    assert not Image.objects.exists()
    assert not AuditEntry.objects.filter(target_type="image").exists()


@pytest.mark.parametrize("values", [
    {"key": "Not A Key"},
    {"key": ""},
    {"key": "lamp/../../x"},
    {"key": "lamp", "credit": "x" * 201},
])  # fmt: skip
def test_store_upload_says_what_is_wrong_with_the_words(values):
    with pytest.raises(ImageRefused):
        store_upload(None, uploaded_file=upload("a.jpg", picture()), user=None, **values)
    assert not Image.objects.exists()


# Many at once


@pytest.mark.parametrize(("name", "key"), [
    ("Sleep cycle (2).PNG", "sleep-cycle-2"),
    ("IMG_0042.jpeg", "img-0042"),
    ("图1.png", "1"),
    ("夜晚.png", "picture"),
    ("--.svg", "picture"),
    ("a" * 200 + ".jpg", "a" * 60),
    (".jpg", "jpg"),
])  # fmt: skip
def test_a_key_is_made_of_a_file_name(name, key):
    assert key_of_name(name) == key


def test_the_good_ones_of_many_files_stay(client, login):
    login("Writer")
    article = make_article(slug="sleep")
    make_image(article=article, key="lamp")
    files = [
        upload("lamp.jpg", picture()),
        upload("lamp.jpg", picture(size=(80, 80))),
        upload("broken.jpg", picture()[:200]),
        upload("cycle.svg", SVG.encode()),
        upload("huge.png", bomb()),
    ]
    fields = {"article": "sleep", "credit": "Wu Daozi", "licence": "CC0"}
    response = client.post(UPLOAD, fields | {"uploads": files})
    assert response.status_code == 422
    assert sorted(article.images.values_list("key", flat=True)) == [
        "cycle", "lamp", "lamp-2", "lamp-3",
    ]  # fmt: skip
    assert set(article.images.exclude(key="lamp").values_list("credit", flat=True)) == {"Wu Daozi"}
    refused = response.context["refused"]
    assert [outcome.name for outcome in refused] == ["broken.jpg", "huge.png"]
    assert len({outcome.problem for outcome in refused}) == 2
    page = response.content.decode()
    assert 'value="Wu Daozi"' in page
    assert 'value="sleep"' in page


def test_many_good_files_lead_back_to_the_library(client, login):
    login("Translator")
    files = [upload(f"{number}.svg", SVG.encode()) for number in range(3)]
    response = client.post(UPLOAD, {"uploads": files})
    assert response.url == LIBRARY
    assert Image.objects.filter(article=None).count() == 3


@pytest.mark.parametrize("fields", [
    {},
    {"uploads": [upload(f"{number}.svg", b"") for number in range(MAX_FILES + 1)]},
    {"uploads": [upload("a.svg", SVG.encode())], "article": "no-such-article"},
    {"uploads": [upload("a.svg", SVG.encode())], "credit": "x" * 201},
])  # fmt: skip
def test_many_files_with_a_mistake_beside_them_are_asked_for_again(client, login, fields):
    login()
    response = client.post(UPLOAD, fields)
    assert response.status_code == 422
    assert len(response.context["upload_form"].errors) == 1
    assert not Image.objects.exists()


# Who may what


@pytest.mark.parametrize(("group", "may_add", "may_change", "may_delete"), [
    ("Writer", True, True, False),
    ("Translator", True, True, False),
    ("Reviewer", False, False, False),
    ("Managing editor", True, True, True),
    ("nobody", False, False, False),
])  # fmt: skip
def test_each_role_does_what_it_may(client, login, group, may_add, may_change, may_delete):
    login(group)
    image = store_upload(None, "lamp", upload("a.svg", SVG.encode()), user=None)
    files = {"uploads": [upload("a.svg", SVG.encode())]}
    assert client.get(UPLOAD).status_code == (200 if may_add else 403)
    assert client.post(UPLOAD, files).status_code == (302 if may_add else 403)
    assert client.get(ADD).status_code == (200 if may_add else 403)
    page = client.get(f"{LIBRARY}{image.pk}/change/")
    assert page.status_code == (403 if group == "nobody" else 200)
    assert client.get(LIBRARY).status_code == (403 if group == "nobody" else 200)
    changed = change(client, image, typed(key="lamp"))
    assert changed.status_code == (302 if may_change else 403)
    deleted = client.post(f"{LIBRARY}{image.pk}/delete/", confirmed(image))
    assert deleted.status_code == (302 if may_delete else 403)


@pytest.mark.parametrize("path", [LIBRARY, ADD, UPLOAD])
def test_visitors_sign_in_first(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert "/login/" in response.url


# Deleting


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("way", ["figure", "narrow", "publication"])
def test_what_a_text_shows_cannot_be_deleted(client, login, way, language):
    login("Managing editor")
    client.cookies["django_language"] = language
    article = make_article()
    image, other = make_image(article=article, key="lamp"), make_image(article=article, key="sun")
    figure = shown(image if way == "publication" else other)
    if way == "publication":
        services.publish(figure.translation, change="first")
        figure.image = other
    else:
        setattr(figure, "image" if way == "figure" else "narrow_image", image)
    figure.save()
    address = f"{LIBRARY}{image.pk}/delete/"
    text = reverse("admin:articles_articletranslation_change", args=[figure.translation_id])
    for response in (client.get(address), client.post(address, confirmed(image))):
        assert response.status_code == 200
        page = response.content.decode()
        assert f'href="{text}"' in page
        assert 'name="post"' not in page
    response = client.post(LIBRARY, confirmed(image))
    assert response.status_code == 200
    assert f'href="{text}"' in response.content.decode()
    assert Image.objects.count() == 2


def test_a_text_may_begin_to_show_a_picture_while_it_is_deleted(client, login, monkeypatch):
    login("Managing editor")
    image = make_image(article=make_article())
    shown(image)
    monkeypatch.setattr(
        "articles.admin.library.ImageAdmin.get_deleted_objects",
        lambda *args: ([], {}, set(), []),
    )
    address = f"{LIBRARY}{image.pk}/delete/"
    assert client.post(address, confirmed(image)).url == address
    assert client.post(LIBRARY, confirmed(image)).status_code == 302
    assert Image.objects.exists()


def test_what_no_text_shows_can_be_deleted(client, login):
    login("Managing editor")
    images = [make_image(key=f"lamp-{number}") for number in range(3)]
    client.post(f"{LIBRARY}{images[0].pk}/delete/", confirmed(images[0]))
    client.post(LIBRARY, confirmed(*images[1:]))
    assert not Image.objects.exists()


# The library


def keys(response) -> set[str]:
    return {view.image.key for view in response.context["cl"].views}


@pytest.fixture
def library() -> None:
    article = make_article(slug="sleep")
    used = make_image(article=article, key="used", credit="Wu Daozi", licence="CC0")
    shown(used)
    make_image(key="unused", credit="Wu Daozi")
    make_image(key="photo", svg="", renditions=[], credit=own_credit())
    make_image(key="bare", svg="", renditions=[])


@pytest.mark.parametrize(("query", "found"), [
    ("", {"used", "unused", "photo", "bare"}),
    ("use=used", {"used"}),
    ("use=unused", {"unused", "photo", "bare"}),
    ("kind=photograph", {"photo", "bare"}),
    ("kind=drawing", {"used", "unused"}),
    ("rights=credit", {"bare"}),
    ("rights=licence", {"unused", "bare"}),
    ("article=sleep", {"used"}),
    ("article=no-such", set()),
    ("q=Daozi&use=unused", {"unused"}),
    ("q=一盏灯", {"used"}),
    ("q=sleep", {"used"}),
])  # fmt: skip
def test_the_library_can_be_narrowed(client, login, library, query, found):
    login("Reviewer")
    response = client.get(f"{LIBRARY}?{query}")
    assert response.status_code == 200
    assert keys(response) == found


def test_the_library_marks_what_is_owed(client, login, library):
    login()
    views = {view.image.key: view for view in client.get(LIBRARY).context["cl"].views}
    assert {key for key, view in views.items() if view.lacks_credit} == {"bare"}
    assert {key for key, view in views.items() if view.lacks_licence} == {"unused", "bare"}
    assert len(views["used"].uses) == 1


def test_the_library_costs_the_same_for_one_picture_and_for_many(client, login):
    login("Managing editor")

    def add(number: int) -> None:
        own = make_image(article=make_article(), key=f"own-{number}")
        services.publish(shown(own).translation, change="first")
        shown(make_image(key=f"shared-{number}"))

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(LIBRARY).status_code == 200
        return len(queries)

    add(0)
    first = cost()
    for number in range(1, 9):
        add(number)
    assert cost() == first


def test_a_page_with_every_drawing_has_each_id_once(client, login):
    login()
    inside = '<defs><clipPath id="a"><rect width="9" height="9"/></clipPath></defs>'
    for key in ("one", "two"):
        store_upload(None, key, upload("a.svg", drawing(inside)), user=None)
    addresses = [LIBRARY, f"{LIBRARY}{Image.objects.first().pk}/change/"]
    for address in addresses:
        found = re.findall(r'\sid="([^"]+)"', client.get(address).content.decode())
        assert any(name.endswith("-a") for name in found)
        assert len(found) == len(set(found))


# The focal point and its crops


def view_boxes(page: str) -> list[list[int]]:
    boxes = re.findall(r'class="crop__picture" viewBox="([^"]+)"', page)
    return [[int(number) for number in box.split()] for box in boxes]


@pytest.mark.parametrize("name", ["a.jpg", "a.svg"])
def test_the_crops_are_shown_without_script(client, login, name):
    login()
    data = SVG.encode() if name.endswith("svg") else picture(size=(1600, 900))
    image = store_upload(None, "lamp", upload(name, data), user=None)
    Image.objects.update(focus_x=0, focus_y=100)
    page = client.get(f"{LIBRARY}{image.pk}/change/").content.decode()
    boxes = view_boxes(page)
    assert len(boxes) == 3
    for left, top, width, height in boxes:
        assert left == 0
        assert top + height == image.height
        assert width <= image.width
    assert boxes[2][2] == boxes[2][3] == image.height


def test_a_mistake_does_not_move_the_point_back(client, login):
    login()
    image = store_upload(None, "lamp", upload("a.jpg", picture(size=(300, 100))), user=None)
    data = typed(key="", focus_x="100", focus_y="0")
    page = change(client, image, data).content.decode()
    assert [200, 0, 100, 100] in view_boxes(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_one_language(client, login, library, language):
    login()
    client.cookies["django_language"] = language
    image = Image.objects.get(key="unused")
    for address in (LIBRARY, ADD, UPLOAD, f"{LIBRARY}{image.pk}/change/"):
        response = client.get(address)
        assert response.status_code == 200
        tag = {"zh-hans": "zh-Hans", "en": "en"}[language]
        assert f'<html lang="{tag}">' in response.content.decode()
