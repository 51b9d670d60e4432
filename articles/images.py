"""Store pictures: the public sizes under content-hashed names, what to export in private.

Nothing that a camera wrote about a photograph is kept: where it was taken, when and by whom. An
upload that says nothing of the kind is kept as it came; of any other, the cleaned master is.

No file is ever deleted when an image is replaced or deleted: publications are frozen with the names
of their files, and readers of an earlier publication still see its pictures.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from articles.models import Image
from healthsite import imaging, svg

IMAGES = "images"
PORTRAITS = "portraits"

EXTENSIONS = ("svg", "jpg", "jpeg", "png", "webp", "avif", "gif")
"""How the name of an upload may end. Only SVG is told by its name, the others by their content."""

MAX_NAME = 80
"""Characters kept of a name that an editor gave."""


@dataclass(frozen=True)
class StoredImage:
    """What a row keeps of a picture: sizes in CSS pixels, paths below the media folder."""

    file: str
    original: str
    width: int
    height: int
    renditions: list[dict[str, Any]]
    svg: str = ""


def store_image(key: str, name: str, data: bytes, folder: str = IMAGES) -> StoredImage:
    """Process and store an upload. ``name`` tells drawings from photographs.

    Raises ImageRefused with one sentence for the editor.
    """
    original = original_name(name, data)
    kept = data
    if name.lower().endswith(".svg"):
        stored = _store_drawing(key, data, folder)
    else:
        processed = imaging.process_raster(data)
        stored = _store_photograph(key, processed, folder)
        if not imaging.is_bare(data):
            kept = processed.master.data
            extension = processed.master.name_suffix.rpartition(".")[2]
            original = f"{_stem(original)}.{extension}"
    _write(originals(), original, kept)
    return StoredImage(original=original, **stored)


def columns_of(stored: StoredImage) -> dict[str, Any]:
    """The columns of an ``Image`` that follow from its upload."""
    return dict(vars(stored))


def is_same_upload(image: Image | None, name: str, data: bytes) -> bool:
    """Whether this picture is stored already (a bundle imported again)."""
    return image is not None and _is_stored(image.file, image.original, name, data)


def store_portrait(slug: str, name: str, data: bytes) -> dict[str, Any]:
    """Store an author's portrait; what the author's row keeps of it."""
    stored = store_image(slug, name, data, PORTRAITS)
    return {
        "source_name": name,
        "original": stored.original,
        "file": stored.file,
        "width": stored.width,
        "height": stored.height,
        "renditions": stored.renditions,
    }


def is_same_portrait(portrait: dict[str, Any] | None, name: str, data: bytes) -> bool:
    return (
        bool(portrait)
        and portrait.get("source_name") == name
        and _is_stored(portrait.get("file", ""), portrait.get("original", ""), name, data)
    )


def _is_stored(file: str, original: str, name: str, data: bytes) -> bool:
    return (
        _is_kept_as(original, original_name(name, data))
        and bool(file)
        and default_storage.exists(file)
        and originals().exists(original)
    )


def _is_kept_as(original: str, name: str) -> bool:
    """Whether the name kept is that of an upload; cleaning may have changed how it ends."""
    is_drawing = name.endswith(".svg")
    return _stem(original) == _stem(name) and original.endswith(".svg") == is_drawing


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


# Originals


def originals() -> FileSystemStorage:
    """What is exported: uploads without metadata, masters of the others. Never served."""
    return FileSystemStorage(location=settings.DATA_DIR / "originals", base_url=None)


def original_name(name: str, data: bytes) -> str:
    """Where the original of these bytes is kept: readable, and safe whatever the upload's name.

    The hash is the upload's own, so that the same upload is known again, cleaned or not.
    """
    stem, _dot, extension = name.rpartition("/")[2].rpartition(".")
    digest = hashlib.sha256(data).hexdigest()[:16]
    return f"{_plain(stem)}-{digest}.{_plain(extension)}"


def _plain(words: str) -> str:
    """Words as a part of a file's name, whatever they were."""
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")[:MAX_NAME].strip("-") or "x"


def read_upload(original: str, file: str) -> tuple[str, bytes] | None:
    """The bytes to export and how their name ends: the original, or else what is public.

    Of what is public, the widest JPEG or the drawing gives the same files again when it is stored
    (see ``healthsite.imaging``). An original that still says where it was taken, kept before such
    words were removed, stays here: the public file goes instead. None when nothing is left.
    """
    for storage, name in ((originals(), original), (default_storage, file)):
        extension = name.rpartition(".")[2]
        data = _read(storage, name) if name and extension in EXTENSIONS else None
        if data is None:
            continue
        if extension == "svg" or imaging.is_bare(data):
            return extension, data
    return None


def _read(storage: Storage, name: str) -> bytes | None:
    try:
        if not storage.exists(name):
            return None
        with storage.open(name) as opened:
            return opened.read()
    except (OSError, SuspiciousFileOperation):
        return None


def bundle_name(key: str, upload_name: str) -> str:
    """The file's place in an exported bundle: named by the image's key."""
    extension = upload_name.rpartition(".")[2].lower()
    return f"figures/{_plain(key)}.{extension if extension in EXTENSIONS else 'jpg'}"


# Storing


def _store_drawing(key: str, data: bytes, folder: str) -> dict[str, Any]:
    drawing = svg.sanitise_svg(data)
    width, height = svg.svg_size(drawing)
    encoded = drawing.encode()
    path = f"{folder}/{imaging.content_name(key, encoded, 'svg', None)}"
    _write(default_storage, path, encoded)
    return {
        "file": path,
        "width": max(1, round(width)),
        "height": max(1, round(height)),
        "renditions": [],
        "svg": drawing,
    }


def _store_photograph(key: str, processed: imaging.ProcessedImage, folder: str) -> dict[str, Any]:
    renditions = []
    for file in processed.files:
        extension = file.name_suffix.rpartition(".")[2]
        name = imaging.content_name(key, file.data, extension, file.width)
        path = f"{folder}/{name}"
        _write(default_storage, path, file.data)
        renditions.append(
            {"path": path, "format": file.format, "width": file.width, "height": file.height}
        )
    return {
        "file": renditions[-1]["path"],
        "width": processed.width,
        "height": processed.height,
        "renditions": renditions,
        "svg": "",
    }


def _write(storage: Storage, name: str, data: bytes) -> None:
    """Names carry the content's hash, so a file that exists is the same file, if it is whole."""
    if storage.exists(name):
        if storage.size(name) == len(data):
            return
        storage.delete(name)
    written = storage.save(name, ContentFile(data))
    if written != name:
        # Another process stored the same picture meanwhile.
        storage.delete(written)
