"""The style guide shows every component, and style sheets and templates name the same classes."""

import re
from functools import cache
from pathlib import Path

import pytest

from articles.document import GRADES
from tests.conftest import FIXTURES, ROOT
from tests.crawl import LANGUAGES, parse, text_of

TEMPLATES = ROOT / "templates"
COMPONENTS = TEMPLATES / "components"

# Partials that the guide cannot show, and why. Keep it short.
NOT_IN_THE_GUIDE = {
    # It prints files below MEDIA_ROOT, and the guide has none of its own.
    "picture",
}

CLASSES_NOT_IN_THE_GUIDE = {
    # A photograph and a portrait need stored files too.
    "photo",
    "portrait",
}

# Classes that templates use and no style sheet names: hooks without a look of their own.
WITHOUT_STYLE = {
    "registration__state",  # the second line of a registration, so that tests can find it
    "zoom__open",  # the counterpart of zoom__close
    "scene-1",  # the first cover is the one that .cover draws
    "cite--note",  # a footnote mark: so far it looks like a citation
}

# Classes that style sheets name and no template does.
FOR_EDITORS = {
    # What Markdown's tables may carry (articles.rendering.ALLOWED_CLASSES).
    "align-center",
    "align-right",
}

both_languages = pytest.mark.parametrize("code", LANGUAGES)


@cache
def classes_of_styles() -> dict[str, set[str]]:
    """Every class that a style sheet names, with the files that do."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "static" / "css").glob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r'"[^"]*"', '""', css)):
            found.setdefault(name, set()).add(path.stem)
    return found


def classes_in(source: str) -> set[str]:
    """Classes in markup. What a template fills in becomes a star: ``scene-*``."""
    found = set()
    for value in re.findall(r'class="([^"]*)"', source):
        value = re.sub(r"\{%.*?%\}", " ", value)
        found |= set(re.sub(r"\{\{.*?\}\}", "*", value).split())
    return found


@cache
def classes_of_markup() -> set[str]:
    """From templates, from the code that writes HTML, and from drawings.

    The desk is left out: it has style sheets of its own, on top of Django's.
    """
    code = [path for app in ("articles", "authors", "healthsite") for path in app_code(app)]
    drawings = FIXTURES.glob("**/*.svg")
    templates = (
        path for path in TEMPLATES.rglob("*") if path.is_file() and "admin" not in path.parts
    )
    found = set()
    for path in (*templates, *code, *drawings):
        found |= classes_in(path.read_text(encoding="utf-8"))
    # Two filters give a class by itself: the layout of a drawing, the tone of a monogram.
    return found - {"{}"} | {"tall", "wide", "is-azurite"}


def app_code(app: str) -> list[Path]:
    left_out = {"migrations", "admin", "templatetags"}
    return [path for path in (ROOT / app).rglob("*.py") if not left_out & set(path.parts)]


def is_named(name: str, names: set[str]) -> bool:
    """Whether a name, or its pattern with a star at the end, is among the names."""
    return name in names or any(
        name.startswith(pattern[:-1]) for pattern in names if pattern.endswith("*")
    )


# The guide


@both_languages
def test_guide_shows_every_component(client, code):
    response = client.get(f"/{code}/style-guide/")
    assert response.status_code == 200
    shown = {
        template.name.removeprefix("components/").removesuffix(".html")
        for template in response.templates
        if (template.name or "").startswith("components/") and template.name.endswith(".html")
    }
    assert {path.stem for path in COMPONENTS.glob("*.html")} - shown == NOT_IN_THE_GUIDE


@both_languages
def test_guide_shows_every_class_of_every_component(client, code):
    soup = parse(client.get(f"/{code}/style-guide/").content)
    shown = {name for tag in soup.find_all(class_=True) for name in tag["class"]}
    missing = {
        name
        for path in COMPONENTS.glob("*.html")
        if path.stem not in NOT_IN_THE_GUIDE
        for name in classes_in(path.read_text(encoding="utf-8"))
        if not any(is_named(other, {name}) for other in shown)
    }
    assert missing == CLASSES_NOT_IN_THE_GUIDE


@both_languages
def test_guide_shows_every_grade_and_every_cover(client, code):
    soup = parse(client.get(f"/{code}/style-guide/").content)
    signs = {use["href"] for use in soup.select(".evidence use")}
    assert signs == {f"#e-{grade}" for grade in GRADES}
    covers = {name for tag in soup.select(".cover") for name in tag["class"]} - {"cover"}
    assert covers == {f"scene-{number}" for number in range(1, 6)}


@both_languages
def test_guide_shows_every_colour_of_the_palette(client, code):
    soup = parse(client.get(f"/{code}/style-guide/").content)
    shown = {text_of(tag) for tag in soup.select(".guide-colours code")}
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    assert shown
    for name in shown:
        assert f"{name}:" in tokens
        assert f"swatch--{name[2:]}" in classes_of_styles()


@both_languages
def test_guide_is_kept_out_of_indexes_and_gives_no_health_advice(client, code):
    soup = parse(client.get(f"/{code}/style-guide/").content)
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not re.search(r"\d\s?(?:mg|µg|IU|毫克)\b", text_of(soup.main))


def test_guide_is_written_in_each_language(client):
    chinese, english = (
        text_of(parse(client.get(f"/{code}/style-guide/").content).main) for code in LANGUAGES
    )
    assert len(re.findall("[一-鿿]", chinese)) > 200
    assert len(re.findall("[A-Za-z]", english)) > 1000


# Classes


def test_every_class_in_the_markup_has_a_style():
    styles = set(classes_of_styles())
    missing = set()
    for name in classes_of_markup():
        if name.endswith("*"):
            if not any(is_named(style, {name}) for style in styles):
                missing.add(name)
        elif name not in styles:
            missing.add(name)
    assert missing == {name for name in WITHOUT_STYLE if name not in styles}


def test_every_class_in_the_styles_is_used_somewhere():
    used = classes_of_markup()
    # A drawing may use any word of the drawing vocabulary, whether today's drawings do or not.
    unused = {
        name
        for name, files in classes_of_styles().items()
        if files - {"figures", "print"} and not is_named(name, used)
    }
    assert unused == FOR_EDITORS


def test_no_exemption_has_outlived_its_reason():
    assert {path.stem for path in COMPONENTS.glob("*.html")} >= NOT_IN_THE_GUIDE
    assert classes_of_markup() >= WITHOUT_STYLE


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_component_says_at_its_top_what_it_takes(path):
    assert path.read_text(encoding="utf-8").startswith("{# ")
