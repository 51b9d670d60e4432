"""What the two commands print."""

import pytest
from django.core.management import CommandError, call_command

from articles import services
from articles.models import Article, ArticleTranslation
from tests.articles.bundles.files import EN, PUBLISH, BundleFiles, contents

pytestmark = pytest.mark.django_db


def run(capsys, *arguments) -> tuple[str, str]:
    call_command(*map(str, arguments))
    return capsys.readouterr()


def test_an_import_says_what_it_did(files: BundleFiles, capsys):
    out, err = run(capsys, "import_content", files.root)
    assert out == "Imported 2 articles and pages and 1 authors; 4 texts published, 0 drafts.\n"
    assert err == ""


def test_a_quiet_import_says_nothing(files: BundleFiles, capsys):
    assert run(capsys, "import_content", files.root, "-v0") == ("", "")


def test_an_import_lists_what_is_unfinished_in_drafts(files: BundleFiles, capsys):
    files.edit(EN, PUBLISH, "")
    files.edit(EN, "[[callouts]]", "[[callout]]")
    _out, err = run(capsys, "import_content", files.root)
    assert err.startswith(f"Draft: {EN}:{files.line_of(EN, '[[callout]]')}: [[callout]] is not")


def test_a_refused_import_lists_every_problem(files: BundleFiles):
    files.edit(EN, "seal: Sl", "seal: Sleep")
    files.edit("topics.yaml", "slug: food", "slug: Food")
    with pytest.raises(CommandError) as error:
        call_command("import_content", files.root)
    lines = str(error.value).split("\n")
    assert lines[0] == "Nothing was imported. 2 problem(s):"
    assert lines[1].startswith("topics.yaml:4: ")
    assert lines[2].startswith(f"{EN}:4: ")


def test_a_very_wrong_bundle_does_not_fill_the_screen(files: BundleFiles):
    files.write("topics.yaml", "- slug: A\n" * 500)
    with pytest.raises(CommandError) as error:
        call_command("import_content", files.root)
    lines = str(error.value).split("\n")
    assert len(lines) == 102
    assert lines[-1].startswith("… and ")


@pytest.mark.parametrize("folder", ["nowhere", ""])
def test_a_folder_that_cannot_be_read_is_an_error_in_words(tmp_path, folder: str, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("articles.bundles.folder.os.scandir", refuse)
    with pytest.raises(CommandError, match=r"^Nothing was imported\. "):
        call_command("import_content", tmp_path / folder)


def test_an_import_can_be_for_empty_sites_only(files: BundleFiles, capsys):
    Article.objects.create(slug="mine")
    assert run(capsys, "import_content", files.root, "--if-empty") == ("", "")
    assert Article.objects.count() == 1


def test_an_export_says_how_much_it_wrote(files: BundleFiles, capsys, tmp_path):
    files.load()
    out, err = run(capsys, "export_content", tmp_path / "export")
    assert out == f"Wrote 13 files to {tmp_path / 'export'}.\n"
    assert err == ""
    assert len(contents(tmp_path / "export")) == 13


def test_an_export_names_the_texts_that_were_edited(files: BundleFiles, capsys, tmp_path):
    files.load()
    text = ArticleTranslation.objects.get(article__slug="sleep", language="en")
    text.title = "Another"
    text.save()
    services.save_revision(text)
    _out, err = run(capsys, "export_content", tmp_path / "export", "-v0")
    assert err.endswith("not the one that readers have now: sleep (en)\n")


def test_an_export_over_other_files_is_an_error_in_words(tmp_path):
    (tmp_path / "kept").write_text("")
    with pytest.raises(CommandError, match="is not empty. Give a new folder"):
        call_command("export_content", tmp_path)


def test_an_export_to_a_place_that_takes_no_files_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="The export is not complete"):
        call_command("export_content", tmp_path / "file/export")
