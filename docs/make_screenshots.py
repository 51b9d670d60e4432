"""Makes the pictures of the editors' guides: ``python docs/make_screenshots.py``.

It starts a site of its own in a temporary folder with the demo content and one account for each
role, walks through the desk in a browser, and writes docs/images/editing/<language>/<name>.png.
It needs requirements-dev.txt and a Chromium (``CHROMIUM=…`` where it is not /usr/bin/chromium).
"""

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "editing"
LANGUAGES = ("en", "zh-hans")
WIDTH = 1280
"""Pixels: the column of a page on GitHub shows a little less, a laptop a little more."""

COLOURS = 96
"""A screen of text has few; with these the largest picture stays under 150 KB."""

ABOVE = 80
"""Pixels left above what a picture is about: the desk's toolbar stays there."""

START_SECONDS = 30

# One account for each role, named by it; and the little that happens on the days before a picture.
PREPARE = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from articles import services
from articles.models import ArticleTranslation
from authors.models import Author

users = {}
for group in Group.objects.all():
    name = group.name.lower().replace("managing editor", "editor")
    user = get_user_model().objects.create_user(name, is_staff=True, first_name=name.title())
    user.groups.add(group)
    users[name] = user

author = Author.objects.filter(is_active=True).first()
author.user = users["reviewer"]
author.save()
source = ArticleTranslation.objects.get(article__slug="d3-k2-magnesium", language="zh-hans")
paragraphs = source.body.split("\\n\\n")
first = next(
    number for number, text in enumerate(paragraphs)
    if text[:1] not in {"#", "[", "-", "|", ">", ""} and len(text) > 40
)
paragraphs[first] += "剂量请先问过医生或药师。"
source.body = "\\n\\n".join(paragraphs)
source.save()
services.save_revision(source, user=users["writer"])
services.request_review(source, reviewer=author, user=users["writer"])

for name, user in users.items():
    client = Client()
    client.force_login(user)
    print("session", name, client.cookies[settings.SESSION_COOKIE_NAME].value)
for text in ArticleTranslation.objects.filter(article__slug="d3-k2-magnesium"):
    print("text", text.language, text.pk)
"""


class Site:
    """A running site: its origin, the session of each role and the numbers of the two texts."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.origin = f"http://127.0.0.1:{port}"
        self.environment = {
            **os.environ,
            "DATA_DIR": folder,
            "SITE_ORIGIN": self.origin,
            "DJANGO_SETTINGS_MODULE": "healthsite.settings",
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
        self.environment.pop("DATABASE_URL", None)
        self.sessions: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def manage(self, *arguments: str) -> str:
        """What a management command of this site printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def fill(self) -> None:
        """The demo content, the accounts, and a source that has moved ahead."""
        self.manage("migrate", "-v0")
        self.manage("import_content", str(ROOT / "fixtures"), "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        kinds = {"session": self.sessions, "text": self.texts}
        for line in self.manage("shell", "-v0", "-c", PREPARE).splitlines():
            kind, _space, rest = line.partition(" ")
            if kind in kinds:
                name, value = rest.split()
                kinds[kind][name] = value

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "healthsite.wsgi"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, cwd=ROOT, env=self.environment, **quiet)
        try:
            self._wait()
            yield
        finally:
            server.terminate()
            server.wait(timeout=START_SECONDS)

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.origin}/healthz", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise SystemExit("The site did not start.")

    def path(self, language: str, screen: str = "change") -> str:
        """The address of a screen of one of the article's two texts."""
        number = self.texts[language]
        return f"/admin/articles/articletranslation/{number}/{screen}/"


class Desk:
    """Browsers of the roles, in one language, and where their pictures go."""

    def __init__(self, site: Site, browser: Browser, language: str) -> None:
        self.site, self.browser, self.language = site, browser, language
        self.contexts: list[BrowserContext] = []

    def open(self, role: str, path: str, *, height: int = 800) -> Page:
        """A page as somebody with this role sees it."""
        context = self.browser.new_context(
            viewport={"width": WIDTH, "height": height}, timezone_id="Pacific/Auckland"
        )
        self.contexts.append(context)
        cookies = {"django_language": self.language, "sessionid": self.site.sessions[role]}
        context.add_cookies(
            [
                {"name": name, "value": value, "url": f"{self.site.origin}/admin/"}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        page.goto(self.site.origin + path)
        page.wait_for_load_state("networkidle")
        return page

    def keep(self, page: Page, name: str, *, top: str = "") -> None:
        """Write what the window shows, with ``top`` (a selector) at its upper edge."""
        if top:
            page.locator(top).first.evaluate(
                "(element, above) => window.scrollTo(0, element.getBoundingClientRect().top"
                " + window.scrollY - above)",
                ABOVE,
            )
        # A screen must not show who happens to have another window open.
        page.evaluate("document.getElementById('presence')?.setAttribute('hidden', '')")
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        folder = TARGET / self.language
        folder.mkdir(parents=True, exist_ok=True)
        few = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(folder / f"{name}.png", optimize=True)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def overview(desk: Desk) -> None:
    desk.keep(desk.open("editor", "/admin/", height=860), "overview")


def desk_screen(desk: Desk) -> None:
    page = desk.open("writer", desk.site.path("zh-hans"), height=900)
    desk.keep(page, "desk", top="#body-h")


def stale(desk: Desk) -> None:
    page = desk.open("translator", desk.site.path("en"), height=620)
    desk.keep(page, "stale", top=".pair--stale")


def checks(desk: Desk) -> None:
    """A source text in which one citation was mistyped, checked and not mended."""
    page = desk.open("writer", desk.site.path("zh-hans"), height=760)
    passage = page.locator("textarea[name=body]").nth(2)
    passage.fill(passage.input_value() + "[@nobody2020]")
    page.locator(".submit-row [name=_check]").click()
    page.wait_for_load_state("networkidle")
    desk.keep(page, "checks", top="#checks")


def publish(desk: Desk) -> None:
    page = desk.open("editor", desk.site.path("zh-hans", "publish"), height=1000)
    desk.keep(page, "publish")


def conflict(desk: Desk) -> None:
    """The writer and the editor have both changed the standfirst; the editor saves second."""
    english = desk.language == "en"
    first = desk.open("writer", desk.site.path("en"))
    second = desk.open("editor", desk.site.path("en"), height=820)
    suffixes = ("Ask a pharmacist about doses.", "Doses are a question for your doctor.")
    for page, words in zip((first, second), suffixes, strict=True):
        field = page.locator("#id_standfirst")
        field.fill(f"{field.input_value()} {words}")
        page.locator(".submit-row [name=_save]").click()
        page.wait_for_load_state("networkidle")
    desk.keep(second, "conflict", top=".notice--conflict")
    if english:
        _put_back(desk, len(suffixes[0]) + 1)


def _put_back(desk: Desk, length: int) -> None:
    """Take the words out again: the next language begins from the same text."""
    page = desk.open("writer", desk.site.path("en"))
    field = page.locator("#id_standfirst")
    field.fill(field.input_value()[:-length])
    page.locator(".submit-row [name=_save]").click()
    page.wait_for_load_state("networkidle")


def pictures(desk: Desk) -> None:
    desk.keep(desk.open("editor", "/admin/articles/image/", height=900), "pictures")


SCREENS: tuple[Callable[[Desk], None], ...] = (
    *(overview, desk_screen, stale, publish, pictures),
    *(checks, conflict),
)
"""The last two leave something behind, so they come last."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(folder)
        site.fill()
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        with site.running():
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for language in LANGUAGES:
                desk = Desk(site, browser, language)
                for screen in SCREENS:
                    screen(desk)
                desk.close()
            browser.close()


if __name__ == "__main__":
    main()
