"""The hostile site in Chromium: nothing runs, nothing is blocked from running, no tree is bad."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from articles import services
from tests.conftest import require

from .oracle import find_executable_in_browser
from .published import page_policy, publish_hostile_site, without_our_own

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ORIGIN = "http://hostile.test"


@dataclass(frozen=True)
class Answer:
    """What the site answered, to be served to the browser again."""

    path: str
    html: str
    policy: str


@pytest.fixture
def in_chromium():
    """``in_chromium(work)`` → what ``work(page)`` returns.

    In a thread of its own: Playwright's event loop would make Django refuse database queries in
    this one, and other tests may have a loop here already.
    """
    require(bool(shutil.which(CHROMIUM) or Path(CHROMIUM).exists()), "Chromium")
    playwright_api = pytest.importorskip("playwright.sync_api")

    def run(work: Callable):
        def drive():
            with playwright_api.sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                try:
                    return work(browser.new_page())
                finally:
                    browser.close()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(drive).result(timeout=240)

    return run


@pytest.fixture
def answers(client, monkeypatch) -> list[Answer]:
    """Pages that hold all payloads between them."""
    monkeypatch.setattr(services.publishing, "findings_for", lambda *_args, **_options: [])
    publish_hostile_site()
    paths = [f"/zh-hans/articles/article-{number}/" for number in (0, 2, 4, 6)]
    paths += [f"/en/articles/article-{number}/" for number in (1, 3, 5, 7)]
    paths += ["/en/authors/", "/zh-hans/glossary/", "/en/topics/topic/"]
    found = []
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        found.append(
            Answer(path, response.content.decode(), response.headers["Content-Security-Policy"])
        )
    return found


def _visit(page, answer: Answer, policy: str | None) -> list[str]:
    """Load a page, touch what a reader may touch, and return what happened that should not."""
    happened: list[str] = []

    def on_console(message):
        if "Content Security Policy" in message.text:
            happened.append(f"blocked: {message.text}")

    def on_dialog(dialog):
        happened.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_error(error):
        happened.append(f"script: {error}")

    def serve(route):
        if route.request.url == ORIGIN + answer.path:
            headers = {"Content-Type": "text/html; charset=utf-8"}
            if policy:
                headers["Content-Security-Policy"] = policy
            route.fulfill(status=200, headers=headers, body=answer.html.encode())
            return
        if not route.request.url.startswith(ORIGIN):
            happened.append(f"request: {route.request.url}")
        route.fulfill(status=404, body="")

    page.on("console", on_console)
    page.on("dialog", on_dialog)
    page.on("pageerror", on_error)
    page.route("**/*", serve)
    try:
        page.goto(ORIGIN + answer.path, wait_until="load")
        page.evaluate("""() => {
          for (const details of document.querySelectorAll('details')) details.open = true;
          for (const type of ['mouseover', 'mouseenter', 'pointerenter', 'focus', 'toggle']) {
            for (const element of document.querySelectorAll('*')) {
              element.dispatchEvent(new Event(type, { bubbles: true }));
            }
          }
        }""")
        page.wait_for_timeout(300)
        if page.url != ORIGIN + answer.path:
            happened.append(f"went to {page.url}")
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("dialog", on_dialog)
        page.remove_listener("pageerror", on_error)
        page.unroute("**/*", serve)
    return happened


def test_no_payload_runs_in_a_browser_and_none_is_only_stopped_by_the_policy(answers, in_chromium):
    """Under the page's own policy nothing is blocked, and without any policy nothing runs."""

    def work(page):
        return {
            (answer.path, is_guarded): found
            for answer in answers
            for is_guarded in (True, False)
            if (found := _visit(page, answer, answer.policy if is_guarded else None))
        }

    assert in_chromium(work) == {}


def test_no_tree_that_a_browser_builds_of_a_page_is_executable(answers, in_chromium):
    policy = page_policy()

    def work(page):
        return {
            answer.path: found
            for answer in answers
            if (found := find_executable_in_browser(page, without_our_own(answer.html), policy))
        }

    assert in_chromium(work) == {}


def test_the_browser_would_notice(in_chromium):
    """The instruments work: a page with a payload that lives is reported in every way."""
    bad = Answer("/bad/", "<!doctype html><p onmouseover='alert(1)'>x<script>alert(2)</script>", "")

    def work(page):
        return (
            _visit(page, bad, None),
            _visit(page, bad, "default-src 'none'"),
            find_executable_in_browser(page, bad.html, page_policy()),
        )

    loose, guarded, found = in_chromium(work)
    assert "dialog: 1" in loose
    assert "dialog: 2" in loose
    assert guarded
    assert all(one.startswith("blocked:") for one in guarded)
    assert [one for one in found if "handler" in one or "script element" in one] == [
        "<p>: event handler onmouseover",
        "<script>: script element",
    ]
