"""Accounts for tests of the desk: one for each role, and those who have none."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.test import Client

from articles import services
from articles.models import ArticleTranslation
from healthsite.unchanged import SEEN, fingerprint
from tests.factories import make_article, make_translation
from tests.made_once import made_once

WRITER, TRANSLATOR, REVIEWER, MANAGER = ROLES = (
    *("Writer", "Translator", "Reviewer", "Managing editor"),
)
VISITOR, NOBODY = "visitor", "nobody"
"""Somebody without an account; a member of staff without a role."""


def confirmed(*rows) -> dict:
    """The answer to the question whether these rows, as they are, may be deleted."""
    model_admin = site.get_model_admin(type(rows[0]))
    return {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in rows],
        "post": "yes",
        SEEN: fingerprint(model_admin, *rows, for_deletion=True),
    }


@pytest.fixture
def account_of(db):
    """``account_of("Writer")`` → the account with that role, made when first asked for."""

    def account(role: str) -> User:
        user, is_new = User.objects.get_or_create(
            username=role.lower().replace(" ", "-"), defaults={"is_staff": True}
        )
        if is_new and role != NOBODY:
            user.groups.add(Group.objects.get(name=role))
        return user

    return account


@pytest.fixture
def client_for(account_of):
    """``client_for("Writer")`` → somebody at the desk; its language is English unless named."""

    def client(role: str, language: str = "en") -> Client:
        made = Client(headers={"accept-language": language})
        if role != VISITOR:
            made.force_login(account_of(role))
        return made

    return client


@pytest.fixture
def pair(db) -> dict[str, ArticleTranslation]:
    """A source text in Chinese and its English translation, both saved once."""
    made_once("a saved pair", make_pair)
    texts = ArticleTranslation.objects.select_related("article")
    return {code: texts.get(language=code) for code in ("zh-hans", "en")}


def make_pair() -> None:
    article = make_article()
    for code in ("zh-hans", "en"):
        services.save_revision(make_translation(article=article, language=code))
