"""What an editor sees and does at the desk, by its words: for tests that walk through it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Locator, Page


@dataclass(frozen=True)
class Desk:
    """A page of the desk, found by roles and labels in the language of the screens."""

    page: Page
    language: str

    def words(self, message: str, context: str = "", **values: Any) -> str:
        """What the screens say for a text of the catalogue."""
        with override(self.language):
            found = pgettext(context, message) if context else gettext(message)
        return found % values if values else found

    def field(self, label: str, within: Locator | None = None, **values: Any) -> Locator:
        """The field with this label, with or without the remark that it is required."""
        words = re.escape(capfirst(self.words(label, **values)))
        return (within or self.page).get_by_label(re.compile(rf"^{words}(\s|$)"))

    def press(self, button: str, **values: Any) -> None:
        self.page.get_by_role("button", name=self.words(button, **values), exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, link: str, context: str = "") -> None:
        # A style sheet may put a sign before the words.
        name = re.compile(rf"^(\+\s*)?{re.escape(self.words(link, context))}$")
        self.page.get_by_role("link", name=name).click()
        self.page.wait_for_load_state()

    def passages(self) -> Locator:
        """The fields of the body, in order."""
        name = re.escape(self.words("Passage %(number)s", number=0)).replace("0", r"\d+")
        return self.page.get_by_role("textbox", name=re.compile(f"^{name}$"))

    def save(self) -> None:
        """Press the button, and wait for the screen that says so."""
        page = self.page
        page.get_by_role("button", name=self.words("Save draft"), exact=True).click()
        page.locator(".messagelist .success").wait_for()

    def figure(self, name: str) -> Locator:
        """The entry of one figure; an empty name finds the first blank one."""
        legend = name or self.words("New figure")
        return self.page.get_by_role("group", name=legend, exact=True).first

    def insert(self, picker: str, code: str) -> None:
        """Pick one entry of the toolbar."""
        toolbar = self.page.get_by_role("group", name=self.words("Insert"), exact=True)
        toolbar.locator("summary", has_text=self.words(picker)).click()
        toolbar.get_by_role("button").filter(has_text=code).click()


MAKE_TEXTS = """
from articles import services
from tests.factories import BODIES, make_article, make_translation
for number in range({count}):
    article = make_article(slug=f"{name}-{{number}}")
    for code in ("zh-hans", "en"):
        body = BODIES[code] * {length}
        text = make_translation(article=article, language=code, body=body.replace("{{#why}}", ""))
        services.save_revision(text)
    print(text.pk)
"""


def make_texts(manage: Callable[..., str], name: str, count: int, length: int = 1) -> Iterator[str]:
    """Paths of the desks of English texts, each of an article of its own.

    ``name`` begins their slugs, ``length`` says how often the body repeats itself.
    """
    code = MAKE_TEXTS.format(name=name, count=count, length=length)
    for number in manage("shell", "-v0", "-c", code).split():
        yield f"/admin/articles/articletranslation/{number}/change/"
