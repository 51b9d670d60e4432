"""An earlier text comes back whole, as a new draft, and readers notice nothing."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import services
from articles.building import build_document
from articles.models import (
    Article,
    ArticleTranslation,
    AuditEntry,
    Callout,
    Figure,
    Image,
    ProductMention,
)
from articles.services import EditorialError
from articles.units import digests_of
from tests.articles.services.texts import readable_number, stored
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

BODY = """\
开头一段。[@smith2020]{claim:C1}

## 为什么 {#why}

[[figure:a]]

[[callouts]]

[[tip|先吃饭]]

一条建议。

[[product]]

[[/tip]]

[[references]]
"""
ARTICLE_LEVEL = (
    *("slug", "kind", "scene", "is_adaptation", "source_language", "lead_figure", "topics"),
    *("nutrients", "contributions", "references", "terms"),
)


def make_whole_text() -> ArticleTranslation:
    """A text with everything that a revision keeps."""
    article = make_article(authors=[make_author()])
    text = make_translation(
        article=article,
        body=BODY,
        seal="睡",
        edition_note="注。",
        seo_title="标题",
        seo_description="…",
        original_label="原标题",
    )
    claim = make_claim(article=article, references=[make_reference(article=article)])
    make_statement(translation=text, claim=claim, basis="一项。")
    for place, key in enumerate("ab"):
        Figure.objects.create(
            translation=text,
            key=key,
            image=make_image(key=f"wide-{key}", article=article),
            narrow_image=make_image(key=f"narrow-{key}"),
            alt="图",
            caption="图注。",
            text="…",
            position=place,
        )
        Callout.objects.create(
            translation=text, key=key, icon="sleep", label="睡眠", text="…", position=place
        )
    ProductMention.objects.create(translation=text, product=make_product(), text="看标签。")
    return text


def rewrite(text: ArticleTranslation) -> ArticleTranslation:
    """Change everything there is."""
    text = ArticleTranslation.objects.get(pk=text.pk)
    for name in (
        *("title", "standfirst", "edition_note", "original_label", "seo_title", "seo_description"),
        "body",
    ):
        setattr(text, name, "全部重写。")
    text.seal = "新"
    text.save()
    text.figures.filter(key="b").delete()
    text.figures.update(alt="别的", caption="别的", text="", narrow_image=None)
    text.callouts.update(label="别的", icon="fatigue")
    text.statements.update(text="别的", basis="")
    text.mentions.all().delete()
    services.save_revision(text)
    return text


def own_part(document):
    """A document without what belongs to the article."""
    empty = dict.fromkeys(ARTICLE_LEVEL)
    return dataclasses.replace(document, **empty)


def restore(text: ArticleTranslation, revision, **fields):
    return services.restore_text(text, revision, **fields)


def test_everything_a_text_had_comes_back(user):
    text = make_whole_text()
    first = services.save_revision(text)
    version = rewrite(text).version
    assert own_part(build_document(rewrite(text))) != own_part(first.as_document())
    restored = restore(text, first, user=user, expected_version=version)
    assert restored.number == 3
    assert restored.saved_by == user
    text = ArticleTranslation.objects.get(pk=text.pk)
    assert own_part(build_document(text)) == own_part(first.as_document())
    assert restored.content_hash == first.content_hash
    assert [block.id for block in build_document(text).blocks] == list(
        first.as_document().block_hashes
    )
    assert text.version == version + 1
    entry = AuditEntry.objects.get(act="restored")
    assert (entry.user, entry.details) == (user, {"revision": 1})


def test_text_of_any_publication_comes_back():
    text = make_whole_text()
    publication = services.publish(text, change="first")
    readers_have = stored(publication)
    rewrite(text)
    restored = restore(text, publication.revision)
    assert restored.content_hash == publication.revision.content_hash
    assert stored(publication) == readers_have
    assert text.publications.count() == 1


TITLES = st.sampled_from(["一", "二", "三"])
BODIES = st.lists(
    st.sampled_from(
        [
            "一段。",
            "又一段。",
            "## 标题 {#why}",
            "### 小标题",
            "- 甲\n- 乙",
            "[[callouts]]",
            "---",
            "[[tip|标题]]\n\n里面。\n\n[[/tip]]",
            "[[quote|谁]]\n话。\n[[/quote]]",
            "[[figure:a]]",
        ]
    ),
    max_size=6,
    unique=True,
).map("\n\n".join)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TITLES, BODIES), min_size=2, max_size=4), st.data())
def test_any_revision_can_be_restored_from_any_later_text(texts, data):
    text = make_translation()
    for title, body in texts:
        text.title, text.body = title, body
        text.save()
        services.save_revision(text)
    for _again in range(2):
        revision = data.draw(st.sampled_from(list(text.revisions.all())))
        restore(text, revision)
        text.refresh_from_db()
        assert build_document(text) == revision.as_document()
        assert services.save_revision(text).content_hash == revision.content_hash


def test_what_belongs_to_the_article_stays_as_it_is():
    text = make_whole_text()
    first = services.save_revision(text)
    text.article.claims.update(grade="strong")
    text.article.references.update(title="Another title")
    restore(text, first)
    document = build_document(ArticleTranslation.objects.get(pk=text.pk))
    assert document.statements[0].grade == "strong"
    assert document.references[0].title == "Another title"


def test_statement_of_a_claim_that_is_gone_stays_away():
    text = make_whole_text()
    first = services.save_revision(text)
    text.article.claims.all().delete()
    restore(text, first)
    assert build_document(text).statements == ()


def test_images_that_are_gone_are_named_and_nothing_changes():
    text = make_whole_text()
    first = services.save_revision(text)
    text = rewrite(text)
    text.figures.all().delete()
    Image.objects.filter(key__in=["wide-a", "narrow-b"]).delete()
    before = build_document(text)
    with pytest.raises(EditorialError, match="narrow-b, wide-a"):
        restore(text, first)
    assert build_document(ArticleTranslation.objects.get(pk=text.pk)) == before


def test_an_articles_own_image_comes_before_a_shared_one_of_the_same_key():
    text = make_whole_text()
    first = services.save_revision(text)
    make_image(key="wide-a", article=None, width=7)
    restore(text, first)
    assert text.figures.get(key="a").image.article == text.article


@pytest.mark.parametrize("is_shown_at_the_end", [True, False])
def test_revision_made_while_products_were_hidden_takes_no_mention_away(is_shown_at_the_end):
    text = make_whole_text()
    Article.objects.update(shows_products=False)
    hidden = services.save_revision(ArticleTranslation.objects.get(pk=text.pk))
    assert hidden.as_document().mention is None
    Article.objects.update(shows_products=is_shown_at_the_end)
    restore(text, hidden)
    assert text.mentions.get().text == "看标签。"


def test_hidden_product_comes_back_hidden():
    text = make_whole_text()
    first = services.save_revision(text)
    rewrite(text)
    Article.objects.update(shows_products=False)
    restore(text, first)
    text = ArticleTranslation.objects.get(pk=text.pk)
    assert text.mentions.get().text == "看标签。"
    assert build_document(text).mention is None


def test_text_that_never_named_a_product_names_none_when_it_is_back():
    text = make_translation()
    first = services.save_revision(text)
    ProductMention.objects.create(translation=text, product=make_product(), text="…")
    restore(text, first)
    assert not text.mentions.exists()


def test_revision_of_another_text_is_refused():
    text, other = make_translation(), make_translation()
    revision = services.save_revision(other)
    with pytest.raises(EditorialError, match="belongs to another text"):
        restore(text, revision)
    assert not text.revisions.exists()


def test_withdrawn_text_stays_withdrawn():
    text = make_publication().translation
    services.withdraw(text, note="数据有误。")
    restore(text, text.revisions.get())
    text.refresh_from_db()
    assert text.withdrawn_at
    assert readable_number(text) is None


# What it follows


def make_history():
    """A source and a translation that both went from 0 to 1; the translation's revision of 0."""
    article = make_article()
    source, text = (
        make_translation(article=article, language=code, body="") for code in ("zh-hans", "en")
    )
    services.save_revision(source)
    first = services.save_revision(text)
    for row in (source, text):
        row.title = "1"
        row.save()
        services.save_revision(row)
    return source, text, first


def is_current(text: ArticleTranslation, source: ArticleTranslation) -> bool:
    known = ArticleTranslation.objects.get(pk=text.pk).source_hashes
    return known["@title"] == digests_of(build_document(source))["@title"]


def test_older_translation_follows_the_older_source():
    source, text, first = make_history()
    assert is_current(text, source)
    restore(text, first)
    assert not is_current(text, source)


def test_what_restoring_does_not_change_follows_what_it_did():
    source, text, first = make_history()
    text.title = first.as_document().title
    text.save()
    services.save_revision(text)
    assert is_current(text, source)
    restore(text, first)
    assert is_current(text, source)


def test_restored_publication_follows_what_it_followed():
    source, text, _first = make_history()
    source.title = "2"
    source.save()
    services.save_revision(source)
    publication = services.publish(text, change="first", override_reason="Test.")
    text.refresh_from_db()
    text.title = "3"
    text.save()
    services.save_revision(text)
    assert is_current(text, source)
    restore(text, publication.revision)
    text.refresh_from_db()
    assert text.source_hashes["@title"] == publication.source_digests["@title"]
    assert not is_current(text, source)
