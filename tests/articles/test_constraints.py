"""Every constraint of the articles' models is broken on purpose."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.forms import modelform_factory

from articles.document import NUTRIENTS
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    AuditEntry,
    Autosave,
    Callout,
    Claim,
    ContentVersion,
    Contribution,
    Figure,
    ForbiddenPhrase,
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    IndexNowNotice,
    Presence,
    PreviewLink,
    Product,
    ProductMention,
    ProductTranslation,
    Publication,
    Reference,
    ReviewRequest,
    ReviewSignature,
    Revision,
    SearchText,
    ShareCard,
    Statement,
    Topic,
    TopicTranslation,
)
from articles.models.content import RESERVED_SLUGS, validate_nutrients
from healthsite import languages
from tests import constraints as rows
from tests.accounts import make_user
from tests.factories import (
    make_article,
    make_author,
    make_claim,
    make_image,
    make_product,
    make_publication,
    make_reference,
    make_statement,
    make_translation,
)

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
KEYS = ("activation", "together")
NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
HASH = "0123456789abcdef" * 4


def _publication(n: int) -> dict:
    translation = make_translation()
    return {
        "translation": translation,
        "revision": rows.insert(Revision, _revision(n) | {"translation": translation}),
        "number": n + 1,
        "body_html": "<p>…</p>",
        "render_version": "1",
        "live_from": NOON,
        "first_live_from": NOON,
        "change": "evidence",
    }


def _revision(n: int) -> dict:
    return {
        "translation": make_translation(),
        "number": n + 1,
        "document": {},
        "content_hash": HASH,
    }


def _review(n: int) -> dict:
    """A text with a revision, as requests and signatures of reviewers name them."""
    revision = rows.insert(Revision, _revision(n))
    return {"translation": revision.translation, "revision": revision}


def _statement(n: int) -> dict:
    article = make_article()
    return {
        "translation": make_translation(article=article),
        "claim": make_claim(article=article),
        "text": "镁可能参与激活。",
    }


def _publication_without_words() -> Publication:
    """A publication that the search does not know."""
    publication = make_publication()
    SearchText.objects.all().delete()
    return publication


VALID = {
    Topic: lambda n: {"slug": KEYS[n]},
    TopicTranslation: lambda n: {
        "topic": Topic.objects.create(slug=f"topic-{n}"),
        "language": LANGUAGES[n],
        "name": "营养",
    },
    Article: lambda n: {"slug": KEYS[n]},
    ArticleSlug: lambda n: {"article": make_article(), "slug": KEYS[n]},
    Contribution: lambda n: {
        "article": make_article(),
        "author": make_author(),
        "role": ("author", "reviewer")[n],
    },
    ArticleTranslation: lambda n: {
        "article": make_article(),
        "language": LANGUAGES[n],
        "title": "维生素D3",
    },
    Figure: lambda n: {
        "translation": make_translation(),
        "key": KEYS[n],
        "image": make_image(article=make_article()),
    },
    Callout: lambda n: {
        "translation": make_translation(),
        "key": KEYS[n],
        "icon": "sleep",
        "label": "睡眠",
        "text": "睡不好。",
    },
    ProductMention: lambda n: {
        "translation": make_translation(),
        "product": make_product(key=f"product-{n}"),
        "text": "看标签。",
    },
    Statement: _statement,
    Reference: lambda n: {
        "article": make_article(),
        "key": KEYS[n],
        "study_type": "review",
        "title": "A title",
        "doi": "10.1234/example",
    },
    Claim: lambda n: {"article": make_article(), "key": ("C1", "C2")[n], "grade": "limited"},
    Image: lambda n: {
        "article": make_article(),
        "key": KEYS[n],
        "file": "images/a.svg",
        "width": 1,
        "height": 1,
    },
    Product: lambda n: {
        "key": KEYS[n],
        "name": "Example D3",
        "name_language": "en",
        "brand": "ExampleBrand",
        "relationship": "none",
    },
    ProductTranslation: lambda n: {
        "product": Product.objects.create(
            key=f"product-{n}", name="D3", name_language="en", brand="Example"
        ),
        "language": LANGUAGES[n],
    },
    GlossaryTerm: lambda n: {"key": KEYS[n]},
    GlossaryTermTranslation: lambda n: {
        "term": GlossaryTerm.objects.create(key=f"term-{n}"),
        "language": LANGUAGES[n],
        "name": "骨化二醇",
        "definition": "储存型。",
    },
    Revision: _revision,
    Publication: _publication,
    Autosave: lambda n: {"translation": make_translation(), "user": make_user(), "version": n},
    Presence: lambda n: {"translation": make_translation(), "user": make_user(), "seen_at": NOON},
    PreviewLink: lambda n: {
        "translation": make_translation(),
        "token": KEYS[n],
        "recipient": "外部审阅人",
        "created_at": NOON,
        "expires_at": NOON + datetime.timedelta(days=7),
    },
    ReviewRequest: lambda n: _review(n) | {"reviewer": make_author()},
    ReviewSignature: lambda n: _review(n) | {"author": make_author(), "content_hash": HASH},
    ForbiddenPhrase: lambda n: {"language": LANGUAGES[n], "phrase": ("必愈", "miracle cure")[n]},
    AuditEntry: lambda n: {"act": ("saved", "signed")[n]},
    ShareCard: lambda n: {
        "publication": make_publication(),
        "wide": f"share/{n}.png",
        "square": f"share/{n}-square.png",
        "design": "1",
    },
    SearchText: lambda n: {"publication": _publication_without_words(), "title": "title"},
    IndexNowNotice: lambda n: {
        "path": f"/en/articles/{KEYS[n]}/",
        "reason": ("published", "withdrawn")[n],
        "due_at": NOON + datetime.timedelta(days=n),
    },
    ContentVersion: lambda n: {"id": 1, "number": n},
}
"""A row of each model that every constraint accepts; two numbers give rows that share nothing."""

BLANKS = ("", " ", "\n\t", "\u3000", "\u00a0")
WRONG_KEYS = ("", "Vitamin-D", "vitamin_d", "vitamin--d", "-d", "d-", "镁", "a b", "d\n")
NOWHERE = {"doi": "", "pmid": "", "isbn": "", "url": ""}

BROKEN = [
    *(("topic_slug_is_a_key", {"slug": key}) for key in WRONG_KEYS),
    ("topic_translation_once_per_language", {}),
    ("topic_translation_language_is_known", {"language": "fr"}),
    *(("topic_translation_name_is_not_blank", {"name": text}) for text in BLANKS),
    *(("article_slug_is_a_key", {"slug": key}) for key in WRONG_KEYS),
    ("article_kind_is_known", {"kind": "post"}),
    ("article_source_language_is_known", {"source_language": "zh-Hans"}),
    ("article_scene_from_1_to_5", {"scene": 0}),
    ("article_scene_from_1_to_5", {"scene": 6}),
    *(("article_slug_slug_is_a_key", {"slug": key}) for key in WRONG_KEYS),
    ("contribution_once_per_role", {}),
    ("contribution_role_is_known", {"role": "owner"}),
    ("article_translation_once_per_language", {}),
    ("article_translation_language_is_known", {"language": ""}),
    *(("article_translation_title_is_not_blank", {"title": text}) for text in BLANKS),
    *(
        (
            "article_translation_withdrawal_has_a_reason",
            {"withdrawn_at": NOON, "withdrawal_note": text},
        )
        for text in BLANKS
    ),
    ("figure_key_once_per_translation", {}),
    *(("figure_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    ("callout_key_once_per_translation", {}),
    *(("callout_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    ("callout_icon_is_known", {"icon": "star"}),
    *(("callout_label_is_not_blank", {"label": text}) for text in BLANKS),
    *(("callout_text_is_not_blank", {"text": text}) for text in BLANKS),
    ("product_mention_once_per_translation", {}),
    *(("product_mention_text_is_not_blank", {"text": text}) for text in BLANKS),
    ("statement_once_per_claim", {}),
    *(("statement_text_is_not_blank", {"text": text}) for text in BLANKS),
    ("reference_key_once_per_article", {}),
    *(("reference_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    ("reference_study_type_is_known", {"study_type": "rumour"}),
    ("reference_can_be_found", NOWHERE),
    ("reference_can_be_found", NOWHERE | {"container": "Nutrients", "title": ""}),
    ("reference_can_be_found", NOWHERE | {"locator": "118(3):181", "label": "A review"}),
    ("reference_doi_is_a_doi", {"doi": "https://doi.org/10.1234/a"}),
    ("reference_doi_is_a_doi", {"doi": "10.123/a"}),
    ("reference_doi_is_a_doi", {"doi": "10.1234567890/a"}),
    ("reference_doi_is_a_doi", {"doi": "10.1234/"}),
    ("reference_doi_is_a_doi", {"doi": "10.1234/a b"}),
    ("reference_doi_is_a_doi", {"doi": "10.1234/a\n"}),
    ("reference_doi_is_a_doi", {"doi": "10.１２３４/a"}),
    ("reference_pmid_is_a_number", {"pmid": "PMC123"}),
    ("reference_pmid_is_a_number", {"pmid": "123 "}),
    ("reference_pmid_is_a_number", {"pmid": "123\n"}),
    ("reference_pmid_is_a_number", {"pmid": "１２３"}),
    ("reference_url_is_a_web_address", {"url": "example.org/study"}),
    ("reference_url_is_a_web_address", {"url": "javascript:alert(1)"}),
    *(
        (
            "reference_says_what_it_is",
            {"title": text, "label": text, "authors": text, "container": text},
        )
        for text in BLANKS
    ),
    ("claim_key_once_per_article", {}),
    *(("claim_key_is_a_key", {"key": key}) for key in ("", "7", "C 7", "C_7", "镁", "-C7", "C7\n")),
    ("claim_grade_is_known", {"grade": "certain"}),
    ("image_key_once_per_article", {}),
    ("image_shared_key_once", {"article": None}),
    *(("image_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    ("image_has_a_size", {"width": 0}),
    ("image_has_a_size", {"height": 0}),
    ("image_focus_is_inside", {"focus_x": 101}),
    ("image_focus_is_inside", {"focus_y": 101}),
    *(("image_file_is_not_blank", {"file": text}) for text in BLANKS),
    *(("product_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    *(("product_name_is_not_blank", {"name": text}) for text in BLANKS),
    *(("product_brand_is_not_blank", {"brand": text}) for text in BLANKS),
    ("product_relationship_is_known", {"relationship": "friend"}),
    ("product_name_language_is_known", {"name_language": "ja"}),
    ("product_website_is_a_web_address", {"website": "example.org"}),
    ("product_translation_once_per_language", {}),
    ("product_translation_language_is_known", {"language": "fr"}),
    *(("glossary_term_key_is_a_key", {"key": key}) for key in WRONG_KEYS),
    ("glossary_term_once_per_language", {}),
    ("glossary_term_language_is_known", {"language": "fr"}),
    *(("glossary_term_name_is_not_blank", {"name": text}) for text in BLANKS),
    *(("glossary_term_definition_is_not_blank", {"definition": text}) for text in BLANKS),
    ("revision_number_once_per_translation", {}),
    ("revision_content_hash_is_sha256", {"content_hash": ""}),
    ("revision_content_hash_is_sha256", {"content_hash": "0" * 63}),
    ("revision_content_hash_is_sha256", {"content_hash": "A" * 64}),
    ("revision_content_hash_is_sha256", {"content_hash": "0" * 63 + "\n"}),
    ("revision_numbers_start_at_1", {"number": 0}),
    ("publication_number_once_per_translation", {}),
    ("publication_change_is_known", {"change": "edit"}),
    ("publication_numbers_start_at_1", {"number": 0}),
    ("publication_is_first_only_once", {"change": "first", "number": 2}),
    *(
        ("publication_correction_has_a_note", {"change": "correction", "public_note": text})
        for text in BLANKS
    ),
    (
        "publication_not_before_the_first",
        {"first_live_from": NOON + datetime.timedelta(microseconds=1)},
    ),
    *(
        ("article_page_slug_is_not_reserved", {"kind": "page", "slug": slug})
        for slug in RESERVED_SLUGS
    ),
    ("autosave_once_per_editor_and_text", {}),
    ("presence_once_per_editor_and_text", {}),
    *(("preview_link_recipient_is_not_blank", {"recipient": text}) for text in BLANKS),
    *(("preview_link_token_is_not_blank", {"token": text}) for text in BLANKS),
    ("preview_link_ends_after_it_was_made", {"expires_at": NOON}),
    ("review_request_outcome_is_known", {"outcome": "lost", "closed_at": NOON}),
    ("review_request_is_closed_with_an_outcome", {"closed_at": NOON}),
    ("review_request_is_closed_with_an_outcome", {"outcome": "signed"}),
    ("review_request_once_while_open", {}),
    ("review_signature_once_per_revision", {}),
    ("review_signature_content_hash_is_sha256", {"content_hash": ""}),
    ("review_signature_content_hash_is_sha256", {"content_hash": "0" * 63}),
    ("review_signature_content_hash_is_sha256", {"content_hash": "A" * 64}),
    ("review_signature_content_hash_is_sha256", {"content_hash": "0" * 63 + "\n"}),
    ("forbidden_phrase_once_per_language", {}),
    ("forbidden_phrase_language_is_known", {"language": "fr"}),
    *(("forbidden_phrase_phrase_is_not_blank", {"phrase": text}) for text in BLANKS),
    ("audit_entry_act_is_known", {"act": ""}),
    ("audit_entry_act_is_known", {"act": "guessed"}),
    *(("share_card_wide_is_not_blank", {"wide": text}) for text in BLANKS),
    *(("share_card_square_is_not_blank", {"square": text}) for text in BLANKS),
    *(("index_now_notice_path_is_a_path", {"path": path}) for path in ("", "en/", "https://a/")),
    ("index_now_notice_reason_is_known", {"reason": "renamed"}),
    ("index_now_notice_once_per_moment", {}),
    ("content_version_is_one_row", {"id": 2}),
]

ACCEPTED = [
    (Article, {"slug": "d3"}),
    (Article, {"slug": "d3-k2-magnesium"}),
    (Article, {"scene": 1}),
    (Article, {"scene": 5}),
    (ArticleTranslation, {"withdrawn_at": None, "withdrawal_note": ""}),
    (ArticleTranslation, {"withdrawn_at": NOON, "withdrawal_note": "数据有误。"}),
    (Reference, {"doi": "10.1016/j.example.2018-03(4)"}),
    (Reference, {"doi": "10.123456789/a"}),
    (Reference, NOWHERE | {"pmid": "29480918"}),
    (Reference, NOWHERE | {"isbn": "978-0-00-000000-2"}),
    (Reference, NOWHERE | {"url": "https://example.org"}),
    (Reference, NOWHERE | {"url": "http://example.org"}),
    (Reference, NOWHERE | {"container": "Nutrients", "title": "", "locator": "118(3):181"}),
    (Reference, NOWHERE | {"container": "Nutrients", "title": "A title"}),
    (Reference, NOWHERE | {"container": "Nutrients", "title": "", "label": "A review"}),
    (Reference, {"title": "", "label": "A review"}),
    (Reference, {"title": "", "authors": "Uwitonze AM"}),
    (Reference, {"title": "", "container": "Nutrients"}),
    (Claim, {"key": "C16a"}),
    (Claim, {"key": "c-" + "1" * 18}),
    (Image, {"article": None}),
    (Image, {"width": 1, "height": 1}),
    (Image, {"focus_x": 0, "focus_y": 0}),
    (Image, {"focus_x": 100, "focus_y": 100}),
    (Product, {"website": "http://example.org"}),
    (Product, {"website": "https://example.org"}),
    (Publication, {"number": 1, "change": "first"}),
    (Publication, {"number": 2, "change": "typo"}),
    (Publication, {"change": "correction", "public_note": "改正了剂量。"}),
    (Publication, {"first_live_from": NOON - datetime.timedelta(days=1)}),
    *((Article, {"kind": "article", "slug": slug}) for slug in RESERVED_SLUGS),
    (Article, {"kind": "page", "slug": "about"}),
    (PreviewLink, {"expires_at": NOON + datetime.timedelta(microseconds=1)}),
    (ReviewRequest, {"outcome": "signed", "closed_at": NOON}),
    (AuditEntry, {"user_name": "", "address": None}),
    (AuditEntry, {"address": "2001:db8::1"}),
]

NEEDED_BY_CHOICE = {
    Publication: {"correction": {"public_note": "改正了剂量。"}},
    ReviewRequest: dict.fromkeys(ReviewRequest.Outcome.values, {"closed_at": NOON}),
}

TABLE = rows.Table(
    "articles",
    VALID,
    kept={
        AuditEntry: "audit_entry_is_kept_update",
        ReviewSignature: "review_signature_is_kept_update",
    },
)


def test_every_constraint_is_in_the_table():
    assert {name for name, _broken in BROKEN} == set(rows.constraints_of("articles"))


def test_every_model_has_a_valid_row():
    assert set(VALID) == set(rows.models_of("articles"))


@pytest.mark.parametrize(("name", "broken"), BROKEN)
def test_row_that_breaks_a_constraint_is_refused_by_name(name, broken):
    TABLE.assert_insert_is_refused(name, broken)


@pytest.mark.parametrize(("name", "broken"), BROKEN)
def test_change_that_breaks_a_constraint_is_refused_by_name(name, broken):
    TABLE.assert_change_is_refused(name, broken)


@pytest.mark.parametrize(("model", "values"), ACCEPTED)
def test_row_just_inside_its_constraints_is_accepted(model, values):
    assert rows.insert(model, VALID[model](0) | values).pk


@pytest.mark.parametrize("name", rows.unique_constraints_of("articles"))
def test_row_that_differs_in_one_unique_column_is_accepted(name):
    TABLE.assert_is_no_wider_than_its_columns(name)


@pytest.mark.parametrize("field", rows.unique_fields("articles"), ids=str)
def test_unique_column_takes_no_value_twice(field):
    TABLE.assert_takes_no_value_twice(field)


@pytest.mark.parametrize("field", rows.fields_with_choices("articles"), ids=str)
def test_column_with_choices_takes_each_of_them_and_nothing_else(field):
    TABLE.assert_takes_its_choices_alone(field, NEEDED_BY_CHOICE.get(field.model, {}))


def test_shared_image_may_have_the_key_of_an_articles_image():
    article = make_article()
    make_image(key="pathway")
    make_image(article=article, key="pathway")
    make_image(article=make_article(), key="pathway")
    assert Image.objects.filter(key="pathway").count() == 3


def test_languages_of_the_table_are_the_languages_of_the_site():
    assert set(LANGUAGES) == set(languages.CODES)


def test_safety_tags_are_checked_by_a_validator_for_no_database_can():
    validate_nutrients(list(NUTRIENTS))
    validate_nutrients([])
    for wrong in (["unobtainium"], ["magnesium", "copper"], "magnesium", {"magnesium": 1}):
        with pytest.raises(ValidationError):
            validate_nutrients(wrong)


@pytest.mark.parametrize("note", ["", " \u3000"])
def test_form_of_a_withdrawn_text_asks_for_the_reason(note):
    """The form has no field for the date, so the constraint alone would fail in the database."""
    form_class = modelform_factory(ArticleTranslation, fields=["title", "withdrawal_note"])
    text = make_translation(withdrawn_at=NOON, withdrawal_note="数据有误。")
    form = form_class({"title": "标题", "withdrawal_note": note}, instance=text)
    assert list(form.errors) == ["withdrawal_note"]
    form = form_class({"title": "标题", "withdrawal_note": "别的理由。"}, instance=text)
    assert form.is_valid()
    form = form_class({"title": "标题", "withdrawal_note": ""}, instance=make_translation())
    assert form.is_valid()


def test_text_with_a_publication_cannot_be_deleted():
    publication = make_publication()
    for row in (
        publication.translation,
        publication.translation.article,
        publication.revision,
    ):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Publication.objects.filter(pk=publication.pk).exists()


def test_text_that_was_never_published_can_be_deleted():
    translation = make_translation()
    translation.article.delete()
    assert not ArticleTranslation.objects.exists()


def test_image_in_use_cannot_be_deleted():
    translation = make_translation()
    wide, narrow = make_image(key="wide"), make_image(key="narrow")
    Figure.objects.create(translation=translation, key="a", image=wide, narrow_image=narrow)
    for image in (wide, narrow):
        with pytest.raises(ProtectedError):
            image.delete()


def test_product_that_is_mentioned_cannot_be_deleted():
    product = make_product()
    ProductMention.objects.create(translation=make_translation(), product=product, text="…")
    with pytest.raises(ProtectedError):
        product.delete()


def test_statements_go_with_their_claim_and_claims_outlive_their_references():
    translation = make_translation()
    reference = make_reference(article=translation.article)
    claim = make_claim(article=translation.article, references=[reference])
    make_statement(translation=translation, claim=claim)
    reference.delete()
    assert list(claim.references.all()) == []
    claim.delete()
    assert not Statement.objects.exists()
