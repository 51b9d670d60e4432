"""The style sheet inside a page: whole, closed to the outside, and exactly what is hashed."""

import base64
import hashlib
import re
from urllib.parse import unquote

import pytest
from django.conf import settings

from healthsite import styles
from tests.conftest import ROOT

CSS = ROOT / "static" / "css"

every_sheet = pytest.mark.parametrize("name", styles.SHEETS)


def bare(css: str) -> str:
    """A sheet without comments and strings, where braces and names mean what they seem to."""
    return re.sub(r'"[^"]*"', '""', re.sub(r"/\*.*?\*/", "", css, flags=re.S))


def sources(name: str) -> str:
    files = [file for _layer, file in styles.SHEETS[name]]
    return "\n".join((CSS / f"{file}.css").read_text(encoding="utf-8") for file in files)


def test_every_file_is_in_a_sheet_and_every_sheet_is_made_of_files():
    listed = {file for parts in styles.SHEETS.values() for _layer, file in parts}
    assert listed == {path.stem for path in CSS.glob("*.css")}
    everything = {file for _layer, file in styles.SHEETS["everything"]}
    assert everything == listed


@every_sheet
def test_layers_are_declared_first_and_used_in_that_order(name):
    text = styles.sheet(name).text
    assert text.startswith(f"@layer {','.join(styles.LAYERS)};")
    used = [layer for layer, _file in styles.SHEETS[name]]
    assert used == sorted(used, key=styles.LAYERS.index)


@every_sheet
def test_source_is_the_hash_of_the_text(name):
    sheet = styles.sheet(name)
    digest = base64.b64encode(hashlib.sha256(sheet.text.encode()).digest()).decode()
    assert sheet.source == f"'sha256-{digest}'"


@every_sheet
def test_joining_and_minifying_lose_no_rule(name):
    before, after = bare(sources(name)), bare(styles.sheet(name).text)
    for pattern in (r"\.[a-zA-Z][\w-]*", r"--[a-z][\w-]*", r"@[a-z-]+", r"::?[a-z-]+\b"):
        lost = set(re.findall(pattern, before)) - set(re.findall(pattern, after))
        assert not lost, pattern
    assert after.count("{") == after.count("}")
    layers = len(styles.SHEETS[name])
    has_print = any(file == "print" for _layer, file in styles.SHEETS[name])
    assert after.count("{") == before.count("{") + layers + has_print


@every_sheet
def test_minifying_keeps_the_spaces_that_calculations_need(name):
    text = styles.sheet(name).text
    for sum_ in re.findall(r"(?:calc|clamp|min|max)\((?:[^()]|\([^()]*\))*\)", text):
        assert not re.search(r"[\w)%][+](?=[\w(])", sum_), sum_
        assert not re.search(r"\d(?:rem|em|px|vw|%)-(?=[\w(])", sum_), sum_


@every_sheet
def test_sheet_cannot_leave_its_element_or_reach_another_server(name):
    text = styles.sheet(name).text
    assert "</" not in text
    assert "<!--" not in text
    text = re.sub(r'url\("data:image/svg\+xml,[^"]*"\)', "", text)
    for word in ("@import", "http:", "https:", "data:", "expression(", "javascript:"):
        assert word not in text


@every_sheet
def test_drawings_are_inside_the_sheet_and_are_harmless(name):
    """The landscape in both schemes, each once, as it lies in the static files."""
    urls = re.findall(r'url\("([^"]*)"\)', styles.sheet(name).text)
    assert len(urls) == 2
    for url, scheme in zip(urls, ("light", "dark"), strict=True):
        kind, _comma, drawing = url.partition(",")
        assert kind == "data:image/svg+xml"
        file = settings.BASE_DIR / "static" / "img" / f"scroll-{scheme}.svg"
        assert unquote(drawing) == file.read_text(encoding="utf-8").strip().replace('"', "'")


def test_custom_properties_that_are_used_are_defined():
    css = bare(sources("everything"))
    used = set(re.findall(r"var\((--[\w-]+)", css))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    with_fallback = set(re.findall(r"var\((--[\w-]+)\s*,", css))
    assert used - with_fallback <= defined


def test_custom_properties_that_are_defined_are_used():
    css = bare(sources("everything"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    assert defined <= set(re.findall(r"var\((--[\w-]+)", css))


def test_sheet_is_made_once_and_in_debug_every_time(settings):
    settings.DEBUG = False
    assert styles.sheet("listing") is styles.sheet("listing")
    settings.DEBUG = True
    assert styles.sheet("listing") is not styles.sheet("listing")
    assert styles.sheet("listing") == styles.sheet("listing")
