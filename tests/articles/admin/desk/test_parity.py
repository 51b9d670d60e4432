"""What stands on the screen is what saving stores: preview and checks speak of the same text."""

import itertools

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import services
from articles.admin.desk.conflicts import form_data
from articles.admin.desk.draft import Draft
from articles.building import build_document
from articles.models import ArticleTranslation, Callout, Figure, ProductMention, Statement
from tests.factories import (
    make_claim,
    make_image,
    make_product,
    make_reference,
    make_term,
)

pytestmark = pytest.mark.django_db

BODY = (
    "Evening light affects sleep [@smith2020].\n\n## Why {#why}\n\nCells tell the brain.\n\n"
    "[[figure:pathway]]\n\n[[callouts]]\n\n- one\n- two\n\n[[product]]\n\n"
    "[[tip|Try this]]\n\nA {claim:C1} and a [[term:calcidiol|calcidiol]].\n\n[[/tip]]\n\n"
    "Last.[^1]\n\n[^1]: A note.\n"
)


@pytest.fixture
def full_text(pair):
    text = pair["en"]
    article = text.article
    make_term()
    for key in ("pathway", "second"):
        make_image(article=article, key=key)
    image = article.images.get(key="pathway")
    Figure.objects.create(translation=text, key="pathway", image=image, alt="Steps.", caption="C")
    for place, key in enumerate(("sleep", "legs")):
        Callout.objects.create(
            translation=text, key=key, icon="sleep", label=key, text="T", position=place
        )
    reference = make_reference(article=article)
    for key in ("C1", "C2"):
        claim = make_claim(article=article, key=key, references=[reference])
        Statement.objects.create(translation=text, claim=claim, text="S", basis="B")
    ProductMention.objects.create(translation=text, product=make_product(), text="M")
    make_product(key="other")
    text.body = BODY
    text.save()
    services.save_revision(text)
    return text


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def shown(text) -> QueryDict:
    return form_data(build_document(fresh(text)), fresh(text))


def save(text, data: QueryDict, user) -> None:
    """Save what ``data`` says; before and after, the document is the same."""
    draft = Draft(fresh(text), data, user=user)
    assert draft.is_valid(), [part.errors for part in draft.parts]
    before = draft.document()
    draft.save()
    after = build_document(fresh(text))
    assert after == before
    assert after.content_hash == before.content_hash
    assert after.content_hash == text.revisions.order_by("-number").first().content_hash
    assert (after.body, after.hidden_mention) == (before.body, before.hidden_mention)


def change_words(data, text):
    for name in ("title", "standfirst", "edition_note", "seo_title"):
        data[name] = f"New {name}"
    data["seal"] = "N"
    data["figures-0-caption"] = "New caption\r\nof two lines"
    data["figures-0-alt"] = " New alt "
    data["callouts-1-text"] = "New card"
    data["statements-0-text"] = "New statement"
    data["mention-text"] = "New mention"


def reorder(data, text):
    data["callouts-0-ORDER"], data["callouts-1-ORDER"] = "2", "1"


def remove_all(data, text):
    data["figures-0-DELETE"] = data["callouts-0-DELETE"] = "on"
    data["statements-0-text"] = data["statements-0-basis"] = ""
    data["mention-product"] = data["mention-text"] = ""


def add_rows(data, text):
    data["figures-1-key"] = "second"
    data["figures-1-image"] = str(text.article.images.get(key="second").pk)
    data["figures-1-narrow_image"] = str(text.article.images.get(key="pathway").pk)
    data["figures-1-alt"] = "Alt"
    data["figures-1-caption"] = "Caption"
    data["callouts-2-key"], data["callouts-2-icon"] = "eyes", "sleep"
    data["callouts-2-label"], data["callouts-2-text"] = "Eyes", "Dry"


def swap_keys(data, text):
    data["callouts-0-key"], data["callouts-1-key"] = "legs", "sleep"


def rename_figure(data, text):
    data["figures-0-key"] = "renamed"


def other_product(data, text):
    product = ProductMention._meta.get_field("product").related_model.objects.get(key="other")
    data["mention-product"] = str(product.pk)


def move_passages(data, text):
    body, units = data.getlist("body"), data.getlist("body-unit")
    data.setlist("body", [*body[3:], *body[:3]])
    data.setlist("body-unit", [*units[3:], *units[:3]])


def move_between_fields(data, text):
    body = data.getlist("body")
    data.setlist("body", ["", *body[1:], body[0]])


def split_and_join(data, text):
    body = data.getlist("body")
    data.setlist("body", [f"{body[0]}\n\nA new one.\n\n{body[2]}", body[1], "", *body[3:]])


def one_field(data, text):
    data.setlist("body", ["\n\n".join(data.getlist("body")) + "\n\nMore."])
    data.setlist("body-unit", [])


def empty_body(data, text):
    data.setlist("body", [""])
    data.setlist("body-unit", [""])


EDITS = (
    *(change_words, reorder, remove_all, add_rows, swap_keys, rename_figure, other_product),
    *(move_passages, move_between_fields, split_and_join, one_field, empty_body),
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("shows_products", [True, False])
def test_an_unsaved_text_is_the_one_that_saving_makes(full_text, user_of, edit, shows_products):
    full_text.article.shows_products = shows_products
    full_text.article.save()
    services.save_revision(fresh(full_text), is_text=False)
    data = shown(full_text)
    edit(data, full_text)
    save(full_text, data, user_of("managing"))


def test_one_edit_after_the_other_keeps_screen_and_store_together(full_text, user_of):
    for edit in (change_words, move_passages, split_and_join, one_field, reorder):
        data = shown(full_text)
        edit(data, full_text)
        save(full_text, data, user_of("managing"))


def test_a_source_that_changed_meanwhile_changes_neither(full_text, pair, user_of):
    source = pair["zh-hans"]
    source.body = "新的第一段。\n\n## 为什么 {#why}\n\n中间一段。\n\n最后一段。\n"
    source.save()
    services.save_revision(source)
    data = shown(full_text)
    split_and_join(data, full_text)
    save(full_text, data, user_of("managing"))


WORDS = st.text(alphabet="ab #-\n>|[]:{}镁。*^", max_size=20)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=25,
    deadline=None,
)
@given(
    pieces=st.lists(st.tuples(st.integers(-1, 11), st.integers(0, 12), WORDS), max_size=6),
    keeps_rest=st.booleans(),
)
def test_any_mixture_of_pieces_is_one_text_before_and_after(full_text, user_of, pieces, keeps_rest):
    """Pieces typed anew, moved to another field or continued, in any order."""
    data = shown(full_text)
    body, units = data.getlist("body"), data.getlist("body-unit")
    typed = [
        (
            units[unit % len(units)] if unit >= 0 and units else "",
            f"{body[old]}{words}" if old < len(body) else words,
        )
        for unit, old, words in pieces
    ]
    rest = list(zip(units, body, strict=True)) if keeps_rest else []
    together = [*itertools.chain(typed, rest)]
    data.setlist("body-unit", [unit for unit, _text in together])
    data.setlist("body", [words for _unit, words in together] or [""])
    save(full_text, data, user_of("managing"))
