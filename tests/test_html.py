"""The Nu HTML checker on every page kind: no error, no warning."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from articles import services
from tests.browser.pages import PATHS
from tests.conftest import ROOT, require
from tests.factories import (
    make_publication,
    make_published_article,
    make_revised_article,
    make_translation,
)

pytestmark = [pytest.mark.nu, pytest.mark.django_db]


def _jar() -> Path | None:
    given = os.environ.get("VNU_JAR")
    found = [Path(given)] if given else sorted(ROOT.glob(".tools/**/vnu.jar"))
    return found[0] if found and found[0].exists() else None


def test_every_page_kind_is_valid_html(client, demo_site, tmp_path):
    require(shutil.which("java") is not None, "Java")
    jar = _jar()
    require(jar is not None, "The Nu HTML checker (make test fetches it with npm)")
    gone = make_published_article(slug="withdrawn")
    for text in gone.translations.all():
        services.withdraw(text, note="A reason.")
    make_publication(
        translation=make_translation(
            article=make_published_article(slug="chinese-only", languages=[])
        )
    )
    make_revised_article(slug="revised")
    files = []
    for kind, path in PATHS:
        response = client.get(path)
        name = f"{kind}-{path.strip('/').replace('/', '-') or 'root'}.html"
        # The checker's own list of CSS is years behind (it knows no container queries); whether a
        # browser takes the styles is for the browser tests.
        html = re.sub(r"(?<=<style>).*?(?=</style>)", "", response.content.decode(), flags=re.S)
        (tmp_path / name).write_text(html, encoding="utf-8")
        files.append(str(tmp_path / name))
    result = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", "--stdout", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    messages = [
        (Path(message["url"]).name, message.get("lastLine"), message["message"])
        for message in json.loads(result.stdout)["messages"]
    ]
    assert messages == []
