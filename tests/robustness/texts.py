"""What the editors of ``editing_load`` write, and whether it is whole afterwards.

A program, because it needs a database that outlives the test's own: ``python -m
tests.robustness.texts prepare`` prints JSON.
"""

import json
import re
import secrets
import sys

TOKEN = re.compile(r"e\d+x\d+")
TEXTS, EDITORS = 2, 4
BODY = "Passage 0 says e0x0.\n\n## Why {#why}\n\nPassage 2 says e0x0.\n\n[[figure:pathway]]\n"


def create_database() -> dict:
    """A database for one run, beside the one that DATABASE_URL names."""
    import os
    from urllib.parse import urlsplit

    import psycopg

    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"kill_{secrets.token_hex(6)}"
    with psycopg.connect(url.geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return {"url": url._replace(path=f"/{name}").geturl()}


def prepare() -> dict:
    """Texts with every part, and editors who are signed in."""
    from django.contrib.auth.models import Group, User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.urls import reverse

    from articles import services
    from articles.models import Callout, Claim, Figure, Statement
    from tests.factories import make_article, make_image, make_translation

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    paths = {}
    for _place in range(TEXTS):
        article = make_article(source_language="en")
        text = make_translation(
            article=article, language="en", title="e0x0", standfirst="e0x0", body=BODY
        )
        picture = make_image(article=article)
        Figure.objects.create(
            translation=text, key="pathway", image=picture, alt="Steps.", caption="e0x0"
        )
        Callout.objects.create(
            translation=text, key="sleep", icon="sleep", label="Sleep", text="e0x0"
        )
        claim = Claim.objects.create(article=article, key="C1", grade="limited")
        Statement.objects.create(translation=text, claim=claim, text="e0x0", basis="Why.")
        services.save_revision(text)
        paths[text.pk] = reverse("admin:articles_articletranslation_change", args=[text.pk])
    sessions = {}
    for number in range(1, EDITORS + 1):
        user = User.objects.create(username=f"editor{number}", is_staff=True)
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get(name="Managing editor"))
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.save()
        sessions[f"e{number}"] = session.session_key
    return {"paths": paths, "sessions": sessions}


def inspect(acknowledged: str) -> dict:
    """What is wrong with the texts. ``acknowledged`` is JSON: tokens with their texts."""
    from articles.building import build_document
    from articles.models import ArticleTranslation, AuditEntry, Revision

    told = {token: int(text) for token, text in json.loads(acknowledged).items()}
    halved, gaps, unlogged, behind, saved = [], [], [], [], {}
    for text in ArticleTranslation.objects.select_related("article"):
        revisions = list(Revision.objects.filter(translation=text).order_by("number"))
        for revision in revisions:
            tokens = tokens_of(revision.as_document())
            if len(tokens) != 1:
                halved.append(f"revision {revision} has {sorted(tokens)}")
            saved |= dict.fromkeys(tokens, text.pk)
            if revision.content_hash != revision.as_document().content_hash:
                halved.append(f"revision {revision} is not what its hash says")
        numbers = [revision.number for revision in revisions]
        if numbers != list(range(1, len(numbers) + 1)):
            gaps.append(f"{text}: {numbers}")
        now = build_document(text)
        if now.content_hash != revisions[-1].content_hash:
            behind.append(f"{text}: the working rows are not the newest revision")
        entries = AuditEntry.objects.filter(
            act="saved", target_type="articletranslation", target_id=str(text.pk)
        )
        logged = sorted(entry.details.get("revision") for entry in entries)
        # The first revision was made by a program, which is not logged.
        if logged != numbers[1:]:
            unlogged.append(f"{text}: log {logged}, revisions {numbers[1:]}")
    return {
        "lost": sorted(token for token, text in told.items() if saved.get(token) != text),
        "halved": halved,
        "gaps": gaps,
        "unlogged": unlogged,
        "old_working_rows": behind,
        "revisions": Revision.objects.count(),
        "unheard": len(saved.keys() - told.keys() - {"e0x0"}),
    }


def tokens_of(document) -> set[str]:
    """Every token in a text, which must be one; a part without any counts as an empty one."""
    parts = [
        document.title,
        document.standfirst,
        *(block.source for block in document.blocks if block.kind == "paragraph"),
        *(figure.caption for figure in document.figures),
        *(callout.text for callout in document.callouts),
        *(statement.text for statement in document.statements),
    ]
    found = {match[0] if (match := TOKEN.search(part)) else "" for part in parts}
    is_whole = len(document.figures) == len(document.callouts) == len(document.statements) == 1
    return found if is_whole else {*found, "a part is missing"}


if __name__ == "__main__":
    import django

    if sys.argv[1] != "create_database":
        django.setup()
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
