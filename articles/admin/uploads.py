"""Takes pictures that editors upload: what is accepted, and which row of the library it becomes.

Every way in ends here: the image's own page, many files dropped on the library, and a figure's form
on the desk of a translation. Whatever is wrong with a file is one sentence (ImageRefused).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from articles import audit, images
from articles.images import StoredImage
from articles.models import Article, Image
from healthsite import imaging, svg
from healthsite.constraints import validate_key
from healthsite.imaging import ImageRefused

MAX_KEY = 60
"""Characters of a key that is made of a file's name; longer ones are hard to type in a body."""

FALLBACK_KEY = "picture"
"""Key of a file whose name holds no letter of ours, such as 图1.png."""


def store_upload(
    article: Article | None,
    key: str,
    uploaded_file: UploadedFile,
    *,
    credit: str = "",
    licence: str = "",
    user: AbstractBaseUser | None,
) -> Image:
    """Store a picture under its key: a new image of this article, or a new file for the old one.

    ``article`` None makes it a shared image. An image that exists keeps its key, its references and
    its focal point; its credit and licence too unless others are given. Readers see a replaced file
    when a text that shows it is published again.

    Raises ImageRefused with one sentence for the editor; nothing has changed then. Who may call
    this is ``access.can_add_image``.
    """
    _refuse_key(key)
    stored = process_upload(key, uploaded_file)
    with transaction.atomic():
        image = Image.objects.select_for_update().filter(article=article, key=key).first()
        is_new = image is None
        image = image or Image(article=article, key=key)
        fill(image, stored)
        image.credit, image.licence = credit or image.credit, licence or image.licence
        _save(image)
        act = audit.Act.CREATED if is_new else audit.Act.CHANGED
        audit.record(act, image, user=user, file=image.file)
    return image


@dataclass(frozen=True)
class Outcome:
    """What became of one file of many: an image, or one sentence about what is wrong with it."""

    name: str
    image: Image | None = None
    problem: str = ""


def add_upload(
    article: Article | None,
    uploaded_file: UploadedFile,
    *,
    credit: str = "",
    licence: str = "",
    user: AbstractBaseUser | None,
) -> Outcome:
    """Add a file to the library under a free key made of its name. Nothing is ever replaced."""
    name = uploaded_file.name or ""
    base = key_of_name(name)
    try:
        stored = process_upload(base, uploaded_file)
        for key in _keys_like(base):
            image = Image(article=article, key=key, credit=credit, licence=licence)
            fill(image, stored)
            if _is_added(image, user):
                return Outcome(name, image)
    except ImageRefused as error:
        return Outcome(name, problem=str(error))
    raise AssertionError  # numbers do not end


def _keys_like(base: str) -> Iterator[str]:
    return chain([base], (f"{base}-{number}" for number in count(2)))


def _is_added(image: Image, user: AbstractBaseUser | None) -> bool:
    """Add a new row, unless its key is taken or somebody takes it meanwhile."""
    if Image.objects.filter(article=image.article, key=image.key).exists():
        return False
    try:
        with transaction.atomic():
            _save(image)
            audit.record(audit.Act.CREATED, image, user=user, file=image.file)
    except IntegrityError:
        return False
    return True


def process_upload(key: str, uploaded_file: UploadedFile) -> StoredImage:
    """Check an upload and store its files. The row is not touched. Raises ImageRefused.

    Drawings are told from photographs by their content, so a wrong ending does no harm. A large
    photograph takes seconds, so the answer is kept with the upload: who asks before a transaction
    begins does not hold up everybody else who writes.
    """
    known = getattr(uploaded_file, "outcome", None)
    if known is None:
        try:
            known = _process(key, uploaded_file)
        except ImageRefused as error:
            known = error
        uploaded_file.outcome = known
    if isinstance(known, ImageRefused):
        raise known
    return known


def _process(key: str, uploaded_file: UploadedFile) -> StoredImage:
    imaging.refuse_wrong_length(uploaded_file.size or 0)
    uploaded_file.seek(0)
    data = uploaded_file.read()
    stem = (uploaded_file.name or "").rpartition(".")[0] or key
    if _is_drawing(uploaded_file.name or "", data):
        # What drawing programs note down (folders, names) goes, as with a photograph's metadata.
        return images.store_image(key, f"{stem}.svg", svg.sanitise_svg(data).encode())
    ending = "png" if data.startswith(b"\x89PNG") else "jpg"
    return images.store_image(key, f"{stem}.{ending}", data)


def fill(image: Image, stored: StoredImage) -> None:
    """Give a row, not yet saved, its new file. Key, references and focal point stay."""
    for column, value in images.columns_of(stored).items():
        setattr(image, column, value)
    ending = stored.original.rpartition(".")[2]
    image.source_name = images.bundle_name(image.key, f".{ending}")


def key_of_name(name: str) -> str:
    """A key made of a file's name: ``Sleep cycle (2).PNG`` → ``sleep-cycle-2``."""
    words = slugify((name.rpartition(".")[0] or name).replace("_", "-"))
    return words[:MAX_KEY].strip("-") or FALLBACK_KEY


def _is_drawing(name: str, data: bytes) -> bool:
    """SVG may begin with anything XML allows, so its name counts where nothing else does."""
    return imaging.is_drawing(data) or (
        name.lower().endswith(".svg") and not imaging.is_photograph(data)
    )


def _refuse_key(key: str) -> None:
    try:
        validate_key(key)
    except ValidationError as error:
        raise ImageRefused(" ".join(error.messages)) from error


def _save(image: Image) -> None:
    """Save a row that model validation accepts; what it refuses becomes one sentence."""
    try:
        image.full_clean()
    except ValidationError as error:
        raise ImageRefused(error.messages[0]) from error
    image.save()
