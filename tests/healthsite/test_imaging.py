"""Photographs: what is refused, what is kept of an upload, and how the files are named."""

import hashlib
import io
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import AvifImagePlugin, ExifTags, Image, ImageChops, ImageCms, ImageFile, ImageStat

from healthsite import imaging
from healthsite.imaging import ImageRefused, content_name, process_raster

# Nothing of this may be found in a published file.
SECRET = b"taken-at-home-by-Zhang"

RED, GREEN, BLUE, WHITE = (230, 20, 20), (20, 200, 20), (20, 20, 230), (255, 255, 255)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


# Making uploads


def make_picture(*, size=(64, 48), mode="RGB"):
    """A picture without symmetry: red and green above, blue and white below."""
    picture = Image.new("RGB", size, WHITE)
    half = (size[0] // 2, size[1] // 2)
    picture.paste(RED, (0, 0, *half))
    picture.paste(GREEN, (half[0], 0, size[0], half[1]))
    picture.paste(BLUE, (0, half[1], half[0], size[1]))
    return picture.convert(mode)


def noisy_picture(*, size, seed=0):
    """Noise, the worst case of every encoder."""
    noise = hashlib.shake_128(bytes([seed])).digest(size[0] * size[1] * 3)
    return Image.frombytes("RGB", size, noise)


def make_file(picture=None, *, kind="PNG", **options):
    output = io.BytesIO()
    (picture or make_picture()).save(output, kind, **options)
    return output.getvalue()


def make_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def make_png(*, width, height, depth=8, colour_type=2, rows=b"", chunks=()):
    """A PNG written by hand, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            make_chunk(b"IHDR", header),
            *(make_chunk(name, data) for name, data in chunks),
            make_chunk(b"IDAT", zlib.compress(rows)),
            make_chunk(b"IEND", b""),
        )
    )


def make_exif(*, orientation=1):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (31.0, 13.0, 43.0)
    return exif


def make_rgb_profile(*, red, green, blue, description=b"test"):
    """An ICC profile (ICC.1:2001-04) with gamma 2.2 and the given D50 colorants."""

    def fixed(*numbers):
        return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)

    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    text = struct.pack(">I", len(description) + 1) + description + b"\0"
    tags = {
        b"desc": b"desc" + bytes(4) + text + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249),
        **{name + b"XYZ": b"XYZ " + bytes(4) + fixed(*xyz)
           for name, xyz in ((b"r", red), (b"g", green), (b"b", blue))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }  # fmt: skip
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI12s48x",
        start + len(body), b"", 0x02400000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp", b"",
        0, 0, 0, 0, 0, fixed(0.9642, 1, 0.8249),
    )  # fmt: skip
    return header[:128] + table + body


# Colorants of Display P3 adapted to D50, from Apple's profile.
DISPLAY_P3 = {
    "red": (0.51512, 0.2412, -0.00105),
    "green": (0.29198, 0.69225, 0.04189),
    "blue": (0.1571, 0.06657, 0.78407),
}
SRGB = {
    "red": (0.43607, 0.22249, 0.01392),
    "green": (0.38515, 0.71687, 0.09708),
    "blue": (0.14307, 0.06061, 0.7141),
}

STILL_FILES = {
    "jpeg": lambda **options: make_file(kind="JPEG", quality=95, **options),
    "png": lambda **options: make_file(kind="PNG", **options),
    "webp": lambda **options: make_file(kind="WEBP", quality=95, **options),
    "avif": lambda **options: make_file(kind="AVIF", quality=95, **options),
    "gif": lambda **options: make_file(kind="GIF", **options),
}
still_files = pytest.mark.parametrize("make", STILL_FILES.values(), ids=STILL_FILES)


# Reading results


def opened(file):
    """Decode a published file by Pillow's public way in."""
    with Image.open(io.BytesIO(file.data)) as image:
        image.load()
        return image


def corner_colours(picture):
    """The colours in the middle of the four quarters, row by row."""
    picture = picture.convert("RGB")
    columns, rows = ((side // 4, 3 * side // 4) for side in picture.size)
    return [picture.getpixel((x, y)) for y in rows for x in columns]


def is_close(one, other, tolerance=24):
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def has_colours(picture, expected, tolerance=24):
    found = corner_colours(picture)
    return all(is_close(*pair, tolerance) for pair in zip(found, expected, strict=True))


def jpeg_markers(data):
    """The marker of every segment, up to and including the end of the picture."""
    position, markers = 2, []
    while True:
        marker = data[position + 1]
        markers.append(marker)
        if marker == 0xD9:
            assert data[position + 2 :] == b"", "bytes after the end of the JPEG"
            return markers
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        while data[position] != 0xFF or data[position + 1] == 0:
            position += 1


def png_chunks(data):
    position, names = 8, []
    while position < len(data):
        names.append(data[position + 4 : position + 8])
        position += 12 + int.from_bytes(data[position : position + 4], "big")
    return names


def webp_chunks(data):
    position, names = 12, []
    while position < len(data):
        names.append(data[position : position + 4])
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return names


def avif_boxes(data, start=0, end=None):
    """Names of all boxes; an item of Exif or XMP shows as an `infe` naming its type."""
    position, found = start, []
    end = len(data) if end is None else end
    while position < end:
        size = int.from_bytes(data[position : position + 4], "big")
        name = data[position + 4 : position + 8]
        found.append((name, data[position + 8 : position + size]))
        skip = {b"meta": 12, b"iprp": 8, b"ipco": 8, b"iinf": 14}.get(name)
        if skip:
            found += avif_boxes(data, position + skip, position + size)
        position += size
    return found


def assert_only_pixels(file):
    """The container holds what a decoder needs and nothing else."""
    assert SECRET not in file.data
    if file.format == "jpeg":
        allowed = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9}
        assert set(jpeg_markers(file.data)) <= allowed
        assert file.data[4:11] == b"\0\x10JFIF\0"
    elif file.format == "png":
        assert set(png_chunks(file.data)) == {b"IHDR", b"IDAT", b"IEND"}
    elif file.format == "webp":
        assert set(webp_chunks(file.data)) <= {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
    else:
        boxes = avif_boxes(file.data)
        assert {body[8:12] for name, body in boxes if name == b"infe"} == {b"av01"}
        assert {body[:4] for name, body in boxes if name == b"colr"} <= {b"nclx"}


# Refusals


def test_empty_file_is_refused():
    with pytest.raises(ImageRefused, match="empty"):
        process_raster(b"")


def test_fifty_megabytes_are_refused_unread(monkeypatch):
    monkeypatch.setattr(imaging, "_accepted_type", lambda data: pytest.fail("was looked at"))
    with pytest.raises(ImageRefused, match=r"50\.0 MB, the limit is 15 MB"):
        process_raster(b"\xff\xd8\xff" + bytes(50 * 1024**2 - 3))


def test_limit_of_bytes_is_inclusive(monkeypatch):
    upload = make_file(kind="JPEG")
    monkeypatch.setattr(imaging, "MAX_BYTES", len(upload))
    assert process_raster(upload).width == 64
    monkeypatch.setattr(imaging, "MAX_BYTES", len(upload) - 1)
    with pytest.raises(ImageRefused, match="the limit is"):
        process_raster(upload)


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC pictures from an iPhone"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC pictures from an iPhone"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1", "MP4 files cannot be used"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawings are added as figures"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><svg/>", "SVG drawings are added"),
        ("\ufeff<?xml version='1.0'?><svg/>".encode("utf-16-le"), "SVG drawings are added"),
        (b"II*\0\x08\0\0\0", "TIFF files cannot be used"),
        (b"MM\0*\0\0\0\x08", "TIFF files cannot be used"),
        (b"II+\0\x08\0\0\0", "TIFF files cannot be used"),
        (b"BM\x36\0\0\0", "BMP files cannot be used"),
        (b"8BPS\0\x01", "Photoshop files cannot be used"),
        (b"%PDF-1.7", "PDF files cannot be used"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "PostScript files cannot be used"),
        (b"\0\0\x01\0\x01\0", "ICO files cannot be used"),
        (b"\xff\x0a\xfa", "JPEG XL files cannot be used"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL files cannot be used"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000 files cannot be used"),
        (b"\xff\x4f\xff\x51\0", "JPEG 2000 files cannot be used"),
        (b"PK\x03\x04", "not a picture that can be used"),
        (b"<!doctype html><p>hello", "not a picture that can be used"),
        (b"hello", "not a picture that can be used"),
    ],
)
def test_other_types_are_refused_by_name(start, sentence):
    with pytest.raises(ImageRefused, match=sentence):
        process_raster(start + bytes(64))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "JPEG2000", "PDF", "EPS"])
def test_real_files_of_other_types_are_refused(kind):
    with pytest.raises(ImageRefused, match="JPEG, PNG, WebP, AVIF or a still GIF"):
        process_raster(make_file(kind=kind))


def test_type_is_read_from_the_content_alone():
    assert process_raster(make_file(kind="WEBP")).files
    with pytest.raises(ImageRefused, match="damaged"):
        process_raster(b"\x89PNG\r\n\x1a\n" + make_file(kind="JPEG"))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
def test_animation_is_refused(kind):
    frames = [make_picture(), ImageChops.invert(make_picture())]
    animated = make_file(frames[0], kind=kind, save_all=True, append_images=frames[1:])
    with pytest.raises(ImageRefused, match="Animated"):
        process_raster(animated)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
def test_animation_of_one_frame_is_a_still_picture(kind):
    assert process_raster(make_file(kind=kind, save_all=True)).width == 64


def test_multi_picture_jpeg_of_a_phone_gives_its_first_picture():
    previews = [Image.new("RGB", (16, 12))]
    upload = make_file(kind="MPO", save_all=True, append_images=previews, quality=95)
    processed = process_raster(upload)
    assert (processed.width, processed.height) == (64, 48)
    assert has_colours(opened(processed.master), [RED, GREEN, BLUE, WHITE])


# Bombs: small files that would need gigabytes


def jpeg_bomb():
    upload = bytearray(make_file(kind="JPEG"))
    frame = upload.index(b"\xff\xc0")
    upload[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(upload)


def gif_bomb(side=65_535):
    upload = make_file(kind="GIF")
    return upload[:6] + struct.pack("<HH", side, side) + upload[10:]


def webp_bomb(side=16_383):
    upload = bytearray(make_file(kind="WEBP", lossless=True))
    upload[21:25] = struct.pack("<I", (side - 1) | (side - 1) << 14)
    return bytes(upload)


def extended_webp_bomb():
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\0\xff\xff\0" + bytes(40)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif_bomb():
    return make_file(Image.new("L", (6400, 6400)), kind="AVIF", quality=1, speed=10)


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(make_png(width=30_000, height=30_000, rows=bytes(10**6)), id="png"),
        pytest.param(make_png(width=10_000, height=10_000, rows=bytes(10**6)), id="png-warned"),
        pytest.param(make_png(width=8_000, height=8_000, rows=bytes(10**6)), id="png-unwarned"),
        pytest.param(make_png(width=2**31 - 1, height=2**31 - 1), id="png-largest"),
        pytest.param(make_png(width=40_000_001, height=1), id="png-one-row"),
        pytest.param(jpeg_bomb(), id="jpeg"),
        pytest.param(gif_bomb(), id="gif"),
        pytest.param(gif_bomb(side=9_000), id="gif-unwarned"),
        pytest.param(webp_bomb(), id="webp"),
        pytest.param(webp_bomb(side=7_000), id="webp-unwarned"),
        pytest.param(extended_webp_bomb(), id="webp-extended"),
        pytest.param(avif_bomb(), id="avif"),
    ],
)
def test_bomb_is_refused_by_its_header(upload, monkeypatch):
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("was decoded"))
    assert len(upload) < 10_000
    with pytest.raises(ImageRefused, match="more than 40 megapixels"):
        process_raster(upload)


def test_limit_of_pixels_is_inclusive(monkeypatch):
    monkeypatch.setattr(imaging, "MAX_PIXELS", 64 * 48)
    assert process_raster(make_file()).width == 64
    with pytest.raises(ImageRefused, match="megapixels"):
        process_raster(make_file(make_picture(size=(65, 48))))


def test_jpeg_of_a_thousand_scans_is_refused():
    upload = make_file(kind="JPEG", progressive=True)
    last_scan = upload[upload.rindex(b"\xff\xda") : -2]
    with pytest.raises(ImageRefused, match="unusual"):
        process_raster(upload[:-2] + 1000 * last_scan + b"\xff\xd9")


def test_text_chunk_bomb_is_refused_or_left_unread():
    packed = zlib.compress(bytes(50 * 1024**2))
    upload = make_png(
        width=1, height=1, rows=bytes(4), chunks=[(b"zTXt", b"Comment\0\0" + packed)] * 4
    )
    try:
        files = process_raster(upload).files
    except ImageRefused:
        return
    assert max(len(file.data) for file in files) < 10_000


# Damage


@still_files
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_truncated_image_is_refused(make, share):
    upload = make(picture=noisy_picture(size=(60, 40)))
    with pytest.raises(ImageRefused, match="damaged or incomplete"):
        process_raster(upload[: max(16, int(share * len(upload)))])


@still_files
@given(lost=st.integers(1, 400))
@settings(deadline=None, max_examples=40)
def test_image_is_never_accepted_with_points_missing(make, lost):
    upload = make(picture=noisy_picture(size=(20, 16)))
    try:
        processed = process_raster(upload[:-lost])
    except ImageRefused:
        return
    # Only an end mark or checksum was lost.
    assert processed == process_raster(upload)


def test_broken_checksum_is_refused():
    upload = bytearray(make_file())
    upload[upload.index(b"IHDR") + 14] ^= 1
    with pytest.raises(ImageRefused, match="damaged"):
        process_raster(bytes(upload))


@pytest.mark.parametrize("profile", [b"nonsense", bytes(200), b"\xff" * 4096])
def test_broken_profile_is_ignored(profile):
    processed = process_raster(make_file(icc_profile=profile))
    assert has_colours(opened(processed.master), [RED, GREEN, BLUE, WHITE])


BROKEN_EXIF = {
    "directory-outside": b"II*\0\xff\xff\xff\x7f",
    # One entry, a camera's name of 2 GB.
    "value-outside": b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\xff\xff\xff\x7f\0\0\0\x7f\0\0\0\0",
    "not-exif": b"nonsense",
    "empty": b"",
}


# Pillow warns of some of these; outside of tests a warning is no error.
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("exif", BROKEN_EXIF.values(), ids=BROKEN_EXIF)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_broken_exif_is_ignored(exif, kind):
    upload = make_file(kind=kind, quality=95, exif=b"Exif\0\0" + exif)
    processed = process_raster(upload)
    assert has_colours(opened(processed.master), [RED, GREEN, BLUE, WHITE])


def process_or_refuse(upload):
    """Anything but success or ImageRefused fails the test by itself."""
    try:
        processed = process_raster(upload)
    except ImageRefused:
        return
    for file in processed.files:
        assert_only_pixels(file)


SIGNATURES = [
    *(signature for signature, _ in imaging._SIGNATURES),
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"RIFF\x40\0\0\0WEBPVP8L",
    b"RIFF\x40\0\0\0WEBPVP8X",
    b"\0\0\0\x14ftypavif\0\0\0\0avif",
]


@given(st.sampled_from([b"", *SIGNATURES]), st.binary(max_size=400))
@settings(deadline=None, max_examples=300)
def test_random_bytes_are_refused_and_nothing_else(signature, rest):
    process_or_refuse(signature + rest)


SMALL_FILES = {
    name: make_file(make_picture(size=(12, 8)), kind=name.upper(), **options)
    for name, options in {
        "jpeg": {"exif": make_exif(orientation=6), "comment": b"c"},
        "png": {"icc_profile": make_rgb_profile(**DISPLAY_P3)},
        "webp": {"exif": make_exif(orientation=3)},
        "avif": {"exif": make_exif(orientation=8)},
        "gif": {},
    }.items()
}


@given(
    st.sampled_from(sorted(SMALL_FILES)),
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=6),
    st.integers(0, 10**6),
)
@example("png", [], 0)
@settings(deadline=None, max_examples=300)
def test_changed_bytes_never_raise_anything_but_a_refusal(name, changes, cut):
    upload = bytearray(SMALL_FILES[name])
    for position, replacement in changes:
        position %= len(upload)
        upload[position : position + len(replacement)] = replacement
    process_or_refuse(bytes(upload[: len(upload) - cut % len(upload)]))


# Sizes and formats


@still_files
def test_every_accepted_type_gives_all_three_formats(make):
    processed = process_raster(make())
    assert [(file.name_suffix, file.format) for file in processed.files] == [
        ("-64.avif", "avif"),
        ("-64.webp", "webp"),
        ("-64.jpg", "jpeg"),
    ]
    for file in processed.files:
        image = opened(file)
        assert image.format.lower() == file.format
        assert image.size == (file.width, file.height) == (64, 48)
        assert has_colours(image, [RED, GREEN, BLUE, WHITE], tolerance=40)


def test_widths_stop_at_the_width_of_the_picture():
    processed = process_raster(make_file(make_picture(size=(1000, 500))))
    sizes = [(480, 240), (800, 400), (1000, 500)]
    assert [(file.width, file.height) for file in processed.files] == [
        size for size in sizes for _ in range(3)
    ]
    assert all(opened(file).size == (file.width, file.height) for file in processed.files)


def test_width_on_the_list_is_not_made_twice():
    processed = process_raster(make_file(make_picture(size=(800, 30))))
    assert [file.width for file in processed.files] == [480] * 3 + [800] * 3


@pytest.mark.parametrize("size", [(800, 400), (2560, 300), (3000, 300)])
def test_detail_is_kept(size):
    """Fine stripes keep their contrast, which decoding at half the size would lose."""
    stripes = Image.new("L", size)
    for x in range(0, size[0], 6):
        stripes.paste(255, (x, 0, x + 3, size[1]))
    master = opened(process_raster(make_file(stripes, kind="JPEG", quality=95)).master)
    assert ImageStat.Stat(master).stddev[0] > 100


def test_noise_overflows_no_buffer():
    assert process_raster(make_file(noisy_picture(size=(500, 400)))).width == 500


@pytest.mark.parametrize(
    ("size", "master"),
    [
        ((3000, 1500), (2560, 1280)),
        ((1500, 3000), (1280, 2560)),
        ((2560, 10), (2560, 10)),
        ((6000, 1), (2560, 1)),
        ((1, 6000), (1, 2560)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_master_is_capped_by_its_longest_side(size, master, kind):
    processed = process_raster(make_file(Image.new("RGB", size, RED), kind=kind))
    assert (processed.width, processed.height) == master
    assert opened(processed.master).size == master


def test_same_bytes_give_the_same_files_on_any_number_of_processors(monkeypatch):
    upload = make_file(make_picture(size=(700, 500)), kind="JPEG")
    results = []
    for processors in (1, 2, 16):
        monkeypatch.setattr(AvifImagePlugin, "_get_default_max_threads", lambda n=processors: n)
        results.append(process_raster(upload))
    assert results[0] == results[1] == results[2]


def test_threads_do_not_disturb_each_other():
    uploads = [make_file(make_picture(size=(120 + n, 90)), kind="JPEG") for n in range(4)] * 3
    alone = [process_raster(upload) for upload in uploads]
    with ThreadPoolExecutor(max_workers=6) as pool:
        assert list(pool.map(process_raster, uploads)) == alone


def test_settings_of_pillow_are_left_alone():
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    process_raster(make_file())
    with pytest.raises(ImageRefused):
        process_raster(jpeg_bomb())
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


# The master


def test_any_small_master_gives_itself_again():
    """Pictures of all small sizes, whose last block is mostly or wholly padding."""
    for side in range(1, 34):
        corner = Image.new("RGB", (side, 9), "white")
        corner.paste("black", (0, 0, side // 2, 4))
        for picture in (corner, make_picture(size=(9, side)), noisy_picture(size=(19, side))):
            master = process_raster(make_file(picture)).master.data
            assert process_raster(master).master.data == master


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(make_file(noisy_picture(size=(90, 70)), kind="JPEG"), id="jpeg"),
        pytest.param(make_file(make_picture(size=(3000, 40)), kind="WEBP"), id="too-large"),
        pytest.param(make_file(make_picture(mode="L"), kind="JPEG"), id="grey"),
        pytest.param(make_file(Image.new("RGB", (50, 50), (128, 128, 128))), id="mid-grey"),
        pytest.param(make_file(make_picture(mode="CMYK"), kind="JPEG"), id="cmyk"),
        pytest.param(make_file(kind="JPEG", exif=make_exif(orientation=5)), id="exif"),
        pytest.param(make_file(Image.new("RGBA", (40, 30), (9, 99, 9, 128))), id="transparent"),
    ],
)  # fmt: skip
def test_master_gives_the_same_files_again(upload):
    processed = process_raster(upload)
    assert process_raster(processed.master.data) == processed


def test_master_that_ends_in_an_escaped_byte_gives_itself_again():
    """There the first of the two last bytes is half of an escape, and no change to it decodes."""
    for seed in range(256):
        picture = noisy_picture(size=(9, 5), seed=seed)
        upload = make_file(picture, kind="JPEG", quality=90, subsampling="4:4:4")
        if upload[-5:-3] == b"\xff\0":
            assert process_raster(upload).master.data == upload
            return
    pytest.fail("no such picture among those tried")


def test_master_is_the_widest_jpeg_in_full_colour_resolution():
    master = process_raster(make_file(make_picture(size=(900, 20)))).master
    assert (master.name_suffix, master.format) == ("-900.jpg", "jpeg")
    # One sample of colour for each pixel: thin red lines of a chart stay red.
    frame = master.data.index(b"\xff\xc0")
    assert [master.data[frame + 11 + 3 * part] for part in range(3)] == [0x11, 0x11, 0x11]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data + SECRET, id="bytes-after-the-end"),
        pytest.param(lambda data: data[:-2] + SECRET + data[-2:], id="bytes-before-the-end"),
        pytest.param(
            lambda data: data.replace(b"\xff\xc4", b"\xff\xfe\0\x18" + SECRET + b"\xff\xc4", 1),
            id="comment",
        ),
        pytest.param(
            lambda data: data.replace(b"\xff\xda", b"\xff\xe1\0\x18" + SECRET + b"\xff\xda", 1),
            id="app1-before-the-scan",
        ),
        pytest.param(lambda data: data[:2] + b"\xff\xfe\0\x18" + SECRET + data[2:], id="at-start"),
        pytest.param(lambda data: data[:-2] + b"\0\0" + data[-2:], id="two-zeros-before-the-end"),
        pytest.param(
            lambda data: data[:-2] + b"\xff\xfe\0\x18" + SECRET + data[-2:], id="comment-at-the-end"
        ),
        pytest.param(lambda data: data[:-2] + data[-2:] * 2, id="second-end"),
        pytest.param(lambda data: data + b"x", id="one-byte-after-the-end"),
    ],
)
@pytest.mark.parametrize("picture", [make_picture(), Image.new("RGB", (64, 48), (128, 128, 128))])
def test_master_with_additions_is_encoded_again(change, picture):
    master = process_raster(make_file(picture)).master.data
    assert len(SECRET) == 0x16
    processed = process_raster(change(master))
    assert processed.master.data != change(master)
    for file in processed.files:
        assert_only_pixels(file)


# Metadata


@still_files
def test_metadata_is_removed(make):
    profile = make_rgb_profile(**SRGB, description=SECRET)
    extras = {"icc_profile": profile, "exif": make_exif(), "xmp": SECRET, "comment": SECRET}
    upload = make(**extras)
    assert SECRET in upload
    for file in process_raster(upload).files:
        assert_only_pixels(file)
        image = opened(file)
        assert not dict(image.getexif())
        assert not {"icc_profile", "exif", "xmp", "comment", "photoshop"} & set(image.info)


def test_text_chunks_and_physical_size_are_removed():
    chunks = [
        (b"tEXt", b"Comment\0" + SECRET),
        (b"zTXt", b"Author\0\0" + zlib.compress(SECRET)),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
        (b"eXIf", make_exif().tobytes().removeprefix(b"Exif\0\0")),
        (b"tIME", bytes(7)),
        (b"pHYs", struct.pack(">IIB", 3780, 3780, 1)),
        (b"gAMA", struct.pack(">I", 45455)),
        (b"prVt", SECRET),
    ]
    rows = b"".join(b"\0" + bytes((200, 100, 50, 90)) * 4 for _ in range(4))
    upload = make_png(width=4, height=4, colour_type=6, rows=rows, chunks=chunks) + SECRET
    files = process_raster(upload).files
    assert [file.format for file in files] == ["avif", "webp", "jpeg", "png"]
    for file in files:
        assert_only_pixels(file)


def test_application_segments_of_jpeg_are_removed():
    upload = make_file(kind="JPEG", exif=make_exif(), dpi=(300, 300), comment=SECRET)
    photoshop = b"Photoshop 3.0\x008BIM" + SECRET
    segment = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    for file in process_raster(upload[:2] + segment + upload[2:] + SECRET).files:
        assert_only_pixels(file)
        assert opened(file).info.get("dpi", (72, 72))[0] != 300


# Orientation

# Values 1 to 8 of EXIF 2.32, each with the turn that undoes what `exif_transpose` will do.
UNDO = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", UNDO)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_is_turned_upright(orientation, kind):
    turn = UNDO[orientation]
    stored = make_picture() if turn is None else make_picture().transpose(turn)
    upload = make_file(stored, kind=kind, quality=95, exif=make_exif(orientation=orientation))
    processed = process_raster(upload)
    assert (processed.width, processed.height) == (64, 48)
    for file in processed.files:
        assert has_colours(opened(file), [RED, GREEN, BLUE, WHITE], tolerance=40)


def test_size_is_capped_as_the_reader_sees_it():
    upload = make_file(make_picture(size=(3000, 600)), kind="JPEG", exif=make_exif(orientation=6))
    processed = process_raster(upload)
    assert (processed.width, processed.height) == (512, 2560)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_impossible_orientation_is_ignored(orientation):
    upload = make_file(kind="JPEG", quality=95, exif=make_exif(orientation=orientation))
    assert has_colours(opened(process_raster(upload).master), [RED, GREEN, BLUE, WHITE])


# Colour


def test_cmyk_jpeg_becomes_rgb():
    processed = process_raster(make_file(make_picture(mode="CMYK"), kind="JPEG", quality=95))
    for file in processed.files:
        assert opened(file).mode == "RGB"
        assert has_colours(opened(file), [RED, GREEN, BLUE, WHITE], tolerance=40)


def test_profile_for_other_channels_is_ignored():
    picture = make_picture(mode="CMYK")
    upload = make_file(picture, kind="JPEG", quality=95, icc_profile=make_rgb_profile(**SRGB))
    assert has_colours(opened(process_raster(upload).master), [RED, GREEN, BLUE, WHITE], 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_wide_gamut_is_converted(kind):
    profile = make_rgb_profile(**DISPLAY_P3)
    picture = Image.new("RGB", (40, 30), (200, 90, 60))
    picture.paste((128, 128, 128), (20, 0, 40, 30))
    processed = process_raster(make_file(picture, kind=kind, quality=100, icc_profile=profile))
    image = opened(processed.master).convert("RGB")
    # The same colour needs more red and less green in the narrower space; grey stays grey.
    red, green, blue = image.getpixel((5, 15))
    assert red >= 208
    assert green <= 87
    assert is_close(image.getpixel((35, 15)), (128, 128, 128), tolerance=6)
    # And it agrees with the colour engine's own answer.
    expected = ImageCms.profileToProfile(
        Image.new("RGB", (1, 1), (200, 90, 60)),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
    ).getpixel((0, 0))
    assert is_close((red, green, blue), expected, tolerance=8)


def test_profile_is_applied_beside_transparency():
    swapped = make_rgb_profile(red=SRGB["blue"], green=SRGB["green"], blue=SRGB["red"])
    upload = make_file(Image.new("RGBA", (8, 8), (255, 0, 0, 100)), icc_profile=swapped)
    assert is_close(opened(process_raster(upload).master).getpixel((4, 4)), (0, 0, 255, 100), 30)


def test_grey_photo_with_a_grey_profile_keeps_its_tone():
    ramp = Image.linear_gradient("L")
    processed = process_raster(make_file(ramp, kind="JPEG", quality=95))
    image = opened(processed.master)
    assert is_close(image.getpixel((128, 64)), (64, 64, 64), 8)
    assert is_close(image.getpixel((128, 192)), (192, 192, 192), 8)


@pytest.mark.parametrize(("colour_type", "channels"), [(0, 1), (2, 3)], ids=["grey", "rgb"])
def test_sixteen_bits_are_scaled_not_cut(colour_type, channels):
    shades = [0, 64 * 257, 128 * 257, 255 * 257]
    row = b"\0" + b"".join(struct.pack(">H", shade) * channels * 8 for shade in shades)
    upload = make_png(width=32, height=8, depth=16, colour_type=colour_type, rows=row * 8)
    image = opened(process_raster(upload).master)
    for column, shade in enumerate(shades):
        assert is_close(image.getpixel((8 * column + 4, 4)), [shade // 257] * 3, tolerance=4)


def test_sixteen_bits_with_transparency_keep_it():
    pixel = struct.pack(">HHHH", 65535, 0, 0, 128 * 257)
    upload = make_png(width=4, height=4, depth=16, colour_type=6, rows=(b"\0" + pixel * 4) * 4)
    assert opened(process_raster(upload).master).getpixel((2, 2)) == (255, 0, 0, 128)


def test_one_bit_picture_becomes_rgb():
    picture = Image.new("1", (32, 16), 1)
    picture.paste(0, (0, 0, 16, 16))
    image = opened(process_raster(make_file(picture)).master)
    assert is_close(image.getpixel((8, 8)), (0, 0, 0), 4)
    assert is_close(image.getpixel((24, 8)), (255, 255, 255), 4)


# Transparency


def transparent_palette(*, as_bytes):
    """A palette PNG: red left, transparent right."""
    picture = Image.new("P", (32, 16), 1)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(0, (0, 0, 16, 16))
    return make_file(picture, transparency=b"\xff\x00" if as_bytes else 1)


TRANSPARENT = {
    "palette-index": transparent_palette(as_bytes=False),
    "palette-bytes": transparent_palette(as_bytes=True),
}
for _kind in ("PNG", "WEBP", "AVIF", "GIF"):
    _picture = Image.new("RGBA", (32, 16), (0, 0, 255, 0))
    _picture.paste((255, 0, 0, 255), (0, 0, 16, 16))
    TRANSPARENT[_kind.lower()] = make_file(_picture, kind=_kind)


@pytest.mark.parametrize("upload", TRANSPARENT.values(), ids=TRANSPARENT)
def test_transparency_is_kept_and_jpeg_shows_white(upload):
    processed = process_raster(upload)
    assert [file.format for file in processed.files] == ["avif", "webp", "jpeg", "png"]
    assert processed.master.format == "png"
    for file in processed.files:
        image = opened(file)
        left, right = (image.convert("RGBA").getpixel((x, 8)) for x in (5, 27))
        assert is_close(left, (255, 0, 0, 255), 40)
        if file.format == "jpeg":
            assert is_close(right, (255, 255, 255, 255), 8)
        else:
            assert right[3] <= 8


def test_transparent_grey_keeps_its_transparency():
    picture = Image.new("LA", (16, 16), (200, 77))
    assert opened(process_raster(make_file(picture)).master).getpixel((8, 8)) == (200, 200, 200, 77)


def test_opaque_alpha_channel_is_dropped():
    processed = process_raster(make_file(make_picture(mode="RGBA")))
    assert [file.format for file in processed.files] == ["avif", "webp", "jpeg"]


def test_hidden_colour_does_not_bleed_into_the_edge_when_shrunk():
    picture = Image.new("RGBA", (3000, 100), (0, 255, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 1501, 100))
    narrow = next(file for file in process_raster(make_file(picture)).files if file.width == 480)
    row = opened(narrow).convert("RGBA").crop((0, 4, 480, 5))
    visible = [row.getpixel((x, 0)) for x in range(480) if row.getpixel((x, 0))[3] > 128]
    assert visible
    assert max(green for _, green, _, _ in visible) < 90


def test_flat_colour_survives_every_format():
    processed = process_raster(make_file(Image.new("RGB", (600, 400), (33, 99, 150))))
    for file in processed.files:
        means = ImageStat.Stat(opened(file).convert("RGB")).mean
        assert is_close(means, (33, 99, 150), tolerance=3)


# Names


def test_name_is_key_digest_width_and_extension():
    digest = hashlib.sha256(b"picture").hexdigest()[:16]
    assert content_name("activation", b"picture", "avif", 800) == f"activation-{digest}-800.avif"
    assert content_name("activation", b"picture", "svg", None) == f"activation-{digest}.svg"


def test_other_content_has_another_name():
    assert content_name("a", b"1", "jpg", 480) != content_name("a", b"2", "jpg", 480)


KEYS = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,60}\Z")
EXTENSIONS = st.sampled_from(["avif", "webp", "jpg", "png", "svg"])


@given(KEYS, st.binary(max_size=8), EXTENSIONS, st.none() | st.integers(1, 99_999))
@example("0-0123456789abcdef", b"", "avif", 800)
def test_pattern_reads_back_every_name(key, data, extension, width):
    name = content_name(key, data, extension, width)
    for folder in ("images", "portraits"):
        match = imaging.MEDIA_NAME_PATTERN.match(f"{folder}/{name}")
        assert match["folder"] == folder
        assert match["key"] == key
        assert match["digest"] == hashlib.sha256(data).hexdigest()[:16]
        assert match["width"] == (None if width is None else str(width))
        assert match["extension"] == extension


@given(st.from_regex(imaging.MEDIA_NAME_PATTERN))
def test_pattern_matches_only_what_can_be_made(name):
    match = imaging.MEDIA_NAME_PATTERN.match(name)
    width = int(match["width"]) if match["width"] else None
    made = content_name(match["key"], b"", match["extension"], width)
    digest = hashlib.sha256(b"").hexdigest()[:16]
    assert name == f"{match['folder']}/{made}".replace(digest, match["digest"])


@pytest.mark.parametrize(
    "name",
    [
        "activation-1a2b3c4d5e6f7a8b-800.avif",
        "images/activation-1a2b3c4d5e6f7a8b-800.avif\n",
        "images/../activation-1a2b3c4d5e6f7a8b-800.avif",
        "images/sub/activation-1a2b3c4d5e6f7a8b-800.avif",
        "/images/activation-1a2b3c4d5e6f7a8b-800.avif",
        "images/activation-1a2b3c4d5e6f7a8-800.avif",
        "images/activation-1A2B3C4D5E6F7A8B-800.avif",
        "images/Activation-1a2b3c4d5e6f7a8b-800.avif",
        "images/-1a2b3c4d5e6f7a8b-800.avif",
        "images/activation-1a2b3c4d5e6f7a8b-0800.avif",
        "images/activation-1a2b3c4d5e6f7a8b-０.avif",
        "images/activation-1a2b3c4d5e6f7a8b-800.html",
        "images/activation-1a2b3c4d5e6f7a8b-800.svg.html",
        "documents/activation-1a2b3c4d5e6f7a8b-800.avif",
    ],
)
def test_other_names_do_not_match(name):
    assert imaging.MEDIA_NAME_PATTERN.match(name) is None


@pytest.mark.parametrize(
    ("key", "extension", "width"),
    [
        ("", "avif", 800),
        ("-a", "avif", 800),
        ("Activation", "avif", 800),
        ("镁", "avif", 800),
        ("a/b", "avif", 800),
        ("..", "avif", 800),
        ("a", "html", 800),
        ("a", ".avif", 800),
        ("a", "avif", 0),
        ("a", "avif", -1),
        ("a", "avif", 100_000),
    ],
)
def test_parts_that_make_no_name_are_an_error(key, extension, width):
    with pytest.raises(ValueError, match="not a media name"):
        content_name(key, b"", extension, width)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="needs /proc")
def test_largest_accepted_picture_needs_less_than_half_a_gigabyte():
    resource = pytest.importorskip("resource")
    upload = make_file(Image.new("RGB", (8000, 5000), BLUE), kind="JPEG")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert process_raster(upload).width == 2560
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 500 * 1024
