"""What an import writes: everything the first time, nothing the second, and what changed after."""

import re

import pytest
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from articles.bundles import BundleRefused, export_bundle, import_bundle
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    Callout,
    Claim,
    Contribution,
    Figure,
    Image,
    ProductMention,
    Publication,
    Reference,
    Revision,
    Statement,
)
from authors.models import Author, Registration
from tests.articles.bundles.files import (
    ARTICLE,
    AUTHOR,
    AUTHOR_EN,
    EN,
    FIGURE,
    PUBLISH,
    SVG,
    ZH,
    BundleFiles,
    exported,
    tables,
)
from tests.factories import make_article, make_publication, make_translation

pytestmark = pytest.mark.django_db

LATER = "publish:\n  at: 2026-02-01T00:00:00+00:00\n  change: clarification\n"


def text(language: str) -> ArticleTranslation:
    return ArticleTranslation.objects.get(article__slug="sleep", language=language)


def republish(files: BundleFiles) -> None:
    for name in (ZH, EN):
        files.edit(name, PUBLISH, LATER)


# Once and again


def test_a_new_article_needs_nothing_but_its_folder(files: BundleFiles):
    report = files.load()
    assert report.articles == 2
    assert report.authors == 1
    assert report.published == [
        "sleep (zh-hans)",
        "sleep (en)",
        "about (zh-hans)",
        "about (en)",
    ]
    article = Article.objects.get(slug="sleep")
    assert [topic.slug for topic in article.topics.all()] == ["sleep"]
    assert article.contributions.get().author.slug == "jane-doe"
    assert article.lead_figure_key == "cycle"
    assert [reference.key for reference in article.references.all()] == ["smith2019", "chen2020"]
    assert [item.key for item in article.claims.get().references.all()] == ["chen2020"]
    assert text("en").title == "Put the phone away two hours before bed"
    assert text("en").mentions.get().product.key == "lamp"
    assert Publication.objects.count() == 4
    assert Publication.objects.filter(translation=text("en")).get().body_html


def test_importing_again_writes_nothing(files: BundleFiles):
    files.load()
    before = tables()
    with CaptureQueriesContext(connection) as queries:
        report = files.load()
    writes = [
        query["sql"]
        for query in queries.captured_queries
        if re.match("INSERT|UPDATE|DELETE", query["sql"])
    ]
    assert writes == []
    assert tables() == before
    assert report.published == []
    assert report.articles == 2


def test_importing_the_demo_again_writes_nothing(demo_site, demo_bundle):
    before = tables()
    assert import_bundle(demo_bundle).published == []
    assert tables() == before


def test_importing_an_export_changes_no_row(files: BundleFiles, tmp_path):
    files.load()
    before = tables()
    export_bundle(tmp_path / "export")
    import_bundle(tmp_path / "export")
    assert tables() == before


def test_an_import_costs_the_same_queries_however_many_articles(files: BundleFiles):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            files.load()
        return len(found)

    files.load()
    one = queries()
    for slug in ("dream", "wake"):
        for name in (ARTICLE, ZH, EN, FIGURE):
            files.write(name.replace("sleep", slug, 1), files.read(name))
    files.load()
    page = 20  # the site page and the lists are read each time
    assert queries() - page <= 3 * one


def test_content_the_bundle_does_not_name_stays(files: BundleFiles):
    make_publication(translation=make_translation(article=make_article(slug="other")))
    files.load()
    assert set(Article.objects.values_list("slug", flat=True)) == {"other", "sleep", "about"}
    files.remove("topics.yaml")
    files.load()
    assert [topic.slug for topic in Article.objects.get(slug="sleep").topics.all()] == ["sleep"]


def test_an_empty_folder_changes_nothing(tmp_path):
    assert import_bundle(tmp_path).articles == 0


# Changes


def test_an_edited_text_needs_a_later_time(files: BundleFiles):
    files.load()
    before = tables()
    files.edit(EN, "Evening light", "Late light")
    (problem,) = files.problems()
    assert (problem.path, problem.line) == (EN, files.line_of(EN, "at: 2026"))
    assert "differs from what was published at 2026-01-01T00:00:00+00:00" in problem.message
    assert tables() == before


def test_an_edited_text_with_a_later_time_is_published_anew(files: BundleFiles):
    files.load()
    files.edit(EN, "Evening light", "Late light")
    files.edit(EN, PUBLISH, LATER)
    assert files.load().published == ["sleep (en)"]
    last = text("en").publications.order_by("-number").first()
    assert (last.number, last.change) == (2, "clarification")
    assert last.live_from.isoformat() == last.updated_at.isoformat() == "2026-02-01T00:00:00+00:00"
    assert last.first_live_from.isoformat() == "2026-01-01T00:00:00+00:00"
    assert "Late light" in last.body_html
    assert text("zh-hans").publications.count() == 1


def test_an_unchanged_text_with_a_later_time_is_published_anew(files: BundleFiles):
    files.load()
    files.edit(EN, PUBLISH, LATER.replace("clarification", "full_review"))
    assert files.load().published == ["sleep (en)"]
    assert text("en").publications.count() == 2
    assert text("en").revisions.count() == 1


def test_the_first_publication_cannot_be_moved(files: BundleFiles):
    files.load()
    files.edit(EN, "at: 2026-01-01", "at: 2026-02-01")
    (problem,) = files.problems()
    assert problem.line == files.line_of(EN, "change: first")
    assert "Only the first publication" in problem.message


@pytest.mark.parametrize(
    ("old", "new"), [("first", "typo"), ("first", "first\n  note: We were the first.")]
)
def test_the_kind_and_note_of_a_publication_cannot_be_edited(files: BundleFiles, old, new):
    files.load()
    files.edit(EN, f"change: {old}", f"change: {new}")
    (problem,) = files.problems()
    assert problem.line == files.line_of(EN, "at: 2026")
    assert "a publication cannot be changed" in problem.message


def test_an_older_bundle_of_the_same_text_is_no_contradiction(files: BundleFiles):
    files.load()
    files.edit(EN, "at: 2026-01-01", "at: 2025-01-01")
    assert files.load().published == []
    assert text("en").publications.count() == 1


def test_a_text_without_publish_becomes_a_draft(files: BundleFiles):
    files.edit(EN, PUBLISH, "")
    assert files.load().drafts == ["sleep (en)"]
    assert text("en").publications.count() == 0
    assert text("en").revisions.count() == 1
    assert Publication.objects.filter(translation=text("zh-hans")).exists()


def test_without_publish_an_edit_stays_with_the_editors(files: BundleFiles):
    files.load()
    files.edit(EN, PUBLISH, "")
    files.edit(EN, "Evening light", "Late light")
    report = files.load()
    assert report.published == report.drafts == []
    assert "Late light" in text("en").body
    assert text("en").publications.count() == 1
    assert text("en").revisions.count() == 2


def test_a_draft_is_published_by_adding_publish(files: BundleFiles):
    files.edit(EN, PUBLISH, "")
    files.load()
    files.edit(EN, "---\n\nEvening", PUBLISH + "---\n\nEvening")
    assert files.load().published == ["sleep (en)"]
    assert text("en").revisions.count() == 1


def test_what_is_removed_from_the_files_is_removed_from_the_site(files: BundleFiles):
    files.load()
    files.edit(ARTICLE, "lead_figure: cycle\n", "")
    files.edit(ARTICLE, "images:\n- key: cycle\n  file: figures/cycle.svg\n  credit: Editors\n", "")
    files.edit(ARTICLE, "claims:\n- {key: C1, grade: moderate, references: [chen2020]}\n", "")
    smith = files.read(ARTICLE)
    files.write(ARTICLE, smith[: smith.index("references:")])
    files.edit(ARTICLE, "contributions:\n- {author: jane-doe, role: author}\n", "")
    files.edit(ARTICLE, "topics: [sleep]\n", "")
    files.remove(FIGURE)
    files.path("articles/sleep/figures").rmdir()
    for name in (ZH, EN):
        source = files.read(name)
        head, body = source.split("publish:\n")
        files.write(name, head[: head.index("figures:")] + "publish:\n" + body)
        for tag in ("figure:cycle", "callouts", "product", "glossary", "references"):
            files.edit(name, f"[[{tag}]]\n\n" if tag != "references" else "[[references]]\n", "")
        files.edit(name, "[@smith2019]", "")
    files.edit(ZH, "{claim:C1}", "")
    files.edit(EN, " {claim:C1}", "")
    republish(files)
    files.load()
    for model in (Figure, Callout, Claim, Reference, Statement, ProductMention, Contribution):
        assert not model.objects.exists(), model
    assert not Image.objects.exists()
    assert not Article.objects.get(slug="sleep").topics.exists()
    assert [publication.number for publication in text("en").publications.order_by("number")] == [
        1,
        2,
    ]
    first, second = text("en").publications.order_by("number")
    assert "cycle" in first.body_html
    assert "cycle" not in second.body_html


def test_what_moves_in_the_files_moves_on_the_site(files: BundleFiles):
    files.load()
    files.edit(EN, "callouts:\n", "callouts:\n- {key: new, icon: cramps, label: New, text: New.}\n")
    files.edit(EN, PUBLISH, LATER)
    kept = text("en").callouts.get().pk
    files.load()
    assert [(row.key, row.position) for row in text("en").callouts.all()] == [
        ("new", 0),
        ("tired", 1),
    ]
    assert text("en").callouts.get(key="tired").pk == kept


def test_keys_can_be_exchanged(files: BundleFiles):
    files.load()
    source = files.read(ARTICLE).replace("smith2019", "x").replace("chen2020", "smith2019")
    files.write(ARTICLE, source.replace("key: x", "key: chen2020"))
    republish(files)
    files.load()
    assert Reference.objects.get(key="chen2020").title == "Evening light"
    assert Reference.objects.get(key="smith2019").doi == "10.1234/abcd"


def test_another_product_takes_the_place_of_one(files: BundleFiles):
    files.load()
    files.append("products.yaml", files.read("products.yaml").replace("key: lamp", "key: mask"))
    files.edit(EN, "product: lamp", "product: mask")
    files.edit(EN, PUBLISH, LATER)
    files.load()
    assert text("en").mentions.get().product.key == "mask"
    assert text("zh-hans").mentions.get().product.key == "lamp"


def test_the_switch_takes_every_product_off_the_page(files: BundleFiles):
    files.load()
    assert "Dim®" in text("en").publications.get().body_html
    files.edit(ARTICLE, "kind: article", "kind: article\nshows_products: false")
    problems = files.problems()
    assert {problem.path for problem in problems} == {ZH, EN}
    republish(files)
    files.load()
    for code in ("zh-hans", "en"):
        last = text(code).publications.order_by("-number").first()
        assert "Dim®" not in last.body_html
        assert last.page["disclosure"] == ""
        assert text(code).mentions.exists()


def test_a_drawing_that_changes_is_stored_anew(files: BundleFiles):
    files.load()
    old = Image.objects.get()
    files.write(FIGURE, SVG.replace("M0 0h9", "M0 0h99"))
    republish(files)
    files.load()
    new = Image.objects.get()
    assert new.pk == old.pk
    assert new.file != old.file
    assert "h99" in text("en").publications.order_by("-number").first().body_html
    assert "h99" not in text("en").publications.order_by("number").first().body_html


def test_a_drawing_lost_from_the_disk_comes_back(files: BundleFiles, media_root):
    files.load()
    stored = media_root / Image.objects.get().file
    stored.unlink()
    files.load()
    assert stored.exists()


def test_a_picture_that_was_stored_in_part_is_stored_again(
    files: BundleFiles, media_root, settings
):
    files.load()
    image = Image.objects.get()
    (media_root / image.file).write_bytes(b"<svg")
    (settings.DATA_DIR / "originals" / image.original).unlink()
    files.load()
    assert (media_root / image.file).read_text() == image.svg


def test_an_image_that_another_text_still_shows_stays(files: BundleFiles):
    files.load()
    files.edit(ARTICLE, "lead_figure: cycle\n", "")
    files.edit(ARTICLE, "images:\n- key: cycle\n  file: figures/cycle.svg\n  credit: Editors\n", "")
    files.remove(FIGURE)
    files.path("articles/sleep/figures").rmdir()
    files.remove(ZH)
    source = files.read(EN)
    files.write(
        EN, source.replace(source[source.index("figures:") : source.index("callouts:")], "")
    )
    files.edit(EN, "[[figure:cycle]]\n\n", "")
    files.edit(EN, "sleep.\n", "sleep.[@smith2019]\n")
    files.edit(EN, PUBLISH, LATER)
    files.load()
    assert Image.objects.get().key == "cycle"
    assert text("zh-hans").figures.get().image.key == "cycle"
    assert not text("en").figures.exists()


def test_authors_follow_their_files(files: BundleFiles):
    files.load()
    files.edit(AUTHOR, "number: '0123-4'", "number: 0999")
    files.edit(AUTHOR_EN, "An author.", "An *experienced* author.")
    files.remove("authors/jane-doe/zh-hans.md")
    files.load()
    author = Author.objects.get()
    assert Registration.objects.get().number == "0999"
    (words,) = author.translations.all()
    assert words.bio == "An *experienced* author.\n"
    assert "<em>experienced</em>" in words.bio_html


# Renames


def rename(files: BundleFiles, new: str, *old: str) -> None:
    files.path("articles/sleep").rename(files.path(f"articles/{new}"))
    name = f"articles/{new}/article.yaml"
    files.edit(name, "kind: article", f"kind: article\nold_slugs: [{', '.join(old)}]")


def test_a_renamed_folder_renames_the_article(files: BundleFiles, client):
    files.load()
    article = Article.objects.get(slug="sleep")
    rename(files, "rest", "sleep")
    assert files.load().published == []
    assert Article.objects.get(slug="rest").pk == article.pk
    assert Article.objects.count() == 2
    assert ArticleSlug.objects.get().slug == "sleep"
    assert Publication.objects.filter(translation__article=article).count() == 2
    assert client.get("/en/articles/rest/").status_code == 200
    response = client.get("/en/articles/sleep/")
    assert (response.status_code, response["Location"]) == (301, "/en/articles/rest/")


def test_a_rename_and_back_leaves_no_trace(files: BundleFiles):
    files.load()
    rename(files, "rest", "sleep")
    files.load()
    files.path("articles/rest").rename(files.path("articles/sleep"))
    files.edit(ARTICLE, "old_slugs: [sleep]", "old_slugs: [rest]")
    files.load()
    assert Article.objects.filter(slug="sleep").exists()
    assert [row.slug for row in ArticleSlug.objects.all()] == ["rest"]
    files.edit(ARTICLE, "old_slugs: [rest]\n", "")
    files.load()
    assert not ArticleSlug.objects.exists()


def test_a_new_article_may_bring_its_old_addresses(files: BundleFiles):
    rename(files, "rest", "sleep", "slumber")
    files.load()
    assert [row.slug for row in ArticleSlug.objects.all()] == ["sleep", "slumber"]


def test_a_rename_is_exported_as_published(files: BundleFiles, tmp_path):
    files.load()
    rename(files, "rest", "sleep")
    files.load()
    found = exported(tmp_path / "export")
    assert b"publish:" in found["articles/rest/en.md"]
    assert b"old_slugs: [sleep]" in found["articles/rest/article.yaml"]


def test_an_address_of_another_article_is_refused(files: BundleFiles):
    make_article(slug="rest")
    files.load()
    files.edit(ARTICLE, "kind: article", "kind: article\nold_slugs: [rest]")
    (problem,) = files.problems()
    assert (problem.path, problem.line) == (ARTICLE, 2)
    assert "“rest” belongs to another article" in problem.message


def test_an_old_address_of_another_article_is_refused(files: BundleFiles):
    ArticleSlug.objects.create(article=make_article(slug="rest"), slug="sleep")
    (problem,) = files.problems()
    assert (problem.path, problem.line) == (ARTICLE, 0)
    assert "“sleep” belongs to another article" in problem.message


def test_two_old_addresses_of_two_articles_are_refused(files: BundleFiles):
    make_article(slug="rest")
    make_article(slug="slumber")
    rename(files, "doze", "rest", "slumber")
    (problem,) = files.problems()
    assert (problem.path, problem.line) == ("articles/doze/article.yaml", 2)
    assert "“slumber” belongs to another article" in problem.message


def test_an_old_address_can_pass_to_another_article_of_the_bundle(files: BundleFiles):
    files.edit(ARTICLE, "kind: article", "kind: article\nold_slugs: [rest]")
    files.load()
    files.edit(ARTICLE, "old_slugs: [rest]\n", "")
    files.edit("pages/about/article.yaml", "kind: page", "kind: page\nold_slugs: [rest]")
    files.load()
    assert ArticleSlug.objects.get().article.slug == "about"


# What the database alone knows


def test_what_the_database_refuses_is_a_problem_not_a_crash(files: BundleFiles, monkeypatch):
    def refuse(*args, **kwargs):
        raise DataError("value too long for type character varying(3)\nDETAIL: …")

    monkeypatch.setattr("articles.bundles.importer.sync_rows", refuse)
    problems = files.problems()
    assert [problem.path for problem in problems] == [ARTICLE, "pages/about/article.yaml"]
    assert problems[0].message == (
        "The database refuses this: value too long for type character varying(3)"
    )
    assert not Article.objects.exists()


def test_a_broken_constraint_is_told_in_its_own_words(files: BundleFiles, monkeypatch):
    monkeypatch.setattr("articles.bundles.reader._check_reference", lambda *args: None)
    files.edit(ARTICLE, "  doi: 10.1234/abcd\n", "")
    (problem,) = files.problems()
    assert problem.path == ARTICLE
    assert problem.message.startswith("Give a DOI, PubMed number, ISBN or address")
    assert not Revision.objects.exists()


def test_a_refusal_holds_every_problem_and_reads_as_a_list(files: BundleFiles):
    files.edit(EN, "seal: Sl", "seal: Sleep")
    files.edit(ARTICLE, "year: 2019", "year: MMXIX")
    with pytest.raises(BundleRefused) as refusal:
        files.load()
    assert str(refusal.value).split("\n") == [str(item) for item in refusal.value.problems]
    assert f"{EN}:4: This has 5 characters; at most 2 fit." in str(refusal.value)


def test_what_the_desk_keeps_an_import_keeps_too(files: BundleFiles):
    """The kind and the source language of what was published; the pages that others link to."""
    files.load()
    article = "articles/sleep/article.yaml"
    files.edit(article, "kind: article", "kind: article\nsource_language: en")
    with pytest.raises(BundleRefused) as refusal:
        files.load()
    (problem,) = refusal.value.problems
    assert (problem.path, problem.line > 0) == (article, True)
    assert Article.objects.get(slug="sleep").source_language == "zh-hans"


def test_a_page_that_every_page_links_to_keeps_its_folder(files: BundleFiles):
    files.load()
    page = next(path for path in files.root.glob("pages/*") if path.is_dir())
    page.rename(page.with_name("about-us"))
    text = page.with_name("about-us") / "article.yaml"
    text.write_text(text.read_text() + f"\nold_slugs: [{page.name}]\n")
    with pytest.raises(BundleRefused, match=page.name):
        files.load()
    assert Article.objects.filter(slug=page.name).exists()
