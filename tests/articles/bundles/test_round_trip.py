"""Import → export → import → export changes no byte, whatever an editor may have typed."""

import datetime
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles import images, services
from articles.building import build_document
from articles.bundles import export_bundle, import_bundle
from articles.bundles.folder import is_place
from articles.markdown.blocks import clean_source
from articles.models import (
    ArticleTranslation,
    Callout,
    Figure,
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductMention,
    ProductTranslation,
    Publication,
    Topic,
    TopicTranslation,
)
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite.constraints import NOT_BLANK
from tests.articles.bundles.files import (
    ARTICLE,
    EN,
    FIGURE,
    SVG,
    ZH,
    BundleFiles,
    clear_site,
    contents,
    exported,
)
from tests.conftest import FIXTURES
from tests.factories import make_article, make_claim, make_reference, make_statement

pytestmark = pytest.mark.django_db


# The demo content


def test_the_demo_content_is_spelt_as_the_export_spells_it(demo_site, tmp_path):
    assert exported(tmp_path / "export") == contents(FIXTURES)


def test_the_demo_content_comes_back_on_a_fresh_site(demo_site, tmp_path):
    export_bundle(tmp_path / "export")
    clear_site()
    report = import_bundle(tmp_path / "export")
    assert report.drafts == []
    assert exported(tmp_path / "again") == contents(tmp_path / "export")


# A small bundle


def test_a_bundle_typed_by_hand_settles_at_once(files: BundleFiles, tmp_path):
    files.load()
    first = exported(tmp_path / "first")
    clear_site()
    import_bundle(tmp_path / "first")
    assert exported(tmp_path / "second") == first


def test_drawings_come_back_byte_for_byte(files: BundleFiles, tmp_path):
    odd = SVG.replace("<path", "<!-- drawn by hand -->\n\n  <path").replace('"/>', '"  />')
    files.write(FIGURE, odd)
    files.load()
    assert exported(tmp_path / "export")[FIGURE].decode() == odd


def test_every_exported_file_is_in_its_place(files: BundleFiles, tmp_path):
    files.load()
    assert all(is_place(name) for name in exported(tmp_path / "export"))


def test_the_order_of_the_files_is_kept(files: BundleFiles, tmp_path):
    files.edit(ARTICLE, "kind: article", "kind: article\nscene: 3")
    files.load()
    found = exported(tmp_path / "export")
    assert found["topics.yaml"].index(b"sleep") < found["topics.yaml"].index(b"food")
    assert found[ARTICLE].index(b"smith2019") < found[ARTICLE].index(b"chen2020")
    assert list(found) == sorted(found)


def test_a_missing_end_of_line_is_kept(files: BundleFiles, tmp_path):
    files.write(EN, files.read(EN).rstrip("\n"))
    files.load()
    assert exported(tmp_path / "export")[EN].endswith(b"[[references]]")


def test_what_is_empty_is_left_out(tmp_path):
    article = make_article(slug="bare")
    ArticleTranslation.objects.create(article=article, language="en", title="Bare")
    found = exported(tmp_path / "export")
    assert found["articles/bare/en.md"] == b"---\ntitle: Bare\n---\n"
    assert found["articles/bare/article.yaml"] == (
        b"kind: article\nsource_language: zh-hans\nscene: 1\nshows_products: true\n"
        b"is_adaptation: false\n"
    )


def test_an_empty_site_is_an_empty_folder(tmp_path):
    assert exported(tmp_path / "export") == {}
    assert import_bundle(tmp_path / "export").articles == 0


def test_characters_that_a_bundle_cannot_hold_are_dropped(files: BundleFiles, tmp_path):
    files.load()
    text = ArticleTranslation.objects.get(article__slug="sleep", language="en")
    text.title = "Put\x0b the\ufeff phone\u202e away"
    text.body = text.body.replace("Evening", "Eve\x07ning\r")
    text.save()
    found = exported(tmp_path / "export")[EN].decode()
    assert "title: Put the phone away\n" in found
    assert "\r" not in found
    import_bundle(tmp_path / "export")


def test_a_draft_that_is_wrong_everywhere_still_comes_back(files: BundleFiles, tmp_path):
    files.load()
    text = ArticleTranslation.objects.get(article__slug="sleep", language="en")
    text.body = "## A {#why}\n\n## B {#why}\n\n[[figure:nothing]]\n\n[[tip]]\n\n[[nonsense]]\n"
    text.save()
    services.save_revision(text)
    first = exported(tmp_path / "first")
    clear_site()
    report = import_bundle(tmp_path / "first")
    assert len(report.warnings) == 3
    assert exported(tmp_path / "second") == first


# Pictures that an editor uploaded


def test_an_upload_without_a_file_name_gets_one(files: BundleFiles, tmp_path):
    files.load()
    Image.objects.update(source_name="")
    found = exported(tmp_path / "export")
    assert found["articles/sleep/figures/cycle.svg"].decode() == SVG
    import_bundle(tmp_path / "export")


def test_two_uploads_of_one_name_keep_their_contents(files: BundleFiles, tmp_path):
    files.load()
    article = Image.objects.get().article
    other = SVG.replace("h9", "h99")
    stored = images.store_image("two", "cycle.svg", other.encode())
    Image.objects.create(
        article=article,
        key="two",
        source_name="figures/cycle.svg",
        position=1,
        **images.columns_of(stored),
    )
    found = exported(tmp_path / "first")
    assert found["articles/sleep/figures/cycle.svg"].decode() == SVG
    assert found["articles/sleep/figures/two.svg"].decode() == other
    clear_site()
    import_bundle(tmp_path / "first")
    assert exported(tmp_path / "second") == found


def test_one_file_may_serve_two_keys(files: BundleFiles, tmp_path):
    files.edit(ARTICLE, "references:\n", "- key: same\n  file: figures/cycle.svg\nreferences:\n")
    files.load()
    first = exported(tmp_path / "first")
    assert [name for name in first if name.endswith(".svg")] == [FIGURE]
    clear_site()
    import_bundle(tmp_path / "first")
    assert exported(tmp_path / "second") == first


def test_a_shared_image_travels_with_the_texts_that_show_it(files: BundleFiles, tmp_path):
    files.load()
    shared = SVG.replace("h9", "h7")
    stored = images.store_image("cycle", "Any Name.svg", shared.encode())
    image = Image.objects.create(key="cycle", **images.columns_of(stored))
    text = ArticleTranslation.objects.get(article__slug="sleep", language="en")
    text.figures.update(narrow_image=image)
    services.publish(
        text, change="typo", live_from=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC)
    )
    found = exported(tmp_path / "first")
    assert found["articles/sleep/figures/cycle-2.svg"].decode() == shared
    assert b"narrow_image: cycle-2" in found[EN]
    assert b"narrow_image" not in found[ZH]
    clear_site()
    import_bundle(tmp_path / "first")
    assert exported(tmp_path / "second") == found


def test_a_lost_original_is_replaced_by_what_is_public(files: BundleFiles, tmp_path, settings):
    files.load()
    (settings.DATA_DIR / "originals" / Image.objects.get().original).unlink()
    found = exported(tmp_path / "first")
    assert found[FIGURE].decode() == Image.objects.get().svg
    import_bundle(tmp_path / "first")
    assert exported(tmp_path / "second") == found


# Anything an editor may type

SPECIAL = (
    "ab \t\n'\"\\#:-,[]{}&*!|>%@`~=<.+?0159eEno中文，。：“”₂µé😀"
    "\u00a0\u00ad\u2028\u2029\u2060\u2066\u3000"
)
PIECES = ["no", "1e3", "2026-01-01", "---", "- a", "a: b", "# a", " a", "a ", "\n", "null", "~"]
characters = st.sampled_from(SPECIAL) | st.characters(exclude_categories=["Cs"])
words = (st.sampled_from(PIECES) | st.text(characters, max_size=12)).map(clean_source)
lines = st.lists(words, max_size=4).map("\n".join).map(clean_source)
names = words.map(lambda text: text[:60]).filter(lambda text: re.search(NOT_BLANK, text))
filled = lines.filter(lambda text: re.search(NOT_BLANK, text))
BODY = [
    "## Heading {#why}",
    "### 小标题",
    "Words.",
    "文字。",
    "- one\n- two",
    "| a | b |\n| - | - |\n| c | d |",
    "[[figure:cycle]]",
    "[[callouts]]",
    "[[tip|Title]]\n\nInside.\n\n[[/tip]]",
    "[[quote|Who]]\nInside.\n[[/quote]]",
    "---",
    "    code",
    "[^1]: note",
]
bodies = st.lists(st.sampled_from(BODY) | lines, max_size=6).flatmap(
    lambda parts: st.sampled_from(["\n\n", "\n", "\n\n\n"]).map(lambda end: end.join(parts))
)
texts = st.fixed_dictionaries(
    {
        "title": names,
        "standfirst": lines,
        "seal": st.text("睡Sl", max_size=2),
        "original_label": words.map(lambda text: text[:80]),
        "edition_note": lines,
        "seo_title": words,
        "seo_description": words,
        "body": bodies,
    }
)
sites = st.fixed_dictionaries(
    {
        "texts": st.fixed_dictionaries({"zh-hans": texts, "en": texts}),
        "name": names,
        "label": filled,
        "other": lines,
        "position": st.integers(0, 9),
        "is_page": st.booleans(),
        "is_withdrawn": st.booleans(),
    }
)
CODES = ("zh-hans", "en")


def make_site(found: dict) -> None:
    """One of everything, with random words in every field that takes words."""
    name, label, other = found["name"], found["label"], found["other"]
    topic = Topic.objects.create(slug="topic", position=found["position"])
    term = GlossaryTerm.objects.create(key="term")
    product = Product.objects.create(
        key="product", name=name, name_language="en", brand=name, relationship="none"
    )
    author = Author.objects.create(slug="author", is_active=found["is_page"])
    registration = Registration.objects.create(author=author, number=name)
    for code in CODES:
        TopicTranslation.objects.create(topic=topic, language=code, name=name, description=other)
        GlossaryTermTranslation.objects.create(
            term=term, language=code, name=name, abbreviation=other, definition=label
        )
        ProductTranslation.objects.create(
            product=product, language=code, gloss=other, components=label, label_note=other
        )
        AuthorTranslation.objects.create(
            author=author, language=code, name=name, credentials=other, affiliation=label, bio=label
        )
        RegistrationTranslation.objects.create(
            registration=registration, language=code, title=name, body=other
        )
    article = make_article(
        slug="article",
        kind="page" if found["is_page"] else "article",
        topics=[topic],
        authors=[author],
        nutrients=["iron", "zinc"],
    )
    reference = make_reference(
        article=article, title=name, authors=other, label=other, locator=words_of(other)
    )
    claim = make_claim(article=article, references=[reference])
    stored = images.store_image("cycle", "figures/cycle.svg", SVG.encode())
    image = Image.objects.create(
        article=article,
        key="cycle",
        source_name="figures/cycle.svg",
        credit=words_of(other),
        **images.columns_of(stored),
    )
    for code in CODES:
        text = ArticleTranslation.objects.create(
            article=article, language=code, **found["texts"][code]
        )
        Figure.objects.create(
            translation=text, key="cycle", image=image, alt=other, caption=label, text=other
        )
        Callout.objects.create(translation=text, key="one", icon="sleep", label=name, text=label)
        ProductMention.objects.create(translation=text, product=product, text=label)
        make_statement(translation=text, claim=claim, text=label, basis=other)
        services.save_revision(text)


def words_of(text: str) -> str:
    return text[:100]


def publish_what_can_be(is_withdrawn: bool) -> None:
    """The site page's text has no rule to break but those of its body."""
    for text in ArticleTranslation.objects.order_by("-language"):
        text.article.references.all().delete()
        for rows in (text.figures, text.callouts, text.mentions, text.statements):
            rows.all().delete()
        text.article.nutrients = []
        text.article.save()
        try:
            services.publish(
                text, change="first", live_from=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
            )
        except services.PublicationRefused:
            continue
        if is_withdrawn:
            services.withdraw(text, note="Wrong: so it “was”.")


def rows() -> list:
    """What the rows say, without what a database counts by itself."""
    found: list = []
    for model, columns in (
        (Topic, ["slug"]),
        (TopicTranslation, ["topic__slug", "language", "name", "description"]),
        (GlossaryTermTranslation, ["language", "name", "abbreviation", "definition"]),
        (Product, ["key", "name", "name_language", "brand", "relationship"]),
        (ProductTranslation, ["language", "gloss", "components", "label_note"]),
        (Author, ["slug", "is_active"]),
        (AuthorTranslation, ["language", "name", "credentials", "affiliation", "bio", "bio_html"]),
        (Registration, ["number"]),
        (RegistrationTranslation, ["language", "title", "body"]),
        (ArticleTranslation, ["language", "body", "block_ids", "withdrawn_at", "withdrawal_note"]),
        (Image, ["key", "file", "original", "source_name", "credit", "svg"]),
        (ProductMention, ["translation__language", "product__key", "text"]),
        (Publication, ["translation__language", "body_html", "page", "live_from", "updated_at"]),
    ):
        order = [name for name in columns if name not in {"page", "block_ids"}]
        found.append(list(model._base_manager.order_by(*order).values_list(*columns)))
    for text in ArticleTranslation.objects.order_by("language"):
        found.append(build_document(text).to_dict())
    return found


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sites)
@example(
    {
        "texts": {
            code: {
                "title": "no",
                "standfirst": "1e3\n---\n",
                "seal": "",
                "original_label": " '\" ",
                "edition_note": "\n\n",
                "seo_title": "~",
                "seo_description": "# a: b",
                "body": "---\n\na\n\n\n[[tip]]\n",
            }
            for code in CODES
        },
        "name": "2026-01-01",
        "label": "- a\n\tb  \n\n",
        "other": "\u2028 \u2060\u00a0",
        "position": 0,
        "is_page": True,
        "is_withdrawn": True,
    }
)
def test_whatever_is_typed_comes_back(found: dict):
    clear_site()
    make_site(found)
    there_and_back()
    publish_what_can_be(found["is_withdrawn"])
    there_and_back()


def there_and_back() -> None:
    with tempfile.TemporaryDirectory() as folder:
        before = rows()
        first = exported(Path(folder, "first"))
        import_bundle(Path(folder, "first"))
        assert rows() == before
        clear_site()
        import_bundle(Path(folder, "first"))
        assert rows() == before
        assert exported(Path(folder, "second")) == first


def test_focal_point_of_a_picture_survives(tmp_path, demo_site):
    image = Image.objects.filter(article__isnull=False).first()
    Image.objects.filter(pk=image.pk).update(focus_x=20, focus_y=0)
    export_bundle(tmp_path / "out")
    Image.objects.filter(pk=image.pk).update(focus_x=50, focus_y=50)
    import_bundle(tmp_path / "out")
    image.refresh_from_db()
    assert (image.focus_x, image.focus_y) == (20, 0)
