"""The site as a whole: the demo content, its links, its two languages, its templates."""

import re
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template
from django.test import Client

from articles.models import Article, ArticleTranslation
from authors.models import Author
from tests.conftest import ROOT
from tests.crawl import LANGUAGES, TAGS, fetch, language_of

CATALOGUES = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"

HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

# English that belongs on a Chinese page: names and terms that have no other form.
LATIN_NAMES = re.compile(
    r"""
    Wellgrounded(\ editors)? | Health\ Life® | Aquamin(\ F)? | CC\ BY\ 4\.0
    | Louise\ W\ Lu | Alexandra\ V\ Goldberg
    """,
    re.X,
)
# Three words in a row are a phrase; shorter runs are abbreviations, units and symbols.
ENGLISH = re.compile(r"\b[A-Za-z][a-z’']+(?:[ ,;:]+[a-z’']{2,}){2,}")


def visible_strings(page):
    """Text nodes that are read, with the element around them; drawings' text included."""
    for text in page.soup.body.find_all(string=True):
        if text.strip() and text.parent.name not in {"style", "script"}:
            yield str(text).strip(), text.parent


def attributes_read_aloud(page):
    for tag in page.soup.body.find_all():
        for name in ("aria-label", "alt", "title", "placeholder"):
            if tag.get(name):
                yield tag[name], tag


# Links


def test_no_link_of_the_site_is_dead(demo_pages):
    broken = {
        page.url: (page.status, sorted(page.linked_from))
        for page in demo_pages.values()
        if page.status != 200
    }
    assert broken == {}
    assert len(demo_pages) > 30


def test_no_link_leads_over_a_redirect_but_the_one_to_the_root(demo_pages):
    for page in demo_pages.values():
        for address, _fragment in page.links():
            assert demo_pages[address].status == 200, (page.url, address)


def test_no_fragment_is_dead(demo_pages):
    dead = {
        (page.url, f"{address}#{fragment}")
        for page in demo_pages.values()
        for address, fragment in page.links()
        if fragment and fragment not in demo_pages[address].ids
    }
    assert dead == set()


def test_ids_are_unique_and_every_reference_to_one_is_kept(demo_pages):
    for page in demo_pages.values():
        assert len(set(page.ids)) == len(page.ids), page.url
        for tag in page.soup.find_all():
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                for target in tag.get(name, "").split() if tag.get(name) else ():
                    assert target in page.ids, (page.url, name, target)


def test_no_published_page_is_an_orphan(demo_site, demo_pages):
    addresses = [
        item.get_absolute_url()
        for item in (
            *ArticleTranslation.objects.published().select_related("article"),
            *(words for author in Author.objects.active() for words in author.translations.all()),
        )
    ]
    assert len(addresses) >= 2 * Article.objects.count()
    for address in addresses:
        assert demo_pages[address].linked_from - {address}, address


def test_every_file_of_a_page_is_there(demo_pages, settings):
    """Icons, style sheets, scripts and pictures that pages name."""
    from django.contrib.staticfiles import finders

    named = {
        address
        for page in demo_pages.values()
        for tag in page.soup.find_all(["link", "script", "img", "source"])
        if tag.get("rel") not in (["canonical"], ["alternate"])
        for address in (tag.get("href"), tag.get("src"))
        if address and not address.startswith("data:")
    }
    assert "/static/img/mark.svg" in named
    for address in named:
        assert address.startswith(settings.STATIC_URL), address
        assert finders.find(address.removeprefix(settings.STATIC_URL)), address


def test_page_is_the_same_for_the_second_reader(demo_site, demo_pages, client):
    """Nothing random, nothing of the moment: a cache may keep it."""
    for url in ("/zh-hans/", "/en/", "/en/articles/d3-k2-magnesium/"):
        assert fetch(client, url).html == fetch(Client(), url).html


# Languages


def test_no_interface_text_is_left_in_english_on_chinese_pages(demo_pages):
    found = []
    for page in demo_pages.values():
        if page.language != "zh-hans":
            continue
        for text, tag in (*visible_strings(page), *attributes_read_aloud(page)):
            if language_of(tag) == TAGS["zh-hans"] and tag.name != "code":
                rest = LATIN_NAMES.sub("", text)
                found += [(page.url, phrase) for phrase in ENGLISH.findall(rest)]
    assert found == []


def test_every_message_of_the_templates_is_in_chinese_on_chinese_pages(demo_pages):
    """Short labels too: anything that an English page says in the same place."""
    for page in demo_pages.values():
        if page.language != "zh-hans":
            continue
        english = demo_pages[page.url.replace("/zh-hans/", "/en/", 1)]
        for selector in ("nav a", "h2", "summary", ".skip-link", "button", ".btn"):
            theirs = {
                tag.get_text(strip=True)
                for tag in english.soup.select(selector)
                if language_of(tag) == "en" and HAN.search(tag.get_text()) is None
            }
            for tag in page.soup.select(selector):
                text = tag.get_text(strip=True)
                if language_of(tag) == "zh-Hans" and re.search("[a-z]{3}", text):
                    assert text not in theirs or LATIN_NAMES.fullmatch(text), (page.url, text)


def test_han_on_english_pages_is_marked_as_chinese(demo_pages):
    found = {
        (page.url, text)
        for page in demo_pages.values()
        if page.language == "en"
        for text, tag in (*visible_strings(page), *attributes_read_aloud(page))
        if HAN.search(text) and language_of(tag) != TAGS["zh-hans"]
    }
    assert found == set()


def test_chinese_is_marked_on_every_page_that_is_not_chinese_as_a_whole(demo_pages):
    """What is marked as another language really is in it."""
    for page in demo_pages.values():
        for tag in page.soup.body.find_all(lang=True):
            text = tag.get_text()
            if tag["lang"] == "en":
                assert not HAN.search(text), (page.url, text)
            else:
                assert tag["lang"] == "zh-Hans"
                assert HAN.search(text), (page.url, text)


# Translations


@cache
def catalogue():
    with (CATALOGUES / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def strings_of(message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def ids_of(message) -> tuple[str, ...]:
    """A message and its plural. Babel reads them as a tuple or as a list."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def pairs(messages) -> dict:
    return {(context_of(m), ids_of(m)): strings_of(m) for m in messages if m.id}


def context_of(message) -> str:
    """A message's context. Babel reads it as bytes from a compiled catalogue."""
    context = message.context or ""
    return context.decode() if isinstance(context, bytes) else context


def test_catalogue_has_nothing_untranslated_fuzzy_or_obsolete():
    messages = [message for message in catalogue() if message.id]
    assert len(messages) > 100
    assert [message.id for message in messages if not all(strings_of(message))] == []
    assert [message.id for message in messages if message.fuzzy] == []
    assert list(catalogue().obsolete) == []


def test_compiled_catalogue_matches_its_source():
    with (CATALOGUES / "django.mo").open("rb") as file:
        compiled = pairs(read_mo(file))
    assert compiled == pairs(catalogue())


def test_translations_keep_the_placeholders():
    placeholder = re.compile(r"%(?:\(\w+\))?(?:\.\d+f|[sd])")
    for message in catalogue():
        # "no-python-format": the code offers more values than the English sentence uses.
        if not message.id or "no-python-format" in message.flags:
            continue
        known = {found for text in ids_of(message) for found in placeholder.findall(text)}
        for text in strings_of(message):
            assert set(placeholder.findall(text)) == known, message.id


MESSAGE = re.compile(
    r"""
    \{%\s*translate\s+"([^"]+)"
    | \{%\s*blocktranslate\b([^%]*)%\}(.*?)\{%\s*endblocktranslate
    """,
    re.X | re.S,
)


def messages_of_templates() -> set[str]:
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for plain, options, block in MESSAGE.findall(path.read_text(encoding="utf-8")):
            if plain:
                found.add(plain)
                continue
            for part in re.split(r"\{%\s*plural\s*%\}", block):
                text = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", part)
                if "trimmed" in options:
                    text = " ".join(text.split())
                found.add(text)
    return found


def test_every_message_of_the_templates_is_in_the_catalogue():
    known = {text for message in catalogue() for text in ids_of(message)}
    messages = messages_of_templates()
    assert len(messages) > 60
    assert {text for text in messages if text not in known} == set()


def test_full_stops_and_quotes_of_chinese_messages_are_chinese():
    for message in catalogue():
        for text in strings_of(message) if message.id else ():
            assert not re.search(r"[一-鿿][,;!?](?:$|[一-鿿 ])", text), text
            assert not re.search(r"[一-鿿]\.(?:$| )", text), text


# Code


def test_models_have_no_change_without_a_migration(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def template_names() -> list[str]:
    folder = ROOT / "templates"
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix in {".html", ".svg"}
    )


@pytest.mark.parametrize("name", template_names())
def test_template_compiles(name):
    assert get_template(name)


def test_templates_take_no_shortcut_around_escaping_that_is_not_known():
    """``|safe`` is for HTML that was cleaned when it was saved; each use is listed here."""
    known = {
        "components/author_bio.html": ["credit.profile.words.bio_html|safe"],
        "components/people.html": ["person.words.bio_html|safe"],
    }
    found = {}
    for name in template_names():
        text = Path(settings.BASE_DIR, "templates", name).read_text(encoding="utf-8")
        assert "autoescape" not in text, name
        if uses := re.findall(r"([\w.]+\|safe\w*)", text):
            found[name] = uses
    assert found == known
    assert engines["django"].engine.autoescape


@pytest.mark.parametrize("code", LANGUAGES)
def test_variables_that_templates_print_exist(demo_site, client, settings, code):
    """A misspelt variable prints nothing in silence; here it prints itself."""
    templates = [{**settings.TEMPLATES[0]}]
    templates[0]["OPTIONS"] = {**templates[0]["OPTIONS"], "string_if_invalid": "INVALID(%s)"}
    settings.TEMPLATES = templates
    for path in ("", "articles/d3-k2-magnesium/", "authors/", "glossary/", "about/", "topics/"):
        html = client.get(f"/{code}/{path}").content.decode()
        assert not re.findall(r"INVALID\([^)]*\)", html), path
