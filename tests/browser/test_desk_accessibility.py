"""Every screen about a text, in every state it has: without barriers, silent under the policy."""

import json
from collections.abc import Callable

import pytest

from tests.browser.test_admin import LANGUAGES, assert_no_barrier, violations

pytestmark = pytest.mark.browser

TEXTS = "/admin/articles/articletranslation"
ARTICLES = "/admin/articles/article"

# One text with a mistake that stops it, one that is scheduled, and what hangs on the demo article:
# a request for a review by an author with an account, and preview links of each kind.
PREPARE = """
import datetime
import json
from django.contrib.auth import get_user_model
from django.utils import timezone
from articles import services
from articles.checking import findings_for
from articles.models import ArticleTranslation, Figure, Image, PreviewLink
from authors.models import Author
from tests.factories import make_article, make_author, make_translation

reviewer = get_user_model().objects.get(username="reviewing")
author = make_author(slug="desk-reviewer", name="Desk Reviewer", user=reviewer)
texts = {}
article = make_article(slug="desk-states")
for code in ("zh-hans", "en"):
    text = make_translation(article=article, language=code)
    sentence = "A word." if code == "en" else "一句话。"
    text.body += f"\\n\\n{sentence}[@nobody1999]\\n"
    text.save()
    Figure.objects.create(translation=text, key="one", image=Image.objects.first(), caption="One")
    services.save_revision(text)
    services.note_findings(text, findings_for(text))
texts["stopped"] = text.pk
texts["draft"] = text.article_id
services.request_review(text, reviewer=author, user=None, note="One question.")
for days in (1, 2, 3):
    link = services.make_preview_link(text, recipient=f"Reader {days}", days=days)
    if days == 2:
        services.revoke_preview_link(link)
    if days == 3:
        past = timezone.now() - datetime.timedelta(days=9)
        ended = past + datetime.timedelta(days=1)
        PreviewLink.objects.filter(pk=link.pk).update(created_at=past, expires_at=ended)
article = make_article(slug="desk-scheduled")
text = make_translation(article=article, language="en")
services.publish(
    text, change="first", live_from=timezone.now() + datetime.timedelta(days=30)
)
texts["scheduled"] = text.pk
for name, slug in (("stale", "revised"), ("withdrawn", "withdrawn")):
    texts[name] = ArticleTranslation.objects.get(article__slug=slug, language="en").pk
texts["source"] = ArticleTranslation.objects.get(article__slug="revised", language="zh-hans").pk
texts["article"] = ArticleTranslation.objects.get(pk=texts["stale"]).article_id
print(json.dumps(texts))
"""

SCREENS = {
    "overview": ("managing", "/admin/"),
    "desk-of-a-source": ("writing", TEXTS + "/{source}/change/"),
    "desk-of-a-stale-text": ("translating", TEXTS + "/{stale}/change/"),
    "desk-with-a-stop": ("writing", TEXTS + "/{stopped}/change/"),
    "desk-of-a-withdrawn-text": ("managing", TEXTS + "/{withdrawn}/change/"),
    "desk-as-one-field": ("writing", TEXTS + "/{stale}/change/?view=whole"),
    "publish": ("managing", TEXTS + "/{stale}/publish/"),
    "publish-in-spite-of-a-stop": ("managing", TEXTS + "/{stopped}/publish/"),
    "publish-a-scheduled-text": ("managing", TEXTS + "/{scheduled}/publish/"),
    "withdraw": ("managing", TEXTS + "/{stale}/withdraw/"),
    "review": ("managing", TEXTS + "/{stale}/review/"),
    "review-to-sign": ("reviewing", TEXTS + "/{stopped}/review/"),
    "revisions": ("writing", TEXTS + "/{source}/revisions/"),
    "comparison": ("writing", TEXTS + "/{source}/revisions/?from=1&to=2"),
    "links": ("writing", TEXTS + "/{stopped}/links/"),
    "hand-off": ("translating", TEXTS + "/{stale}/handoff/"),
    "start": ("writing", ARTICLES + "/start/"),
    "rename": ("managing", ARTICLES + "/{article}/rename/"),
    "discard": ("managing", ARTICLES + "/{draft}/discard/"),
    "discard-what-is-kept": ("managing", ARTICLES + "/{article}/discard/"),
    "article": ("managing", ARTICLES + "/{article}/change/"),
    "reference": ("writing", "/admin/articles/reference/1/change/"),
    "reference-to-add": ("writing", "/admin/articles/reference/add/?article={article}"),
    "image": ("managing", "/admin/articles/image/1/change/"),
}
"""Screens that are looked at as they open: who looks, and where. Lists are in test_desk_lists."""

WIDTHS = (390, 820, 1440)


@pytest.fixture(scope="module")
def texts(manage, session_of) -> dict[str, int]:
    """The numbers of texts by the state they are in."""
    session_of("reviewing")
    return json.loads(manage("shell", "-v0", "-c", PREPARE).splitlines()[-1])


@pytest.fixture
def open_screen(desk_page, texts) -> Callable:
    """``open_screen(path, user=…, language=…)`` → a page; the path names texts by their state."""

    def open_(path: str, **options):
        page = desk_page(path.format(**texts), **options)
        if path.startswith(TEXTS) and "/change/" in path:
            # The desk asks who else is here, and says so.
            page.wait_for_load_state("networkidle")
        return page

    return open_


def assert_sound(page) -> None:
    assert_no_barrier(page, WIDTHS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_screen_has_no_barrier_and_breaks_no_policy(open_screen, name, language):
    user, path = SCREENS[name]
    assert_sound(open_screen(path, user=user, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_asking_once_more_before_a_schedule_has_no_barrier(open_screen, language):
    page = open_screen(TEXTS + "/{stale}/publish/", language=language)
    page.locator("[name=change][value=typo]").check()
    page.locator("[name=live_from]").fill("2099-01-01T09:00")
    page.locator(".publish-form .default").click()
    page.locator("[name=confirm]").wait_for()
    assert_sound(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "user", "button"),
    [
        (TEXTS + "/{stale}/publish/", "managing", ".publish-form .default"),
        (TEXTS + "/{stale}/withdraw/", "managing", ".publish-form .default"),
        (TEXTS + "/{stopped}/links/", "writing", ".publish-form .default"),
        (TEXTS + "/{stale}/review/", "writing", ".publish-form .button"),
        (ARTICLES + "/start/", "writing", ".start-form .default"),
    ],
    ids=["publish", "withdraw", "links", "ask", "start"],
)
def test_what_is_missing_is_said_without_a_barrier(open_screen, path, user, button, language):
    page = open_screen(path, user=user, language=language)
    page.locator(button).last.click()
    page.locator(".errorlist").first.wait_for()
    assert_sound(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_desk_with_mistakes_has_no_barrier(open_screen, language):
    page = open_screen(TEXTS + "/{stale}/change/", user="writing", language=language)
    page.locator("#id_title").fill("")
    page.locator("[name=figures-0-key]").fill("a key")
    page.locator(".submit-row [name=_save]").click()
    page.locator("#errors").wait_for()
    assert_sound(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_conflict_has_no_barrier(open_screen, language):
    """Two windows of one editor are two editors as well."""
    pages = [
        open_screen(TEXTS + "/{stale}/change/", user=user, language=language)
        for user in ("writing", "managing")
    ]
    for number, page in enumerate(pages):
        page.locator("#id_standfirst").fill(f"Standfirst {language} {number}")
        page.locator(".submit-row [name=_save]").click()
        page.locator("#conflict-h" if number else ".messagelist .success").wait_for()
    assert pages[1].locator(".difference").count() > 0
    assert_sound(pages[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_act_on_an_earlier_text_is_refused_without_a_barrier(open_screen, language):
    page = open_screen(TEXTS + "/{stale}/withdraw/", language=language)
    other = open_screen(TEXTS + "/{stale}/change/", language=language)
    field = other.locator("#id_standfirst")
    field.fill(field.input_value() + ".")
    other.locator(".submit-row [name=_save]").click()
    other.locator(".messagelist .success").wait_for()
    page.locator("[name=note]").fill("A reason.")
    page.locator(".publish-form .default").click()
    page.locator(".notice--conflict").wait_for()
    assert_sound(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_article_that_somebody_else_changed_has_no_barrier(open_screen, language):
    pages = [open_screen(ARTICLES + "/{article}/change/", language=language) for _ in range(2)]
    for number, page in enumerate(pages):
        page.locator("[name=lead_figure_key]").fill(f"figure-{language}-{number}")
        page.locator("[name=_continue]").click()
        page.locator(".notice--conflict" if number else ".messagelist .success").wait_for()
    assert_sound(pages[1])


def test_preview_beside_the_text_has_no_barrier(open_screen):
    page = open_screen(TEXTS + "/{stale}/change/", user="writing", width=1440)
    page.locator("#preview-beside").check()
    page.frame_locator("iframe[name=preview-1]:not(.is-coming)").locator("h1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert violations(page) == []
