"""A real site for the browser: gunicorn, hashed files, the demo content, a few odd texts."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, ROOT, require

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

# Texts that only tests need: one withdrawn, one in Chinese alone.
ODD_TEXTS = """
from articles import services
from articles.models import Article, ArticleTranslation
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
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> str:
    """The origin of a running site."""
    data = tmp_path_factory.mktemp("site")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "DATA_DIR": str(data),
        "SITE_ORIGIN": origin,
        "DJANGO_SETTINGS_MODULE": "healthsite.settings",
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    environment.pop("DATABASE_URL", None)

    def manage(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )

    manage("migrate", "-v0")
    manage("import_content", str(FIXTURES), "-v0")
    manage("shell", "-v0", "-c", ODD_TEXTS)
    manage("collectstatic", "--noinput", "-v0")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "healthsite.wsgi"],
        cwd=ROOT,
        env=environment,
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
