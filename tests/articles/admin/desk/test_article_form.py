"""The article's own form: what has no language."""

import pytest
from django.urls import reverse

from articles.document import NUTRIENTS
from articles.labels import NUTRIENTS as NUTRIENT_LABELS
from articles.models import Article, Claim
from tests.articles.admin.desk.forms import get
from tests.factories import (
    make_article,
    make_claim,
    make_reference,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

FORM = "form#article_form"


def change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def test_every_safety_tag_has_a_name():
    assert set(NUTRIENT_LABELS) == set(NUTRIENTS)


def test_saving_what_was_shown_changes_nothing(client_of):
    article = make_article(nutrients=["magnesium", "calcium"], topics=[make_topic()])
    claim = make_claim(article=article, references=[make_reference(article=article)])
    page = get(client_of("managing"), change(article))
    assert page.send(FORM).status == 302
    article.refresh_from_db()
    assert article.nutrients == ["magnesium", "calcium"]
    assert article.topics.count() == 1
    assert [reference.key for reference in claim.references.all()] == ["smith2020"]


def test_references_of_a_claim_are_typed_as_keys(client_of):
    article = make_article()
    for key in ("smith2020", "jones2021"):
        make_reference(article=article, key=key)
    make_reference(article=make_article(), key="elsewhere2019")
    claim = make_claim(article=article)
    page = get(client_of("writer"), change(article))
    refused = page.send(FORM, **{"claims-0-reference_keys": "smith2020, elsewhere2019"})
    assert refused.status == 200
    assert "elsewhere2019" in refused.text
    assert claim.references.count() == 0
    answer = page.send(FORM, **{"claims-0-reference_keys": "jones2021；smith2020 jones2021"})
    assert answer.status == 302
    assert {item.key for item in claim.references.all()} == {"smith2020", "jones2021"}


def test_a_new_claim_keeps_its_references(client_of):
    article = make_article()
    make_reference(article=article)
    page = get(client_of("writer"), change(article))
    answer = page.send(
        FORM,
        **{
            "claims-0-key": "C1",
            "claims-0-grade": "limited",
            "claims-0-reference_keys": "smith2020",
        },
    )
    assert answer.status == 302
    assert [item.key for item in Claim.objects.get(article=article).references.all()] == [
        "smith2020"
    ]


def test_a_save_over_somebody_elses_is_refused_and_shows_both(client_of):
    article = make_article(scene=1)
    page = get(client_of("managing"), change(article))
    other = get(client_of("managing", "second"), change(article))
    assert other.send(FORM, scene="4").status == 302
    answer = page.send(FORM, scene="2")
    assert answer.status == 409
    assert Article.objects.get(pk=article.pk).scene == 4
    (row,) = [row for row in answer.soup.select("tbody tr") if "4" in row.get_text()]
    assert "2" in row.get_text()


def test_a_row_of_the_form_counts_as_a_change(client_of):
    article = make_article()
    claim = make_claim(article=article)
    page = get(client_of("managing"), change(article))
    Claim.objects.filter(pk=claim.pk).update(grade="strong")
    assert page.send(FORM).status == 409


def test_a_new_reference_is_kept_in_every_text_and_bothers_no_open_desk(client_of):
    article = make_article()
    text = make_translation(article=article)
    version = text.version
    page = get(
        client_of("writer"), reverse("admin:articles_reference_add") + f"?article={article.pk}"
    )
    answer = page.send(
        "form#reference_form",
        key="smith2020",
        study_type="review",
        title="A title",
        doi="10.1234/example",
    )
    assert answer.status == 302
    assert answer.response.headers["Location"].startswith(change(article))
    text.refresh_from_db()
    assert text.revisions.count() == 1
    assert text.version == version
