"""Store pictures: the public sizes under content-hashed names, the original in private."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from articles.models import Image
from healthsite import imaging, svg

IMAGES = "images"
PORTRAITS = "portraits"


@dataclass(frozen=True)
class StoredImage:
    """What a row keeps of a picture: sizes in CSS pixels, paths below the media folder."""

    file: str
    original: str
    width: int
    height: int
    renditions: list[dict[str, Any]]
    svg: str = ""


def originals() -> FileSystemStorage:
    """Uploads as they came. Never served: they may hold a place or a face in their metadata."""
    return FileSystemStorage(location=settings.DATA_DIR / "originals", base_url=None)


def original_name(name: str, data: bytes) -> str:
    """Where the original of these bytes is kept."""
    stem, _dot, extension = name.rpartition("/")[2].rpartition(".")
    return imaging.content_name(imaging_key(stem), data, extension.lower(), None)


def imaging_key(stem: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in stem.lower()).strip("-") or "x"


def store_image(key: str, name: str, data: bytes, folder: str = IMAGES) -> StoredImage:
    """Process and store an upload. ``name`` tells drawings from photographs.

    Raises ImageRefused with one sentence for the editor.
    """
    if name.lower().endswith(".svg"):
        stored = _store_drawing(key, data, folder)
    else:
        stored = _store_photograph(key, data, folder)
    kept = original_name(name, data)
    _write(originals(), kept, data)
    return StoredImage(**{**stored, "original": kept})


def is_same_upload(image: Image | None, name: str, data: bytes) -> bool:
    """Whether this picture is stored already (a bundle imported again)."""
    return (
        image is not None
        and image.source_name == name
        and image.original == original_name(name, data)
        and default_storage.exists(image.file)
    )


def _store_drawing(key: str, data: bytes, folder: str) -> dict[str, Any]:
    drawing = svg.sanitise_svg(data)
    width, height = svg.svg_size(drawing)
    encoded = drawing.encode()
    path = f"{folder}/{imaging.content_name(key, encoded, 'svg', None)}"
    _write(default_storage, path, encoded)
    return {
        "file": path,
        "original": "",
        "width": max(1, round(width)),
        "height": max(1, round(height)),
        "renditions": [],
        "svg": drawing,
    }


def _store_photograph(key: str, data: bytes, folder: str) -> dict[str, Any]:
    processed = imaging.process_raster(data)
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
        "original": "",
        "width": processed.width,
        "height": processed.height,
        "renditions": renditions,
        "svg": "",
    }


def _write(storage, name: str, data: bytes) -> None:
    """Names carry the content's hash, so a file that exists is the same file."""
    if not storage.exists(name):
        storage.save(name, ContentFile(data))
