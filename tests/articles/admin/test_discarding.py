"""The page on which a managing editor deletes an article that nobody has read."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from articles import services
from articles.models import Article, Autosave, Presence
from tests.articles.admin.conftest import MANAGER, WRITER
from tests.factories import make_publication

pytestmark = pytest.mark.django_db


def address(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def offers(client, article: Article) -> bool:
    soup = BeautifulSoup(client.get(address("change", article)).content, "html.parser")
    return bool(soup.select(f'a[href="{address("discard", article)}"]'))


def hidden(soup) -> dict[str, str]:
    return {
        name: soup.select_one(f"[name={name}]").get("value", "") for name in ("version", "typing")
    }


def test_it_is_offered_to_a_managing_editor_until_it_is_published(client_for, pair):
    article = pair["en"].article
    assert offers(client_for(MANAGER), article)
    assert not offers(client_for(WRITER), article)
    make_publication(translation=pair["en"])
    assert not offers(client_for(MANAGER), article)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_names_what_goes_and_then_it_is_gone(client_for, pair, language):
    article = pair["en"].article
    client = client_for(MANAGER, language)
    soup = BeautifulSoup(client.get(address("discard", article)).content, "html.parser")
    words = soup.select_one(".publish-form").get_text()
    assert all(text.title in words for text in pair.values())
    answer = client.post(address("discard", article), hidden(soup))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("admin:articles_article_changelist")
    assert not Article.objects.filter(pk=article.pk).exists()


def test_a_published_article_has_a_reason_and_no_button(client_for, pair):
    make_publication(translation=pair["en"])
    article = pair["en"].article
    client = client_for(MANAGER)
    soup = BeautifulSoup(client.get(address("discard", article)).content, "html.parser")
    assert soup.select_one("#content .notice")
    assert not soup.select("#content form button")
    seen = {"version": services.version_of_all(article), "typing": ""}
    assert client.post(address("discard", article), seen).status_code == 422
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize(("version", "status"), [("99", 409), ("", 409), ("x", 409)])
def test_a_form_that_saw_another_article_deletes_nothing(client_for, pair, version, status):
    article = pair["en"].article
    seen = {"version": version, "typing": ""}
    sent = client_for(MANAGER).post(address("discard", article), seen)
    assert sent.status_code == status
    assert Article.objects.filter(pk=article.pk).exists()


def test_after_a_conflict_the_page_is_about_what_it_shows(client_for, account_of, pair):
    article = pair["en"].article
    client = client_for(MANAGER)
    Autosave.objects.create(translation=pair["en"], user=account_of(WRITER), version=1)
    refused = client.post(address("discard", article), {"version": 1, "typing": "1"})
    form = BeautifulSoup(refused.content, "html.parser").select_one(".publish-form")
    assert refused.status_code == 409
    assert form.select_one(".errorlist")
    assert len(form.select("li")) >= len(pair) + 2
    assert client.post(address("discard", article), hidden(form)).status_code == 302


def test_what_somebody_began_to_type_meanwhile_is_not_deleted(client_for, account_of, pair):
    article, writer = pair["en"].article, account_of(WRITER)
    client = client_for(MANAGER)
    shown = BeautifulSoup(client.get(address("discard", article)).content, "html.parser")
    Autosave.objects.create(translation=pair["en"], user=writer, version=1)
    Presence.objects.create(translation=pair["en"], user=writer, seen_at=timezone.now())
    refused = client.post(address("discard", article), hidden(shown))
    assert refused.status_code == 409
    form = BeautifulSoup(refused.content, "html.parser").select_one(".publish-form")
    assert writer.get_username() in form.select_one(".notice").get_text()
    assert client.post(address("discard", article), hidden(form)).status_code == 302


def test_an_article_that_is_not_there_is_404(client_for):
    assert client_for(MANAGER).get("/admin/articles/article/9999/discard/").status_code == 404


def test_somebody_else_who_types_is_not_taken_for_who_did_before(client_for, account_of, pair):
    article, client = pair["en"].article, client_for(MANAGER)
    kept = Autosave.objects.create(translation=pair["en"], user=account_of(WRITER), version=1)
    shown = BeautifulSoup(client.get(address("discard", article)).content, "html.parser")
    kept.delete()
    Autosave.objects.create(translation=pair["en"], user=account_of("Translator"), version=1)
    refused = client.post(address("discard", article), hidden(shown))
    assert refused.status_code == 409
    assert BeautifulSoup(refused.content, "html.parser").select(".publish-form .errorlist")
