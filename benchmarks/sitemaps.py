"""How long the whole sitemap of a large site takes, and in how much memory, beside a baseline.

    .venv/bin/python benchmarks/sitemaps.py [articles] [characters]

Articles in both languages, straight into the tables of a new SQLite database, each with a topic, an
author, a share card and one picture. ``characters`` is the bytes of a body, and with one the rest
of the page is as long as the demo article's; nothing of either is printed, but SQLite may walk past
them. A process of its own then reads the index and every file it names through the whole stack, so
that its peak of memory is its own.
Baseline, in a process like it: the same publications as model instances, one after the other.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = 50_000
CHARACTERS = 0
PAGE = 500
"""Chinese characters of a page besides its body: six bytes each as JSON keeps them."""
TOPICS, AUTHORS = 40, 200
BATCH = 500


def set_up(folder: str) -> None:
    os.environ |= {
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "healthsite.settings",
        "SITE_ORIGIN": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "testserver",
    }
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def fill(count: int, characters: int) -> None:
    """So many articles with everything that the sitemap asks about."""
    from django.core.management import call_command

    from articles.models import Topic, TopicTranslation
    from authors.models import Author, AuthorTranslation

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    topics = Topic.objects.bulk_create(Topic(slug=f"topic-{n}") for n in range(TOPICS))
    authors = Author.objects.bulk_create(Author(slug=f"author-{n}") for n in range(AUTHORS))
    for code in ("zh-hans", "en"):
        TopicTranslation.objects.bulk_create(
            TopicTranslation(topic=topic, language=code, name=topic.slug) for topic in topics
        )
        AuthorTranslation.objects.bulk_create(
            AuthorTranslation(author=author, language=code, name=author.slug) for author in authors
        )
    for start in range(0, count, BATCH):
        fill_batch(range(start, min(start + BATCH, count)), characters, topics, authors)


def fill_batch(numbers: range, characters: int, topics: list, authors: list) -> None:
    import datetime

    from django.utils import timezone

    from articles.models import (
        Article,
        ArticleTranslation,
        Contribution,
        Publication,
        Revision,
        ShareCard,
    )

    articles = Article.objects.bulk_create(Article(slug=f"article-{n}") for n in numbers)
    Article.topics.through.objects.bulk_create(
        Article.topics.through(article=article, topic=topics[n % TOPICS])
        for n, article in zip(numbers, articles, strict=True)
    )
    Contribution.objects.bulk_create(
        Contribution(article=article, author=authors[n % AUTHORS], role="author")
        for n, article in zip(numbers, articles, strict=True)
    )
    texts = ArticleTranslation.objects.bulk_create(
        ArticleTranslation(article=article, language=code, title="Title")
        for article in articles
        for code in ("zh-hans", "en")
    )
    revisions = Revision.objects.bulk_create(
        Revision(translation=text, number=1, document={}, content_hash=f"{text.pk:064x}")
        for text in texts
    )
    live = timezone.now() - datetime.timedelta(days=1)
    publications = Publication.objects.bulk_create(
        Publication(
            translation=text,
            revision=revision,
            number=1,
            body_html="字" * (characters // 3),
            page={
                "pictures": [f"images/picture-{text.article_id}.png"],
                "standfirst_html": "字" * (PAGE if characters else 0),
            },
            render_version="1",
            live_from=live,
            first_live_from=live - datetime.timedelta(minutes=text.pk),
            change="first",
        )
        for text, revision in zip(texts, revisions, strict=True)
    )
    ShareCard.objects.bulk_create(
        ShareCard(
            publication=item, wide=f"cards/{item.pk}.png", square=f"cards/{item.pk}.png", design="1"
        )
        for item in publications
    )


def read_sitemap() -> tuple[int, int, int]:
    """Files, addresses and bytes of the whole set; nothing that came is kept."""
    from django.test import Client

    client = Client()
    index = client.get("/sitemap.xml").content
    files = re.findall(r"<loc>http://[^/]+(.*?)</loc>", index.decode())
    addresses, size = 0, len(index)
    for path in files:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        for piece in response.streaming_content:
            addresses += piece.count(b"<url>")
            size += len(piece)
    return len(files), addresses, size


def read_rows() -> tuple[int, int, int]:
    """The same publications through the ORM, and nothing done with them."""
    from articles.models import Publication

    count = sum(1 for _ in Publication.objects.readable().iterator(chunk_size=2000))
    return 0, count, 0


WORKS = {"sitemap": read_sitemap, "baseline": read_rows}


def measure(work: str) -> None:
    """In a process of its own: print what it read, seconds of processor time, and peak KiB."""
    from django.db import connection

    with connection.cursor() as cursor:
        # Pages of the file that the system keeps for everybody are not this process's memory.
        cursor.execute("PRAGMA mmap_size=0")
    start, processor = time.perf_counter(), time.process_time()
    files, addresses, size = WORKS[work]()
    took, used = time.perf_counter() - start, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(files, addresses, size, took, used, peak)


def run(folder: str, *arguments: str) -> list[float]:
    """One step in a process of its own; the numbers it prints."""
    found = subprocess.run(
        [sys.executable, __file__, "--in", folder, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [float(word) for word in found.stdout.split()]


def main() -> None:
    if sys.argv[1:2] == ["--in"]:
        folder, step, *rest = sys.argv[2:]
        set_up(folder)
        fill(*map(int, rest)) if step == "fill" else measure(step)
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    characters = int(sys.argv[2]) if len(sys.argv) > 2 else CHARACTERS
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "fill", str(count), str(characters))
        results = {work: run(folder, work) for work in WORKS}
    files, addresses, size, *_ = results["sitemap"]
    print(f"{files:.0f} files, {addresses:.0f} addresses, {size / 1e6:.1f} MB")
    for work, (*_, took, used, peak) in results.items():
        ratio = used / results["baseline"][4]
        print(
            f"{work:9} {took:6.2f} s, {used:6.2f} s of processor time, {peak / 1024:4.0f} MiB; "
            f"{ratio:.1f} times the baseline"
        )


if __name__ == "__main__":
    main()
