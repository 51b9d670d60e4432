"""What the checks are told of the site: addresses, words, registrations, the next review."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import checking
from articles.building import build_document
from articles.desk import WARN
from articles.models import Contribution, ForbiddenPhrase
from authors.models import AuthorTranslation
from tests.factories import (
    make_article,
    make_author,
    make_publication,
    make_published_article,
    make_registration,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)


def _codes(findings) -> set[str]:
    return {finding.rule for finding in findings}


def test_words_of_the_language_come_from_the_editors_list():
    ForbiddenPhrase.objects.all().delete()
    ForbiddenPhrase.objects.create(language="en", phrase="cure", note="Why.")
    ForbiddenPhrase.objects.create(language="zh-hans", phrase="治愈")
    translation = make_translation(article=make_article(), language="en")
    (words,) = checking.context_for(translation).forbidden
    assert (words.phrase, words.language, words.note) == ("cure", "en", "Why.")


def test_registrations_of_the_byline_that_end_soon_are_told():
    author, other = make_author(), make_author()
    article = make_article(authors=[author])
    name = AuthorTranslation.objects.get(author=author, language="en").name
    for number, days in (("soon", 60), ("ended", -5), ("later", 61)):
        until = TODAY + datetime.timedelta(days=days)
        make_registration(author=author, number=number, valid_until=until)
    make_registration(author=author, number="open")
    make_registration(author=other, number="other", valid_until=TODAY)
    Contribution.objects.create(article=article, author=author, role="reviewer", position=9)
    translation = make_translation(article=article, language="en")
    lapsing = checking.context_for(translation, TODAY).lapsing
    assert [(entry.registration, entry.author) for entry in lapsing] == [
        ("ended", name),
        ("soon", name),
    ]


def test_people_without_a_name_in_the_language_stop_their_article_alone():
    author = make_author(slug="louise")
    article, other = make_article(authors=[author]), make_article()
    Contribution.objects.create(article=article, author=author, role="reviewer", position=9)
    text = make_translation(article=article, language="en")
    assert checking.context_for(text).unnamed == ()
    author.translations.get(language="en").delete()
    assert checking.context_for(text).unnamed == ("louise",)
    assert "author-unnamed" in _codes(checking.findings_for(text))
    for unharmed in (make_translation(article=article), make_translation(article=other)):
        assert checking.context_for(unharmed).unnamed == ()


def test_review_is_due_a_year_after_the_last_one_or_the_first_publication():
    translation = make_translation(article=make_article(), language="en")
    assert checking.review_due_on(translation) is None
    first = datetime.datetime(2025, 3, 1, 12, tzinfo=datetime.UTC)
    make_publication(translation=translation, live_from=first)
    due = checking.review_due_on(translation)
    assert due == datetime.date(2025, 3, 2) + datetime.timedelta(days=365)
    assert checking.context_for(translation, TODAY).review_due_on == due
    findings = checking.findings_for(translation)
    assert "review-overdue" in _codes(findings)


PUBLIC = ["/", "/en/", "/en/authors/", "/en/glossary/#iu", "/zh-hans/topics/"]


@pytest.mark.parametrize("path", PUBLIC)
def test_lists_are_always_there(path):
    assert checking.public_paths([path]) == {path}


@pytest.mark.parametrize("path", ["/admin/", "/fr/", "/nowhere", "/healthz", "/en/a/b/c/"])
def test_what_is_not_public_is_not_there(path):
    assert checking.public_paths([path]) == frozenset()


def test_articles_and_their_fragments_are_there_once_they_are_public():
    make_published_article(slug="iron", languages=("en",))
    draft = make_article(slug="zinc")
    make_translation(article=draft, language="en")
    asked = ["/en/articles/iron/", "/zh-hans/articles/iron/", "/en/articles/zinc/", "/en/iron/"]
    asked.append("/en/articles/iron/#nowhere")
    assert checking.public_paths(asked) == {"/en/articles/iron/"}


def test_old_address_of_an_article_still_leads_there():
    article = make_published_article(slug="iron", languages=("en",))
    article.old_slugs.create(slug="ferrum")
    assert checking.public_paths(["/en/articles/ferrum/"]) == {"/en/articles/ferrum/"}


def test_authors_and_topics_are_there_in_the_languages_they_have():
    author = make_author(slug="lu")
    AuthorTranslation.objects.filter(author=author, language="zh-hans").delete()
    make_published_article(topics=[make_topic(slug="bones")], languages=("en",))
    make_topic(slug="empty")
    asked = ["/en/authors/lu/", "/zh-hans/authors/lu/", "/en/topics/bones/"]
    asked += ["/zh-hans/topics/bones/", "/en/topics/empty/", "/en/authors/nobody/"]
    assert checking.public_paths(asked) == {"/en/authors/lu/", "/en/topics/bones/"}


def test_broken_link_of_a_text_is_found_and_a_draft_is_read_when_it_is_given():
    article = make_article()
    translation = make_translation(article=article, language="en", body="[A page](/en/gone/)\n")
    assert "link-broken-page" in _codes(checking.findings_for(translation))
    saved = build_document(translation)
    translation.body = "Nothing to follow.\n"
    draft = build_document(translation)
    assert "link-broken-page" not in _codes(checking.findings_for(translation, draft))
    assert "link-broken-page" in _codes(checking.findings_for(translation, saved))


def test_comparison_with_the_other_language_can_be_left_out():
    article = make_article()
    translation = make_translation(article=article, language="en", body="400 IU\n")
    make_translation(article=article, language="zh-hans", body="600 IU\n\n## 标题\n")
    assert "block-structure" in _codes(checking.findings_for(translation))
    assert "block-structure" not in _codes(checking.findings_for(translation, is_alone=True))


def test_links_to_the_sites_own_host_are_internal(settings):
    settings.SITE_ORIGIN = "https://site.example:8443"
    assert checking.site_hosts() == {"site.example:8443", "site.example"}
    body = "[A page](https://site.example:8443/en/gone/)\n"
    translation = make_translation(article=make_article(), language="en", body=body)
    assert "link-broken-page" in _codes(checking.findings_for(translation))


def test_number_of_queries_does_not_grow_with_links_words_and_registrations():
    author = make_author()
    article = make_article(authors=[author])
    translation = make_translation(article=article, language="en", body=_body(1))
    make_registration(author=author, number="1", valid_until=TODAY)
    before = _queries(translation)
    for number in range(2, 8):
        make_published_article(slug=f"text-{number}", languages=("en",))
        make_registration(author=author, number=str(number), valid_until=TODAY)
        ForbiddenPhrase.objects.create(language="en", phrase=f"phrase {number}")
    translation.body = _body(8)
    assert _queries(translation) == before


def _body(count: int) -> str:
    numbers = range(1, count + 1)
    kinds = ("articles/text", "topics/topic", "authors/author", "page")
    return "\n\n".join(f"[Page {n}](/en/{kind}-{n}/)" for n in numbers for kind in kinds) + "\n"


def _queries(translation) -> int:
    document = build_document(translation)
    with CaptureQueriesContext(connection) as queries:
        checking.context_for(translation, TODAY, document=document)
    return len(queries)


def test_demo_content_is_published_without_stops(demo_site):
    from articles.models import ArticleTranslation

    for translation in ArticleTranslation.objects.select_related("article"):
        findings = checking.findings_for(translation)
        assert [finding.message for finding in findings if finding.is_stop] == []
        assert _codes(item for item in findings if item.severity == WARN) <= {"reference-address"}
