"""The hand-off page: who may, what comes out, what an upload shows, and what is imported."""

import datetime
import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles.admin.handoff import MAX_AGE
from articles.models import ArticleTranslation, AuditEntry
from articles.services import save_revision
from articles.xliff.names import MAX_BYTES
from articles.xliff.reader import read_xliff
from tests.factories import make_article, make_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def translation() -> ArticleTranslation:
    """A Chinese text with an English source."""
    article = make_article(source_language="en")
    save_revision(make_translation(article=article, language="en"))
    translation = make_translation(article=article, language="zh-hans")
    save_revision(translation)
    return translation


@pytest.fixture
def translator(client) -> User:
    """Somebody of the group Translator, signed in."""
    return sign_in(client, "Translator")


def sign_in(client, *groups: str, **fields) -> User:
    user = User.objects.create_user("somebody", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    client.force_login(user)
    return user


def address(name: str, translation: ArticleTranslation) -> str:
    return reverse(f"admin:articles_articletranslation_{name}", args=[translation.pk])


def page(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def exported(client, translation) -> bytes:
    return client.get(address("handoff_file", translation)).content


def with_title(data: bytes, title: str) -> bytes:
    """The file with another translated title."""
    head, target, rest = data.partition(b'<target xml:space="preserve">')
    return head + target + title.encode() + rest[rest.index(b"<") :]


def upload(client, translation, data: bytes, name: str = "back.xlf"):
    return client.post(address("handoff", translation), {"file": SimpleUploadedFile(name, data)})


def confirm(client, translation, preview, **values):
    token = page(preview).find("input", {"name": "token"})["value"]
    return client.post(address("handoff_apply", translation), {"token": token, **values})


class TestWhoMay:
    @pytest.mark.parametrize("name", ["handoff", "handoff_file", "handoff_apply"])
    def test_nobody_without_an_account(self, client, translation, name):
        response = client.post(address(name, translation))
        assert response.status_code == 302
        assert "/login/" in response["Location"]

    @pytest.mark.parametrize("name", ["handoff", "handoff_file", "handoff_apply"])
    @pytest.mark.parametrize("group", ["", "Reviewer"])
    def test_nobody_who_may_not_edit(self, client, translation, name, group):
        sign_in(client, group)
        call = client.post if name == "handoff_apply" else client.get
        assert call(address(name, translation)).status_code == 403

    @pytest.mark.parametrize("group", ["Translator", "Managing editor"])
    def test_who_may_edit_the_translation(self, client, translation, group):
        sign_in(client, group)
        assert client.get(address("handoff", translation)).status_code == 200
        assert client.get(address("handoff_file", translation)).status_code == 200

    def test_an_unknown_text_is_not_found(self, client, translator):
        for number in (999_999, 2**70):
            path = f"/admin/articles/articletranslation/{number}/handoff/"
            assert client.get(path).status_code == 404

    def test_importing_takes_a_post(self, client, translation, translator):
        assert client.get(address("handoff_apply", translation)).status_code == 405
        assert client.post(address("handoff_file", translation)).status_code == 405


class TestExport:
    def test_the_file_is_this_translation(self, client, translation, translator):
        response = client.get(address("handoff_file", translation))
        assert response["Content-Type"] == "application/xliff+xml"
        assert response["Content-Disposition"].startswith("attachment")
        assert "no-store" in response["Cache-Control"]
        handoff = read_xliff(response.content)
        assert handoff.article == translation.article.slug
        assert handoff.target_language == "zh-hans"
        assert handoff.version == translation.version
        assert AuditEntry.objects.get(act="exported").user == translator

    def test_what_lags_is_to_be_done_again(self, client, translation, translator):
        source = translation.article.translations.get(language="en")
        source.title = "Another title"
        source.save()
        save_revision(source)
        units = read_xliff(exported(client, translation)).units
        assert not units["@title"].is_confirmed
        assert units["@standfirst"].is_confirmed

    def test_the_source_is_never_handed_off_to_itself(self, client, translation):
        sign_in(client, is_superuser=True)
        source = translation.article.translations.get(language="en")
        soup = page(client.get(address("handoff", source)))
        assert not soup.find("input", {"type": "file"})
        assert soup.find("a", href=address("handoff", translation))
        assert client.get(address("handoff_file", source)).status_code == 302


class TestImport:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_a_preview_shows_the_change_and_writes_nothing(
        self, client, translation, translator, language
    ):
        data = with_title(exported(client, translation), "睡前三小时放下手机")
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        response = upload(client, translation, data)
        assert response.status_code == 200
        soup = page(response)
        assert [item.text for item in soup.select("del")] == ["两"]
        assert [item.text for item in soup.select("ins")] == ["三"]
        assert len(soup.select("input[name=leave]")) == 1
        assert not soup.select("input[name=leave][checked]")
        translation.refresh_from_db()
        assert (translation.title, translation.version) == ("睡前两小时放下手机", 1)

    def test_confirmed_it_is_a_revision_and_the_checks_are_shown(
        self, client, translation, translator
    ):
        data = exported(client, translation).replace("感光细胞".encode(), b"[@nobody]")
        preview = upload(client, translation, data)
        response = confirm(client, translation, preview)
        assert response.status_code == 302
        translation.refresh_from_db()
        assert "[@nobody]" in translation.body
        assert translation.revisions.get(number=2).saved_by == translator
        assert AuditEntry.objects.get(act="imported").user == translator
        soup = page(client.get(response["Location"]))
        assert any("nobody" in item.text for item in soup.select(".handoff-findings .stop"))

    def test_a_text_may_be_left_out(self, client, translation, translator):
        data = with_title(exported(client, translation), "新题")
        response = confirm(client, translation, upload(client, translation, data), leave="@title")
        assert response.status_code == 302
        translation.refresh_from_db()
        assert (translation.title, translation.version) == ("睡前两小时放下手机", 1)

    def test_an_untouched_file_has_nothing_to_confirm(self, client, translation, translator):
        soup = page(upload(client, translation, exported(client, translation)))
        assert not soup.find("input", {"name": "token"})

    def test_a_save_before_the_upload_keeps_the_desks_text_unless_chosen(
        self, client, translation, translator
    ):
        data = with_title(exported(client, translation), "新题")
        translation.title = "别人的题"
        translation.save()
        save_revision(translation)
        preview = upload(client, translation, data)
        assert page(preview).select("input[name=leave][checked][value='@title']")
        assert confirm(client, translation, preview).status_code == 302
        translation.refresh_from_db()
        assert translation.title == "新题"

    def test_a_save_after_the_preview_is_a_conflict_that_keeps_both(
        self, client, translation, translator
    ):
        preview = upload(client, translation, with_title(exported(client, translation), "新题"))
        translation.title = "别人的题"
        translation.save()
        save_revision(translation)
        response = confirm(client, translation, preview)
        assert response.status_code == 409
        soup = page(response)
        shown = soup.select_one(".handoff-change .typed[lang=zh-Hans]")
        assert "别人的" in shown.text
        assert "新" in shown.text
        translation.refresh_from_db()
        assert translation.title == "别人的题"
        assert confirm(client, translation, response).status_code == 302
        translation.refresh_from_db()
        assert translation.title == "新题"

    def test_a_preview_is_only_for_who_saw_it_and_for_its_text(
        self, client, translation, translator, time_machine
    ):
        preview = upload(client, translation, with_title(exported(client, translation), "新题"))
        token = page(preview).find("input", {"name": "token"})["value"]
        other = make_translation(language="zh-hans", article=make_article(source_language="en"))
        save_revision(make_translation(article=other.article, language="en"))
        for path, sent in (
            (address("handoff_apply", other), token),
            (address("handoff_apply", translation), token[:-1]),
            (address("handoff_apply", translation), ""),
        ):
            assert client.post(path, {"token": sent}).status_code == 302
        client.force_login(User.objects.create_superuser("another"))
        assert (
            client.post(address("handoff_apply", translation), {"token": token}).status_code == 302
        )
        time_machine.move_to(timezone.now() + datetime.timedelta(seconds=MAX_AGE + 60))
        client.force_login(translator)
        assert (
            client.post(address("handoff_apply", translation), {"token": token}).status_code == 302
        )
        translation.refresh_from_db()
        assert translation.title == "睡前两小时放下手机"


class TestBadUploads:
    def sentences(self, response) -> list[str]:
        assert response.status_code == 400
        soup = page(response)
        assert soup.find("input", {"type": "file"})
        return [item.text for item in soup.select(".handoff-problems li, .errorlist li")]

    def test_one_clear_sentence_each(self, client, translation, translator):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as bundle:
            bundle.writestr("a.xlf", "x")
        data = exported(client, translation)
        for bad in (
            b"",
            b"\x00" * (MAX_BYTES + 1),
            archive.getvalue(),
            data[: len(data) // 2],
            data.replace(b"document:2.0", b"document:1.2"),
            data.replace(b'trgLang="zh-Hans"', b'trgLang="en"'),
            data.replace(translation.article.slug.encode(), b"another-article"),
            "中文".encode("utf-16"),
        ):
            assert len(self.sentences(upload(client, translation, bad))) == 1

    def test_no_file_at_all(self, client, translation, translator):
        assert len(self.sentences(client.post(address("handoff", translation)))) == 1

    def test_every_problem_at_once(self, client, translation, translator):
        data = with_title(exported(client, translation), "长" * 201)
        data = data.replace("眼睛里".encode(), "- 眼睛里".encode())
        assert len(self.sentences(upload(client, translation, data))) == 2

    def test_what_was_typed_in_the_file_is_printed_as_text(self, client, translation, translator):
        data = exported(client, translation).replace(b"trgLang=", b'trgLang="&lt;b>" x=')
        (sentence,) = self.sentences(upload(client, translation, data))
        assert "<b>" in sentence


def test_texts_of_a_file_are_printed_as_text(client, translation, translator):
    data = with_title(exported(client, translation), "&lt;script>alert(1)&lt;/script>")
    response = upload(client, translation, data)
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert "<script>" in page(response).select_one(".typed[lang=zh-Hans]").text


def test_the_page_takes_as_many_queries_for_a_long_text(
    client, translator, django_assert_max_num_queries
):
    def count(paragraphs: int) -> int:
        article = make_article(source_language="en")
        for language in ("en", "zh-hans"):
            body = "\n\n".join(f"{number}." for number in range(paragraphs))
            text = make_translation(article=article, language=language, body=body)
            save_revision(text)
        with django_assert_max_num_queries(200) as queries:
            assert client.get(address("handoff", text)).status_code == 200
        return len(queries)

    count(1)
    assert count(3) == count(60)
