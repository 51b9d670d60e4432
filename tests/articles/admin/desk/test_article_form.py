"""The article's own form: what has no language."""

import pytest
from django.urls import reverse

from articles import services
from articles.document import NUTRIENTS
from articles.labels import NUTRIENTS as NUTRIENT_LABELS
from articles.models import Article, Claim
from tests.articles.admin.conftest import confirmed
from tests.articles.admin.desk.forms import get
from tests.factories import (
    make_article,
    make_claim,
    make_publication,
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


def test_the_kind_of_a_published_article_stays(client_of):
    """It is part of the public address."""
    article = make_article()
    page = get(client_of("writer"), change(article))
    assert page.fields(FORM)["kind"] == ["article"]
    make_publication(translation=make_translation(article=article))
    page = get(client_of("writer"), change(article))
    assert "kind" not in page.fields(FORM)
    assert page.send(FORM, kind="page").status == 302
    article.refresh_from_db()
    assert article.kind == "article"


def test_the_source_of_a_pair_stays(client_of):
    """What the other text was made from would be forgotten."""
    article = make_article(source_language="zh-hans")
    make_translation(article=article)
    assert "source_language" in get(client_of("writer"), change(article)).fields(FORM)
    make_translation(article=article, language="en")
    assert get(client_of("writer"), change(article)).send(FORM, source_language="en").status == 302
    article.refresh_from_db()
    assert article.source_language == "zh-hans"


def test_deleting_references_from_their_list_is_kept_in_every_text(client_of):
    article = make_article()
    text = make_translation(article=article)
    rows = [make_reference(article=article, key=key) for key in ("a2020", "b2021")]
    services.save_revision(text)
    path = reverse("admin:articles_reference_changelist")
    assert client_of("managing").post(path, confirmed(*rows)).status_code == 302
    assert not article.references.exists()
    newest = text.revisions.latest("number")
    assert newest.number == 2
    assert newest.as_document().references == ()


def test_a_reference_stays_with_its_article(client_of):
    reference = make_reference(article=make_article())
    path = reverse("admin:articles_reference_change", args=[reference.pk])
    page = get(client_of("managing"), path)
    assert page.send("form#reference_form", article=str(make_article().pk)).status == 302
    before = reference.article_id
    reference.refresh_from_db()
    assert reference.article_id == before
