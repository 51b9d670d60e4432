"""Where an image is shown: in working texts, and frozen in publications."""

import pytest

from articles import services
from articles.image_uses import used_images, uses_of
from articles.models import Figure, Image
from tests.factories import make_article, make_image, make_translation

pytestmark = pytest.mark.django_db

BODY = "晚上的光线会影响睡眠。\n\n[[figure:night]]\n"


def shown(image: Image, *, language: str = "zh-hans", article=None, **fields) -> Figure:
    """A figure with this image in a text that can be published."""
    text = make_translation(
        article=article or image.article or make_article(), language=language, body=BODY
    )
    values = {"alt": "夜里的一盏灯。", "caption": "晚上的光。", **fields}
    return Figure.objects.create(translation=text, key="night", image=image, **values)


def is_used(image: Image) -> bool:
    return used_images(Image.objects.all()).get(pk=image.pk).is_used


def test_an_image_that_no_text_shows_is_unused():
    image = make_image(article=make_article())
    assert uses_of([image]) == {image.pk: []}
    assert not is_used(image)


def test_figures_and_narrow_layouts_are_uses():
    article = make_article(lead_figure_key="night")
    image, narrow = make_image(article=article, key="wide"), make_image(article=article, key="tall")
    figure = shown(image, narrow_image=narrow)
    found = uses_of([image, narrow])
    [use], [narrow_use] = found[image.pk], found[narrow.pk]
    assert (use.figures, use.narrow_figures, use.publications) == (["night"], [], [])
    assert (narrow_use.figures, narrow_use.narrow_figures) == ([], ["night"])
    assert use.is_lead
    assert use.is_working
    assert use.translation == figure.translation
    assert is_used(image)
    assert is_used(narrow)


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize("place", ["image", "narrow_image"])
def test_a_publication_still_shows_what_the_text_has_dropped(is_shared: bool, place: str):
    article = make_article()
    image = make_image(article=None if is_shared else article, key="old")
    other = make_image(article=article, key="new")
    figure = shown(image if place == "image" else other, article=article, narrow_image=image)
    services.publish(figure.translation, change="first")
    figure.image, figure.narrow_image = other, None
    figure.save()
    services.publish(figure.translation, change="clarification")
    [use] = uses_of([image])[image.pk]
    assert use.publications == [1]
    assert not use.is_working
    assert is_used(image)


def test_a_figure_that_is_named_like_an_image_does_not_use_it():
    article = make_article()
    image, other = make_image(article=article, key="night"), make_image(article=article, key="lamp")
    services.publish(shown(other).translation, change="first")
    assert uses_of([image])[image.pk] == []
    assert not is_used(image)
    assert is_used(other)


def test_an_own_image_hides_a_shared_one_with_its_key():
    article = make_article()
    own, shared = make_image(article=article, key="lamp"), make_image(key="lamp")
    services.publish(shown(own).translation, change="first")
    assert len(uses_of([own, shared])[own.pk]) == 1
    assert uses_of([shared])[shared.pk] == []
    assert not is_used(shared)


def test_an_image_of_another_article_with_the_same_key_is_another_image():
    image, other = (make_image(article=make_article(), key="lamp") for _ in range(2))
    services.publish(shown(image).translation, change="first")
    assert uses_of([image, other])[other.pk] == []
    assert not is_used(other)


def test_many_images_cost_as_many_queries_as_one(django_assert_max_num_queries):
    images = []
    for number in range(6):
        article = make_article()
        for language in ("zh-hans", "en"):
            image = make_image(
                article=article if number % 2 else None, key=f"lamp-{number}-{language}"
            )
            figure = shown(image, article=article, language=language)
            if language == "zh-hans":
                services.publish(figure.translation, change="first")
            images.append(image)
    with django_assert_max_num_queries(4):
        found = uses_of(images)
    assert all(len(uses) == 1 for uses in found.values())
    assert sum(bool(uses[0].publications) for uses in found.values()) == 6
