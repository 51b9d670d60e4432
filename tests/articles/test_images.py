"""What is kept of an upload: never what a camera wrote about where, when and by whom."""

import io

import pytest
from PIL import ExifTags
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from articles import images
from healthsite import imaging

PLACE = b"Seven Sisters Road"


def encoded(kind: str = "JPEG", *, mode: str = "RGB", **options) -> bytes:
    output = io.BytesIO()
    Picture.linear_gradient("L").resize((120, 80)).convert(mode).save(output, kind, **options)
    return output.getvalue()


def exif() -> bytes:
    data = Picture.Exif()
    data[ExifTags.Base.ImageDescription] = PLACE.decode()
    data.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (41.0, 10.0, 0.0)
    return data.tobytes()


def png_text() -> PngInfo:
    info = PngInfo()
    info.add_text("Comment", PLACE.decode())
    return info


def with_words() -> dict[str, bytes]:
    jpeg, png = encoded(), encoded("PNG")
    return {
        "night.jpg": encoded(exif=exif()),
        "comment.jpg": encoded(comment=PLACE),
        "behind.jpg": jpeg + PLACE,
        "second.jpg": jpeg + encoded(comment=PLACE),
        "progressive.jpg": encoded(progressive=True, exif=exif()),
        "text.png": encoded("PNG", pnginfo=png_text()),
        "exif.png": encoded("PNG", exif=exif()),
        "behind.png": png + PLACE,
        "photo.webp": encoded("WEBP", exif=exif()),
        "photo.avif": encoded("AVIF", exif=exif()),
    }


@pytest.mark.parametrize("name", list(with_words()))
def test_no_file_that_is_kept_says_where_a_picture_was_taken(name: str, media_root, settings):
    data = with_words()[name]
    stored = images.store_image("night", name, data)
    kept = [path for path in settings.DATA_DIR.rglob("*") if path.is_file()]
    public = [path for path in media_root.rglob("*") if path.is_file()]
    assert kept
    assert public
    for path in kept + public:
        content = path.read_bytes()
        assert PLACE not in content
        with Picture.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
    extension, exported = images.read_upload(stored.original, stored.file)
    assert exported == kept[0].read_bytes()
    assert Picture.open(io.BytesIO(exported)).format == {"jpg": "JPEG", "png": "PNG"}[extension]


@pytest.mark.parametrize("name", list(with_words()))
def test_an_upload_that_was_cleaned_is_known_again(name: str):
    data = with_words()[name]
    stored = images.store_image("night", name, data)
    image = images.Image(key="night", source_name=name, **images.columns_of(stored))
    assert images.is_same_upload(image, name, data)
    assert not images.is_same_upload(image, name, data + b"\0")
    assert not images.is_same_upload(image, name.rpartition(".")[0] + ".svg", data)


@pytest.mark.parametrize("name", ["night.jpg", "text.png", "photo.webp"])
def test_what_is_exported_of_a_cleaned_upload_gives_the_same_files(name: str):
    stored = images.store_image("night", name, with_words()[name])
    extension, exported = images.read_upload(stored.original, stored.file)
    again = images.store_image("night", f"night.{extension}", exported)
    assert again.renditions == stored.renditions
    assert images.read_upload(again.original, again.file) == (extension, exported)


@pytest.mark.parametrize("data", [
    encoded(),
    encoded(mode="L"),
    encoded(mode="CMYK"),
    encoded(progressive=True),
    encoded("PNG"),
    encoded("PNG", mode="P"),
    encoded("PNG", mode="RGBA"),
])  # fmt: skip
def test_a_picture_without_words_is_kept_as_it_came(data: bytes):
    assert imaging.is_bare(data)
    name = "night.jpg" if data.startswith(b"\xff") else "night.png"
    stored = images.store_image("night", name, data)
    assert images.read_upload(stored.original, stored.file)[1] == data


@pytest.mark.parametrize("data", [encoded(), encoded("PNG"), encoded(progressive=True)])
def test_a_file_that_ends_too_early_is_not_bare(data: bytes):
    assert not any(imaging.is_bare(data[:length]) for length in range(len(data)))


def test_a_master_is_bare():
    processed = imaging.process_raster(encoded(exif=exif()))
    assert imaging.is_bare(processed.master.data)


def test_an_original_kept_with_its_place_is_not_exported(settings):
    """Uploads were once kept as they came; those on a disk stay there."""
    stored = images.store_image("night", "night.jpg", encoded())
    (settings.DATA_DIR / "originals" / stored.original).write_bytes(encoded(exif=exif()))
    extension, exported = images.read_upload(stored.original, stored.file)
    assert extension == "jpg"
    assert imaging.is_bare(exported)
