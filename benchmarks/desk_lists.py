"""How the desk's first screen and its lists bear many articles.

    .venv/bin/python benchmarks/desk_lists.py [articles]

Articles in both languages, a tenth of each kind: drafts, scheduled, changed since, withdrawn,
stale, stopped, overdue; the others published. Bodies, documents and pages have the size of real
ones, because SQLite walks past them to reach the columns behind. Each screen is asked for by a
managing editor through the whole stack, in one process, beside a screen that lists nothing; what
is printed is how many times as long it takes (median of alternating rounds).
"""

import datetime
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = 10_000
ROUNDS = 7
BODY, DOCUMENT, PAGE = 3_000, 6_000, 9_000
"""Characters of a text, of its revision and of its page."""

BASELINE = "/admin/password_change/"
SCREENS = {
    "overview": "/admin/",
    "texts": "/admin/articles/articletranslation/",
    "texts, stale": "/admin/articles/articletranslation/?staleness=behind",
    "texts, ready": "/admin/articles/articletranslation/?state=ready",
    "texts, overdue": "/admin/articles/articletranslation/?review=overdue",
    "texts, searched": "/admin/articles/articletranslation/?q=needle",
    "articles": "/admin/articles/article/",
    "report": "/admin/articles/article/reports/",
}


def fill(count: int) -> None:
    """So many articles with two texts each, straight into the tables."""
    from django.utils import timezone

    from articles.models import Article, ArticleTranslation, Publication, Revision

    now = timezone.now()
    Article.objects.bulk_create(
        (Article(slug=f"article-{number}") for number in range(count)), batch_size=1000
    )
    articles = list(Article.objects.order_by("pk"))
    for start in range(0, count, 500):
        texts = ArticleTranslation.objects.bulk_create(
            text_of(article, start + offset, language, now)
            for offset, article in enumerate(articles[start : start + 500])
            for language in ("zh-hans", "en")
        )
        kinds = [(start + offset // 2) % 10 for offset in range(len(texts))]
        revisions = Revision.objects.bulk_create(
            Revision(
                translation=text,
                number=number,
                document={"body": "字" * (DOCUMENT // 3)},
                content_hash=f"{text.pk:056x}{number:08x}",
            )
            for text, kind in zip(texts, kinds, strict=True)
            for number in ((1, 2) if kind == 2 else (1,))
        )
        first = {item.translation_id: item for item in revisions if item.number == 1}
        Publication.objects.bulk_create(
            publication_of(text, first[text.pk], kind, now)
            for text, kind in zip(texts, kinds, strict=True)
            if kind != 0
        )


def text_of(article, number: int, language: str, now):
    from articles.models import ArticleTranslation

    kind = number % 10
    is_stale = kind == 4 and language == "en"
    return ArticleTranslation(
        article=article,
        language=language,
        title=f"Title {number} {language}",
        standfirst="One sentence.",
        body="字" * (BODY // 3),
        units_digest="0123456789abcdef",
        source_digest=("fedcba9876543210" if is_stale else "0123456789abcdef")
        if language == "en"
        else "",
        stop_count=1 if kind == 5 else 0,
        warning_count=number % 3,
        changed_at=now - datetime.timedelta(minutes=number),
        withdrawn_at=now if kind == 3 else None,
        withdrawal_note="A reason." if kind == 3 else "",
    )


def publication_of(text, revision, kind: int, now):
    from articles.models import Publication

    days = {1: -1, 6: 900}.get(kind, 30)
    live = now - datetime.timedelta(days=days)
    return Publication(
        translation=text,
        revision=revision,
        number=1,
        body_html="<p>" + "字" * (PAGE // 3),
        page={},
        render_version="1",
        live_from=live,
        first_live_from=live,
        change="first",
        override_reason="Urgent." if kind == 7 else "",
    )


def took(client, address: str) -> float:
    start = time.perf_counter()
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return time.perf_counter() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "healthsite.settings",
            "SITE_ORIGIN": "http://127.0.0.1:8000",
            "ALLOWED_HOSTS": "testserver",
        }
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group
        from django.core.management import call_command
        from django.test import Client

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        fill(count)
        user = get_user_model().objects.create(username="editor", is_staff=True)
        user.groups.set(Group.objects.filter(name="Managing editor"))
        client = Client()
        client.force_login(user)
        times: dict[str, list[float]] = {name: [] for name in ("baseline", *SCREENS)}
        for _round in range(ROUNDS + 1):
            times["baseline"].append(took(client, BASELINE))
            for name, address in SCREENS.items():
                times[name].append(took(client, address))
        # The first round fills caches and is left out.
        median = {name: statistics.median(values[1:]) for name, values in times.items()}
        print(f"{count} articles; baseline {BASELINE} {median['baseline'] * 1000:.1f} ms")
        for name in SCREENS:
            ratio = median[name] / median["baseline"]
            print(f"{name:16} {median[name] * 1000:8.1f} ms {ratio:8.1f} times the baseline")


if __name__ == "__main__":
    main()
