"""A translation that is behind its source when it is exported is behind when it is imported."""

import re

import pytest

from articles import services
from articles.building import build_document
from articles.bundles import import_bundle, schema
from articles.models import ArticleTranslation
from articles.units import digests_of
from tests.articles.bundles.files import EN, ZH, BundleFiles, clear_site, exported, tables

pytestmark = pytest.mark.django_db


def text(code: str = "en") -> ArticleTranslation:
    return ArticleTranslation.objects.get(article__slug="sleep", language=code)


def change(code: str, **columns: str) -> None:
    """An editor's save."""
    row = text(code)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    services.save_revision(row)


def followed() -> dict[str, str]:
    return text().source_hashes


def carried(tmp_path) -> str:
    """Export, begin anew, import, export again; the English file, which stays the same."""
    first = exported(tmp_path / "first")
    before, digests = followed(), (text().source_digest, text("zh-hans").units_digest)
    clear_site()
    import_bundle(tmp_path / "first")
    assert followed() == before
    assert (text().source_digest, text("zh-hans").units_digest) == digests
    assert exported(tmp_path / "second") == first
    return first[EN].decode()


def entries(file: str) -> set[str]:
    found = re.search(r"^behind: \[(.*)\]$", file, re.MULTILINE)
    return {entry.strip("'\"").split("=")[0] for entry in found[1].split(", ")} if found else set()


def source_digests() -> dict[str, str]:
    return digests_of(build_document(text("zh-hans")))


def test_nothing_is_said_of_a_translation_that_follows_its_source(files: BundleFiles, tmp_path):
    files.load()
    assert followed() == source_digests()
    assert "behind" not in carried(tmp_path)
    assert followed() == source_digests()


def test_passages_that_are_behind_stay_behind(files: BundleFiles, tmp_path):
    files.load()
    body = text("zh-hans").body
    change("zh-hans", title="改过的标题", body=body.replace("为什么", "怎么会"))
    older = {unit: followed()[unit] for unit in ("@title", "why")}
    assert entries(carried(tmp_path)) == {"@title", "why"}
    assert {unit: followed()[unit] for unit in older} == older
    assert all(source_digests()[unit] != digest for unit, digest in older.items())


def test_passage_that_is_missing_stays_missing(files: BundleFiles, tmp_path):
    files.load()
    change("zh-hans", body=text("zh-hans").body + "\n## 新的 {#new}\n")
    assert "new" in entries(carried(tmp_path)) or "new" not in followed()
    assert "new" in source_digests()
    assert "new" not in followed()


def test_passage_of_which_nothing_is_known_stays_unknown(files: BundleFiles, tmp_path):
    files.load()
    change("en", edition_note="A note.")
    change("zh-hans", edition_note="注。")
    file = carried(tmp_path)
    assert "@edition-note=" in file
    assert "@edition-note" not in followed()


def test_passage_left_out_on_purpose_is_not_missing_afterwards(files: BundleFiles, tmp_path):
    files.load()
    change("zh-hans", edition_note="注。")
    services.confirm_units(text(), ["@edition-note"])
    carried(tmp_path)
    assert followed()["@edition-note"] == source_digests()["@edition-note"]


def test_passage_that_the_source_gave_up_is_still_told(files: BundleFiles, tmp_path):
    files.load()
    change("zh-hans", standfirst="")
    carried(tmp_path)
    assert "@standfirst" in followed()
    assert "@standfirst" not in source_digests()


def test_edit_in_the_files_clears_what_it_touches(files: BundleFiles):
    """A translator's edit of the file is one of the text; what it leaves stays behind."""
    files.load()
    change("zh-hans", title="改过的标题", standfirst="改过的导语。")
    files.edit(EN, "title: Put", "title: Always put")
    files.edit(EN, "publish:\n  at: 2026-01-01T00:00:00+00:00\n  change: first\n", "")
    files.remove(ZH)
    files.load()
    assert followed()["@title"] == source_digests()["@title"]
    assert followed()["@standfirst"] != source_digests()["@standfirst"]


def test_importing_it_again_writes_nothing(files: BundleFiles, tmp_path):
    files.load()
    change("zh-hans", title="改过的标题")
    exported(tmp_path / "first")
    import_bundle(tmp_path / "first")
    before = tables()
    import_bundle(tmp_path / "first")
    assert tables() == before


@pytest.mark.parametrize(
    "entry",
    ["why", "why=1", "why=12345678x", "Why=12345678", "=12345678", "'@a b='", "'@a:b:c:d='"],
)
def test_entry_that_no_export_wrote_is_refused(files: BundleFiles, entry):
    files.edit(EN, "publish:", f"behind: [{entry}]\npublish:")
    (problem,) = files.problems()
    assert (problem.path, problem.line) == (EN, files.line_of(EN, "behind:"))


def test_every_unit_of_a_text_can_be_an_entry(files: BundleFiles):
    files.load()
    for code in ("zh-hans", "en"):
        for unit in digests_of(build_document(text(code))):
            assert re.fullmatch(schema.BEHIND, f"{unit}=")
