"""Decides which uploaded photographs are accepted, and what is published of them.

The upload itself is never published. Its pixels are decoded, turned upright, brought to sRGB and
encoded again, so a published file holds a picture and nothing else: no position, camera, author,
comment, colour profile or hidden trailer. Everything here is a pure function of the bytes given;
nothing touches the database, the disk or a setting of Pillow, so it is safe in threads.

Refusals are in order of cost: size of the file, its type, what its header announces, and only then
the pixels. Pillow's own bomb guard only warns between 89 and 179 megapixels, is a global number and
is part of `Image.open`; so the decoders are called directly and MAX_PIXELS is compared here.

The master is a fixed point: `process_raster(processed.master.data)` gives the same files again,
byte for byte, on the same version of Pillow. Exporting masters therefore loses nothing.

Known limit: colour described without an ICC profile (cICP, nclx, gAMA chunks) is read as sRGB.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext
from PIL import ExifTags, Image, ImageCms, ImageOps
from PIL.AvifImagePlugin import AvifImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

# Phone pictures are 2 to 8 MiB; more is a scan or an export that nobody needs on a web page.
MAX_BYTES = 15 * 1024 * 1024
# A decoded megapixel costs 4 MB in Pillow, so one upload stays below about 350 MB at its peak.
MAX_PIXELS = 40_000_000
# Longest side of what is kept, in pixels: a 1280 px column on a screen of density two.
MAX_SIDE = 2560
# Offered widths in pixels: phone at density one, phone at two, text column at two, full bleed.
WIDTHS = (480, 800, 1200, 1920)
# An ordinary progressive JPEG has 10 scans, one with an embedded preview twice that. Each scan of
# a large picture costs a fraction of a second however few bytes it has.
MAX_JPEG_SCANS = 50

# Measured on a noisy photograph at 1200 px: each gives a structural similarity of about 0.97, in
# 98, 123 and 171 KB. AVIF speed 8 takes a third of the time of speed 6 for files 5 % larger.
# The number of threads is fixed because by default it follows the machine's processors, and the
# encoded bytes with it. JPEG, the last resort, is neither progressive nor optimised: for those
# Pillow guesses a buffer that noisy pictures overflow (python-pillow/Pillow#5448, open).
_ENCODERS: dict[str, tuple[str, dict[str, object]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 8, "max_threads": 4}),
    "webp": ("WEBP", {"quality": 78, "method": 4}),
    "jpeg": ("JPEG", {"quality": 80, "subsampling": "4:2:0"}),
    "png": ("PNG", {}),
}
# The master is the source of every other file, so it keeps full colour resolution.
_MASTER_JPEG = {"quality": 90, "subsampling": "4:4:4"}
_EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png"}

_DECODERS: dict[str, type[ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "GIF": GifImageFile,
    "WebP": WebPImageFile,
    "AVIF": AvifImageFile,
}
# First bytes, from the formats' specifications.
_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
    (b"8BPS", "Photoshop"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\0\0\1\0", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
)
_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"
# ISO/IEC 23008-12 and the AVIF specification: brands in the file type box.
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS |= {b"mif1", b"msf1"}

_GREY_MODES = {"1", "L", "LA", "La"}
_SIXTEEN_BIT_MODES = {"I", "I;16", "I;16B", "I;16L", "I;16N"}

_KEY = r"[a-z0-9][a-z0-9-]*"
_NAME = (
    rf"(?P<key>{_KEY})-(?P<digest>[0-9a-f]{{16}})"
    r"(?:-(?P<width>[1-9][0-9]{0,4}))?\.(?P<extension>avif|webp|jpg|png|svg)"
)
_NAME_PATTERN = re.compile(rf"\A{_NAME}\Z")
# Matches the names below MEDIA_ROOT that `content_name` makes, and no others. Anything that fits
# may be served with an unlimited lifetime, because a different content has a different name.
MEDIA_NAME_PATTERN = re.compile(rf"\A(?P<folder>images|portraits|share)/{_NAME}\Z")


class ImageRefused(ValueError):
    """An upload that cannot be published; the message is one translated sentence for the editor."""


@dataclass(frozen=True, slots=True)
class RenditionFile:
    """One file to publish.

    `name_suffix` is what follows the digest in its name (`-800.avif`), `format` is `avif`, `webp`,
    `jpeg` or `png` (its media type is `image/` plus that), width and height are in pixels.
    """

    name_suffix: str
    format: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    """Everything to publish of one upload; width and height are the master's, in pixels.

    `files` holds AVIF, WebP and JPEG for each width, smallest width first, and for a picture with
    transparency one PNG of the full size at the end. JPEG shows transparency as white.
    """

    width: int
    height: int
    files: tuple[RenditionFile, ...]

    @property
    def master(self) -> RenditionFile:
        """The file to keep and to export: the widest JPEG, or the PNG of a transparent picture."""
        return self.files[-1]


def process_raster(data: bytes) -> ProcessedImage:
    """Turn an uploaded photograph into the files to publish.

    `data` is the whole upload. The same bytes give the same files. Takes seconds for a large
    picture: call it when content changes, never when a page is read.

    Raises ImageRefused when the file is too large, of another type than JPEG, PNG, WebP, AVIF or
    still GIF, animated, has too many pixels, or is damaged.
    """
    refuse_wrong_length(len(data))
    decoder = _DECODERS[_accepted_type(data)]
    with _damage_refused(), decoder(io.BytesIO(data)) as image:
        _refuse_by_header(image, data)
        picture = _decoded(image)
    if picture.mode == "RGBA":
        return _with_transparency(picture)
    return _opaque(picture, data)


def content_name(key: str, data: bytes, extension: str, width: int | None) -> str:
    """Name a media file after its content: `activation-1a2b3c4d5e6f7a8b-800.avif`.

    `key` is the image's key (lower-case ASCII letters, digits, hyphens), `data` the very bytes that
    will be stored under the name, `width` is in pixels, or None for a file without widths (SVG).
    Sixteen hexadecimal digits of SHA-256 make an accidental collision as unlikely as 1 in 10**12
    among a million files. Raises ValueError when the parts make no valid name.
    """
    digest = hashlib.sha256(data).hexdigest()[:16]
    size = "" if width is None else f"-{width}"
    name = f"{key}-{digest}{size}.{extension}"
    if not _NAME_PATTERN.match(name):
        msg = f"not a media name: {name!r}"
        raise ValueError(msg)
    return name


def is_drawing(data: bytes) -> bool:
    """Whether these bytes begin like an SVG file, whatever the file is called."""
    return _sniffed_type(data) == "SVG"


def is_photograph(data: bytes) -> bool:
    """Whether these bytes begin like a picture made of points, of an accepted type or not."""
    return _sniffed_type(data) not in ("", "SVG")


def is_bare(data: bytes) -> bool:
    """Whether an upload holds a picture and no word about it: it may leave the site as it came.

    Only JPEG and PNG can be. Whatever is not known to describe the picture itself counts as words:
    EXIF (with the place), XMP, IPTC, comments, thumbnails, colour profiles, a second picture behind
    the first. Bytes that end too early are not bare either.
    """
    kind = _sniffed_type(data)
    return (kind == "JPEG" and _is_bare_jpeg(data)) or (kind == "PNG" and _is_bare_png(data))


# What is refused


def refuse_wrong_length(size: int) -> None:
    """Refuse a file of so many bytes, if need be before any of them is read.

    Raises ImageRefused when there is nothing in it, or more than MAX_BYTES.
    """
    if not size:
        raise ImageRefused(gettext("The file is empty."))
    if size > MAX_BYTES:
        raise ImageRefused(
            gettext(
                "The file has %(size).1f MB, the limit is %(limit)d MB: "
                "save the picture smaller or with more compression."
            )
            % {"size": size / 1024**2, "limit": MAX_BYTES // 1024**2}
        )


def _accepted_type(data: bytes) -> str:
    """Name the type by its content; file names and declared types are never asked."""
    name = _sniffed_type(data)
    if name in _DECODERS:
        return name
    if name == "HEIC":
        message = gettext(
            "HEIC pictures from an iPhone cannot be shown by browsers: export the picture as JPEG."
        )
    elif name == "SVG":
        message = gettext("SVG drawings are added as figures of an article, not as photographs.")
    elif name:
        message = gettext(
            "%(type)s files cannot be used: "
            "save the picture as JPEG, PNG, WebP, AVIF or a still GIF."
        ) % {"type": name}
    else:
        message = gettext(
            "This is not a picture that can be used: "
            "save it as JPEG, PNG, WebP, AVIF or a still GIF."
        )
    raise ImageRefused(message)


def _sniffed_type(data: bytes) -> str:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _iso_media_type(data)
    start = data[:4096]
    # A drawing may begin with a byte order mark, a comment or a document type, or be UTF-16.
    if start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return "SVG" if b"<svg" in start.replace(b"\0", b"").lower() else ""
    return ""


def _iso_media_type(data: bytes) -> str:
    """AVIF, HEIC and videos share one container; the brands in its first box tell them apart."""
    end = min(int.from_bytes(data[:4], "big"), 512)
    brands = {data[start : start + 4] for start in (8, *range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & _HEIF_BRANDS else "MP4"


def _refuse_by_header(image: ImageFile, data: bytes) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels()
    # Only the accepted types with several frames know the attribute. A multi-picture JPEG (phones
    # append previews and gain maps) counts as still: its decoder reads the first picture.
    if getattr(image, "is_animated", False):
        raise ImageRefused(gettext("Animated pictures cannot be used: save one frame of it."))
    # Inside compressed data 0xFF is always escaped, so these two bytes are markers of a scan.
    if image.format == "JPEG" and data.count(_JPEG_SCAN) > MAX_JPEG_SCANS:
        raise ImageRefused(gettext("The JPEG file is built in an unusual way: save it again."))


def _too_many_pixels() -> ImageRefused:
    return ImageRefused(
        gettext(
            "The picture has more than %(limit)d megapixels: "
            "save it with a smaller width and height."
        )
        % {"limit": MAX_PIXELS // 1_000_000}
    )


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Turn whatever a decoder raises into a refusal.

    Pillow answers bad bytes with a dozen types of exception (SyntaxError, struct.error, EOFError,
    even MemoryError), and with warnings where these are errors; so the net is wide on purpose.
    """
    try:
        yield
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise ImageRefused(
            gettext("The picture is damaged or incomplete: export or download it again.")
        ) from error


# From the upload to clean pixels


def _decoded(image: ImageFile) -> Image.Image:
    """Upright sRGB pixels, RGB or RGBA, no side above MAX_SIDE, without any metadata."""
    size = _capped(image.size)
    # JPEG can decode at half or a quarter of its size: less memory and time for large pictures.
    image.draft(None, size)
    image.load()
    # PNG may carry both after the pixels, so neither is known before `load`.
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    picture = _plain(image)
    # Shrinking first makes turning and colour conversion cheap.
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    picture = _srgb(_upright(picture, orientation), profile)
    picture.info = {}
    return picture


def _capped(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    scale = min(1, MAX_SIDE / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _orientation(image: ImageFile) -> int:
    """The EXIF orientation, 1 to 8; 1 where there is none or the EXIF block is broken."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        # A picture with unreadable camera data is still a picture.
        return 1
    return value if isinstance(value, int) else 1


def _plain(image: Image.Image) -> Image.Image:
    """The same pixels in mode L, LA, RGB, RGBA or CMYK."""
    if image.mode in _SIXTEEN_BIT_MODES:
        # Pillow's own conversion cuts everything above 255 to white instead of scaling.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in _GREY_MODES else "RGBA")
    if image.mode in _GREY_MODES:
        return image.convert("L")
    return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")


def _upright(picture: Image.Image, orientation: int) -> Image.Image:
    if orientation == 1:
        return picture
    # Given the orientation alone, `exif_transpose` cannot stumble over the rest of a camera's data.
    picture = picture.copy()
    picture.info = {}
    exif = picture.getexif()
    exif.clear()
    exif[ExifTags.Base.Orientation] = orientation
    return ImageOps.exif_transpose(picture)


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert L, LA, RGB, RGBA or CMYK to RGB, or to RGBA where something is transparent."""
    if picture.mode not in ("LA", "RGBA"):
        return _srgb_colours(picture, profile)
    alpha = picture.getchannel("A")
    colours = _srgb_colours(picture.convert(picture.mode.removesuffix("A")), profile)
    if alpha.getextrema()[0] < 255:
        colours.putalpha(alpha)
    return colours


def _srgb_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return picture.convert("RGB")
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken profile, or one for another number of channels: browsers ignore it too.
        return picture.convert("RGB")


# From clean pixels to files


def _opaque(picture: Image.Image, upload: bytes) -> ProcessedImage:
    """Files of an opaque picture, all made from the master, so that a master reproduces them."""
    master = _encoded(picture, "jpeg", **_MASTER_JPEG)
    if _is_master(upload, master):
        master = upload
    source = _jpeg_pixels(master)
    # The master takes the place of the last rendition, the JPEG of the same size.
    files = (*_renditions(source)[:-1], _rendition_file("jpeg", source.size, master))
    return ProcessedImage(*source.size, files)


def _with_transparency(picture: Image.Image) -> ProcessedImage:
    master = _rendition_file("png", picture.size, _encoded(picture, "png"))
    return ProcessedImage(*picture.size, (*_renditions(picture), master))


def _renditions(source: Image.Image) -> list[RenditionFile]:
    """AVIF, WebP and JPEG for each offered width up to the source's own, which comes last."""
    files = []
    for width in sorted({*(width for width in WIDTHS if width < source.width), source.width}):
        height = max(1, round(source.height * width / source.width))
        picture = source.resize((width, height), Image.Resampling.LANCZOS)
        for encoder in ("avif", "webp", "jpeg"):
            files.append(_rendition_file(encoder, picture.size, _encoded(picture, encoder)))
    return files


def _rendition_file(encoder: str, size: tuple[int, int], data: bytes) -> RenditionFile:
    return RenditionFile(f"-{size[0]}.{_EXTENSIONS[encoder]}", encoder, *size, data)


def _encoded(picture: Image.Image, encoder: str, **changes: object) -> bytes:
    pillow_format, options = _ENCODERS[encoder]
    if encoder == "jpeg" and picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    output = io.BytesIO()
    picture.save(output, pillow_format, **(options | changes))
    return output.getvalue()


def _jpeg_pixels(data: bytes) -> Image.Image:
    with JpegImageFile(io.BytesIO(data)) as image:
        image.load()
        picture = image.convert("RGB")
    picture.info = {}
    return picture


def _is_master(upload: bytes, encoded: bytes) -> bool:
    """Whether an upload is a master this module once wrote: encoding it again would only harm it.

    `encoded` is the upload's picture as a new master. Ours begin alike for all pictures of one
    size: no metadata, the same tables and sampling. What follows is one scan, which a decoder reads
    bit by bit until the last point is known; it ignores all that is left before the end. So bytes
    that do not belong to the picture betray themselves: changing the last ones changes nothing.
    """
    head = encoded[: _scan_start(encoded)]
    if not upload.startswith(head) or not upload.endswith(_JPEG_END):
        return False
    picture = _jpeg_pixels(upload)
    # One change may by chance lie in the padding of a picture's last block, hardly all of them.
    return any(
        _is_other_picture(upload[:-4] + tail + _JPEG_END, picture)
        for tail in (b"\x55\x55", b"\x2a\x2a", b"\0\0", b"\xaa\xaa")
        if tail != upload[-4:-2]
    )


def _is_other_picture(data: bytes, picture: Image.Image) -> bool:
    try:
        return _jpeg_pixels(data) != picture
    except OSError:
        return True


def _scan_start(jpeg: bytes) -> int:
    """Position of the compressed data, after the header of the first scan."""
    header = jpeg.index(_JPEG_SCAN)
    return header + 2 + int.from_bytes(jpeg[header + 2 : header + 4], "big")


# Words in a file

# ITU-T T.81, table B.1: tables, frames and restart intervals describe the picture. Of the
# applications' own segments only two do: the shortest JFIF header and Adobe's colour transform.
_JPEG_TABLES = {0xC4, 0xDB, 0xDD} | (set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC})
_JPEG_HEADERS = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
# In compressed data 0xFF is followed by zero, by the number of a restart, or by more of itself.
_JPEG_NEXT_MARKER = re.compile(rb"\xff[^\0\xd0-\xd7\xff]")
# PNG specification, chunks that tell a decoder how to draw; the others are text, time or profiles.
_PNG_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT"}
_PNG_CHUNKS |= {b"pHYs", b"bKGD"}


def _is_bare_jpeg(data: bytes) -> bool:
    position = 2
    while data[position : position + 2] != _JPEG_END:
        start, marker = data[position : position + 1], data[position + 1 : position + 2]
        size = int.from_bytes(data[position + 2 : position + 4], "big")
        if start != b"\xff" or not marker or size < 2:
            return False
        if marker != _JPEG_SCAN[1:] and not _describes_picture(
            marker[0], size, data[position : position + 9]
        ):
            return False
        position += 2 + size
        if marker == _JPEG_SCAN[1:]:
            found = _JPEG_NEXT_MARKER.search(data, position)
            if found is None:
                return False
            position = found.start()
    return position + 2 == len(data)


def _describes_picture(marker: int, size: int, segment: bytes) -> bool:
    if marker in _JPEG_HEADERS:
        name, length = _JPEG_HEADERS[marker]
        return size == length and segment[4:].startswith(name)
    return marker in _JPEG_TABLES


def _is_bare_png(data: bytes) -> bool:
    position, kind = 8, b""
    while kind != b"IEND":
        size = int.from_bytes(data[position : position + 4], "big")
        kind = data[position + 4 : position + 8]
        if kind not in _PNG_CHUNKS:
            return False
        position += 12 + size
    return position == len(data)
