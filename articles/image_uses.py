"""Which texts show an image: as working text, or frozen in a publication.

Figures are rows. A publication is frozen as JSON in which an image has a key but no row, so the
database is asked to look for that key among the publication's figures; no document is loaded.
The number of queries does not depend on the number of images.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Concat

from articles.models import ArticleTranslation, Figure, Image, Publication

CHUNK = 50
"""Shared images looked for in one query; SQLite joins 500 queries at most."""


@dataclass
class TextUse:
    """How one text shows an image. ``figures`` are keys, ``publications`` numbers, in order."""

    translation: ArticleTranslation
    figures: list[str] = field(default_factory=list)
    narrow_figures: list[str] = field(default_factory=list)
    is_lead: bool = False
    publications: list[int] = field(default_factory=list)

    @property
    def is_working(self) -> bool:
        """Whether the text shows it now; else only what was published of it does."""
        return bool(self.figures or self.narrow_figures)


def uses_of(images: Iterable[Image]) -> dict[int, list[TextUse]]:
    """The texts that show each image, by the image's id; texts in order of article and language.

    Four queries at most for up to fifty images, and one more for each fifty shared ones.
    """
    rows = {image.pk: image for image in images}
    figures = list(_figures(rows))
    publications = list(_publications(rows.values()))
    texts = ArticleTranslation.objects.select_related("article").in_bulk(
        {figure.translation_id for _pk, figure, _is_narrow in figures}
        | {translation for _pk, translation, _number in publications}
    )
    found: dict[int, dict[int, TextUse]] = {pk: {} for pk in rows}
    for pk, figure, is_narrow in figures:
        text = texts[figure.translation_id]
        use = found[pk].setdefault(text.pk, TextUse(text))
        (use.narrow_figures if is_narrow else use.figures).append(figure.key)
        use.is_lead |= figure.key == text.article.lead_figure_key
    for pk, translation, number in publications:
        use = found[pk].setdefault(translation, TextUse(texts[translation]))
        use.publications.append(number)
    return {pk: sorted(uses.values(), key=_place) for pk, uses in found.items()}


def used_images(images: QuerySet[Image]) -> QuerySet[Image]:
    """The images with ``is_used``: whether any text or publication shows them."""
    shows = Figure.objects.filter(Q(image=OuterRef("pk")) | Q(narrow_image=OuterRef("pk")))
    of_article = Publication.objects.filter(translation__article=OuterRef("article"))
    of_others = _without_own(Publication.objects.all(), OuterRef(OuterRef("key")))
    return images.annotate(
        is_used=Exists(shows)
        | Exists(_showing(of_article, OuterRef("key")))
        | Q(Q(article=None), Exists(_showing(of_others, OuterRef("key"))))
    )


def _figures(rows: dict[int, Image]) -> Iterator[tuple[int, Figure, bool]]:
    """Image, figure, whether it is the figure's narrow layout."""
    shown = Q(image__in=rows) | Q(narrow_image__in=rows)
    for figure in Figure.objects.filter(shown).order_by("position", "pk"):
        if figure.image_id in rows:
            yield figure.image_id, figure, False
        if figure.narrow_image_id in rows:
            yield figure.narrow_image_id, figure, True


def _publications(images: Iterable[Image]) -> Iterator[tuple[int, int, int]]:
    """Image, text, number of a publication of that text that is frozen with the image.

    An article's own image is looked for among that article's publications. A shared one may be
    anywhere but where an own image has the same key: that one comes first when texts are restored.
    """
    own = [image.pk for image in images if image.article_id is not None]
    shared = [image for image in images if image.article_id is None]
    if own:
        of_own = Publication.objects.annotate(
            shown_image=F("translation__article__images__pk"),
            shown_key=F("translation__article__images__key"),
        )
        yield from _places(_showing(of_own.filter(shown_image__in=own), F("shown_key")))
    for start in range(0, len(shared), CHUNK):
        first, *rest = (
            _places(_showing(_of_others(image), Value(image.key)))
            for image in shared[start : start + CHUNK]
        )
        yield from sorted(first.order_by().union(*(query.order_by() for query in rest), all=True))


def _places(publications: QuerySet[Publication]) -> QuerySet:
    return publications.order_by("translation_id", "number").values_list(
        "shown_image", "translation_id", "number"
    )


def _of_others(image: Image) -> QuerySet[Publication]:
    publications = Publication.objects.annotate(shown_image=Value(image.pk))
    return _without_own(publications, Value(image.key))


def _without_own(publications: QuerySet[Publication], key: Expression) -> QuerySet[Publication]:
    """Those of articles that have no image of their own with this key."""
    own = Image.objects.filter(article=OuterRef("translation__article"), key=key)
    return publications.filter(~Exists(own))


def _showing(publications: QuerySet[Publication], key: Expression) -> QuerySet[Publication]:
    """Those whose frozen figures hold an image with this key.

    SQLite prints JSON without spaces, PostgreSQL with; both print the key first of what an image
    holds (a document's own order, and the shortest name). Keys need no escaping.
    """
    return publications.annotate(frozen=KeyTextTransform("figures", "revision__document")).filter(
        Q(frozen__contains=Concat(Value('image":{"key":"'), key, Value('"')))
        | Q(frozen__contains=Concat(Value('image": {"key": "'), key, Value('"')))
    )


def _place(use: TextUse) -> tuple[str, str]:
    return use.translation.article.slug, use.translation.language
