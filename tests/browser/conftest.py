"""A real site for the browser: gunicorn, hashed files, the demo content, a few odd texts."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, ROOT, require

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

# Texts that only tests need: one withdrawn, one in Chinese alone, one published three times.
ODD_TEXTS = """
from articles import services
from articles.models import Article, ArticleTranslation
from tests.factories import make_revised_article
withdrawn = Article.objects.create(slug="withdrawn")
single = Article.objects.create(slug="chinese-only")
for article, code in ((withdrawn, "zh-hans"), (withdrawn, "en"), (single, "zh-hans")):
    text = ArticleTranslation.objects.create(
        article=article, language=code, title="标题" if code == "zh-hans" else "A title",
        standfirst="…", body="一段文字。" if code == "zh-hans" else "A paragraph.",
    )
    services.publish(text, change="first")
    if article is withdrawn:
        services.withdraw(text, note="原因 reason")
make_revised_article(slug="revised")
"""


# What a signed-in member of staff needs: a user in a role's group, and the key of a session. A
# name without a group is an owner, who may do everything.
SIGN_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
user, _is_new = get_user_model().objects.get_or_create(
    username={name!r}, defaults={{"first_name": {name!r}.title(), "is_staff": True}}
)
groups = [Group.objects.get(name={group!r})] if {group!r} else []
user.groups.set(groups)
user.is_superuser = not groups
user.set_password({password!r})
user.save()
client = Client()
client.force_login(user)
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""
GROUPS = {
    "writing": "Writer",
    "translating": "Translator",
    "reviewing": "Reviewer",
    "managing": "Managing editor",
}
PASSWORD = "five-layers-of-malachite"


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory) -> dict[str, str]:
    """The environment of the running site: its folder, its port, its origin."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path_factory.mktemp("site")),
        "SITE_ORIGIN": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "healthsite.settings",
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    environment.pop("DATABASE_URL", None)
    return environment


@pytest.fixture(scope="session")
def manage(site_environment) -> Callable[..., str]:
    """``manage("shell", "-v0", "-c", code)`` → what a command printed, on the site's own data."""

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=site_environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()

    return run


@pytest.fixture(scope="session")
def site(site_environment, manage) -> str:
    """The origin of a running site."""
    origin = site_environment["SITE_ORIGIN"]
    manage("migrate", "-v0")
    manage("import_content", str(FIXTURES), "-v0")
    manage("shell", "-v0", "-c", ODD_TEXTS)
    manage("collectstatic", "--noinput", "-v0")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "healthsite.wsgi"],
        cwd=ROOT,
        env=site_environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{origin}/healthz", server)
        yield origin
    finally:
        server.terminate()
        server.wait(timeout=15)


def _wait_for(url: str, server: subprocess.Popen) -> None:
    for _attempt in range(150):
        if server.poll() is not None:
            pytest.fail("gunicorn stopped while starting")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("gunicorn did not answer")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's Chromium; its own start-up requests would only meet a closed network."""
    require(bool(shutil.which(CHROMIUM) or Path(CHROMIUM).exists()), "Chromium")
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture
def open_page(browser, site):
    """``open_page(path, width=…, scheme=…, script=…)`` → a page that fails on policy violations."""
    contexts = []

    def open_(path: str, *, width: int = 1440, scheme: str = "light", script: bool = True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            # Pages hold no script, so tests bring their own; the policy still guards styles.
            bypass_csp=False,
        )
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.requested = []
        page.on("console", lambda message: _note(page, message))
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto(site + path)
        return page

    yield open_
    for context in contexts:
        context.close()


def _note(page, message) -> None:
    """Everything a console says but that a 404 or 410 page was asked for."""
    if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
        page.problems.append(message.text)


@pytest.fixture(scope="session")
def session_of(site, manage) -> Callable[[str], str]:
    """``session_of("writing")`` → the session key of a user, who is made when first asked for.

    Names are the keys of GROUPS, or any other for an owner. PASSWORD is everybody's.
    """
    sessions: dict[str, str] = {}

    def session(name: str) -> str:
        if name not in sessions:
            code = SIGN_IN.format(name=name, group=GROUPS.get(name, ""), password=PASSWORD)
            sessions[name] = manage("shell", "-v0", "-c", code).splitlines()[-1]
        return sessions[name]

    return session


@pytest.fixture
def desk_page(browser, site, session_of):
    """``desk_page(path, user=…, language=…, width=…, scheme=…, script=…)`` → a page of the desk.

    ``user`` is a name of ``session_of``, or None for a visitor. Each call is a browser of its own,
    so two calls are two editors. The test fails at its end if a page was not silent: a policy
    violation, a script error, a file that is not there. A test that provokes one on purpose
    empties ``page.problems`` itself.
    """
    pages = []

    def open_(
        path: str,
        *,
        user: str | None = "managing",
        language: str = "zh-hans",
        width: int = 1440,
        scheme: str = "light",
        script: bool = True,
    ):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            bypass_csp=False,
        )
        cookies = {"django_language": language}
        if user:
            cookies["sessionid"] = session_of(user)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": f"{site}/admin/"}
                for name, value in cookies.items()
            ]
        )
        page = context.new_page()
        pages.append(page)
        page.problems = []
        page.on("console", lambda message: _note(page, message))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("response", lambda response: _note_missing_file(page, response))
        page.goto(site + path)
        return page

    yield open_
    problems = [(page.url, page.problems) for page in pages if page.problems]
    for page in pages:
        page.context.close()
    assert problems == []


def _note_missing_file(page, response) -> None:
    """Files that a page asked for and did not get; pages themselves may answer what they like."""
    is_file = response.request.resource_type in {"stylesheet", "script", "image", "font"}
    if is_file and response.status >= 400:
        page.problems.append(f"{response.status} {response.url}")
