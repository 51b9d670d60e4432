"""How long the desk takes with the demo article, beside a baseline in the same run.

    .venv/bin/python benchmarks/desk.py [rounds]

Baseline: the public article page, answered by the same process through the same middleware. Both
are called in alternating rounds, so that a noisy machine disturbs both alike. What is measured is
server time on one core; goals: a save 1 s, a preview 300 ms, the checks of a pair of 5,000
characters 200 ms.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from article_page import PATH, prepare  # noqa: E402

SLUG = "d3-k2-magnesium"
CHARACTERS = 5_000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(prepare(folder))
        import django

        django.setup()
        for name, times, floors in measure(rounds):
            ratio = statistics.median(t / f for t, f in zip(times, floors, strict=True))
            print(f"{name:34}{statistics.median(times) * 1e3:8.0f} ms  {ratio:6.1f}")


def measure(rounds: int):
    """Name, seconds of each round, and seconds of the baseline just before."""
    client = editor()
    for language in ("zh-hans", "en"):
        desk = Desk(client, language)
        for name, act in desk.acts().items():
            act()
            times, floors = [], []
            for _round in range(rounds):
                floors.append(seconds(lambda: answered(client.get(PATH), 200)))
                times.append(seconds(act))
            yield f"{name}, {language}", times, floors


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def answered(response, status: int):
    if response.status_code != status:
        sys.exit(f"{response.request['PATH_INFO']} answered {response.status_code}")
    return response


def editor():
    """A signed-in managing editor."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    user = User.objects.create(username="benchmark", is_staff=True)
    user.groups.add(Group.objects.get(name="Managing editor"))
    client = Client(headers={"host": "127.0.0.1", "accept-language": "en"})
    client.force_login(user)
    return client


class Desk:
    """The desk of one text, and what an editor does there."""

    def __init__(self, client, language: str):
        from articles.models import ArticleTranslation

        self.client = client
        texts = ArticleTranslation.objects.select_related("article")
        self.text = texts.get(article__slug=SLUG, language=language)
        self.saves = 0

    def acts(self) -> dict[str, Callable[[], object]]:
        fields = self.fields()
        preview, checks, change = (self.path(name) for name in ("preview", "checks", "change"))
        document, counterpart, context = self.pair()

        def save():
            self.saves += 1
            answered(self.client.post(change, self.edited(fields)), 302)

        from articles.desk import check_document

        return {
            "desk": lambda: answered(self.client.get(change), 200),
            "preview of the unsaved text": lambda: answered(self.client.post(preview, fields), 200),
            "checks of the unsaved text": lambda: answered(self.client.post(checks, fields), 200),
            f"rules alone, {CHARACTERS} characters": lambda: check_document(
                document, counterpart, context
            ),
            "save": save,
        }

    def path(self, name: str) -> str:
        from django.urls import reverse

        return reverse(f"admin:articles_articletranslation_{name}", args=[self.text.pk])

    def fields(self) -> dict[str, list[str]]:
        """What the desk's form sends when nothing was typed."""
        from articles.admin.desk.conflicts import form_data
        from articles.admin.desk.views import find_text
        from articles.building import build_document

        data = form_data(build_document(self.text), find_text(str(self.text.pk)))
        return dict(data.lists())

    def edited(self, fields: dict[str, list[str]]) -> dict[str, list[str]]:
        """One passage changed, over the version that is stored now."""
        from articles.models import ArticleTranslation

        version = ArticleTranslation.objects.values_list("version", flat=True).get(pk=self.text.pk)
        body = [f"{fields['body'][0]} ({self.saves})", *fields["body"][1:]]
        return {**fields, "body": body, "version": [str(version)], "_save": ["1"]}

    def pair(self):
        """Both languages as documents, cut to the first passages of ``CHARACTERS`` characters."""
        from articles.building import build_document
        from articles.checking import context_for, counterpart_of

        document, other = build_document(self.text), counterpart_of(self.text)
        return cut(document), cut(other), context_for(self.text, document=document)


def cut(document):
    """A document whose body is about ``CHARACTERS`` long: cut, or repeated until it is."""
    from dataclasses import replace

    blocks, size = [], 0
    while size < CHARACTERS:
        for block in document.blocks:
            repeats = len(blocks) // len(document.blocks)
            blocks.append(replace(block, id=f"{block.id}{repeats or ''}"))
            size += len(block.source)
            if size >= CHARACTERS:
                break
    return replace(document, blocks=tuple(blocks))


if __name__ == "__main__":
    main()
