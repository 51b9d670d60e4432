"""The one file that stands for an image."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Picture

from articles import images
from articles.document import ImageData, RenditionData
from articles.models import Image, Publication
from articles.pictures import picture_address, picture_path
from tests import factories


def image_of(key: str, stored: images.StoredImage) -> ImageData:
    return ImageData(
        key=key,
        width=stored.width,
        height=stored.height,
        renditions=tuple(RenditionData(**item) for item in stored.renditions),
        svg=stored.svg,
    )


def photograph(mode: str = "RGB") -> bytes:
    output = io.BytesIO()
    Picture.linear_gradient("L").resize((1000, 600)).convert(mode).save(output, "PNG")
    return output.getvalue()


def test_drawing_is_found_where_it_was_stored():
    stored = images.store_image("pathway", "Pathway.svg", factories.SVG.encode())
    assert picture_path(image_of("pathway", stored)) == stored.file
    assert default_storage.exists(stored.file)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_photograph_is_its_widest_plain_file(mode):
    stored = images.store_image("night", "night.png", photograph(mode))
    path = picture_path(image_of("night", stored))
    chosen = next(item for item in stored.renditions if item["path"] == path)
    assert chosen["format"] in {"jpeg", "png"}
    assert chosen["width"] == max(item["width"] for item in stored.renditions)
    assert default_storage.exists(path)


def test_every_picture_of_the_demo_content_is_found(demo_site):
    documents = [
        item.revision.as_document()
        for item in Publication.objects.readable().select_related("revision")
    ]
    figures = [figure for document in documents for figure in document.figures]
    assert figures
    for figure in figures:
        for image in filter(None, (figure.image, figure.narrow_image)):
            path = picture_path(image)
            assert default_storage.exists(path)
            assert Image.objects.filter(file=path).exists()


@pytest.mark.parametrize(
    "image",
    [
        ImageData("night", 10, 10),
        ImageData("night", 10, 10, (RenditionData("images/n.avif", "avif", 10, 10),)),
        ImageData("Not a key", 10, 10, svg=factories.SVG),
    ],
)
def test_image_without_a_plain_file_has_no_address(image):
    assert picture_path(image) == ""
    assert picture_address(image) == ""


def test_address_is_on_the_site_s_own_origin(settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    image = ImageData("pathway", 100, 50, svg=factories.SVG)
    path = picture_path(image)
    assert picture_address(image) == f"https://health.example.org/media/{path}"


def test_address_of_a_storage_elsewhere_is_kept(monkeypatch):
    monkeypatch.setattr(default_storage, "url", lambda name: f"https://files.example.net/{name}")
    image = ImageData("pathway", 100, 50, svg=factories.SVG)
    assert picture_address(image) == f"https://files.example.net/{picture_path(image)}"
