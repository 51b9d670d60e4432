"""The share panel: its code can be read by a telephone, its links carry the canonical address."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from articles.sharing import qr_data_uri, share_panel
from tests.crawl import LANGUAGES, parse


def modules_of(data_uri: str) -> Image.Image:
    """The picture that a browser makes of the code: its path, drawn ten pixels a module."""
    head, _comma, svg = data_uri.partition(",")
    assert head.startswith("data:image/svg+xml")
    soup = parse(unquote(svg))
    size = int(soup.svg["viewbox"].split()[2])
    image = Image.new("L", (size * 10, size * 10), 255)
    draw = ImageDraw.Draw(image)
    dark = next(path for path in soup.find_all("path") if path.get("stroke"))
    x = y = 0.0
    for command, numbers in _commands(dark["d"]):
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        elif command == "h":
            left, right = x * 10, (x + numbers[0]) * 10 - 1
            draw.rectangle((left, (y - 0.5) * 10, right, (y + 0.5) * 10 - 1), fill=0)
            x += numbers[0]
    return image


def _commands(path: str):
    for command, rest in re.findall(r"([Mmh])([^Mmh]*)", path):
        yield command, [float(number) for number in re.findall(r"-?[\d.]+", rest)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_code_on_the_page_says_the_canonical_address(demo_site, client, code):
    soup = parse(client.get(f"/{code}/articles/d3-k2-magnesium/").content)
    canonical = soup.find("link", rel="canonical")["href"]
    image = soup.select_one(".share img.qr")
    assert image["alt"]
    assert (image["width"], image["height"]) == ("120", "120")
    found = zxingcpp.read_barcodes(modules_of(image["src"]))
    assert [item.text for item in found] == [canonical]


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_code_says_any_address(path):
    address = f"https://health.example.org/{path}"
    found = zxingcpp.read_barcodes(modules_of(qr_data_uri(address)))
    assert [item.text for item in found] == [address]


def test_code_is_dark_on_light_with_its_quiet_zone():
    image = modules_of(qr_data_uri("https://health.example.org/"))
    edge = 4 * 10
    assert image.crop((0, 0, image.width, edge)).getextrema() == (255, 255)
    assert image.getpixel((edge + 5, edge + 5)) == 0


@pytest.mark.parametrize("code", LANGUAGES)
def test_links_carry_the_address_and_the_title_and_nothing_else(code):
    address, title = "https://health.example.org/en/articles/a/", "维生素D & “K2” + 100%?"
    panel = share_panel(address, title, code)
    assert len(panel.links) == 2
    for link in panel.links:
        query = parse_qs(urlsplit(link.url).query)
        words = " ".join(value for values in query.values() for value in values)
        assert address in words
        assert title in words
        assert "utm" not in link.url


def test_picture_of_the_code_is_made_once():
    qr_data_uri.cache_clear()
    for _again in range(3):
        qr_data_uri("https://health.example.org/")
    assert qr_data_uri.cache_info().misses == 1


def test_share_panel_can_be_printed(demo_site, client):
    """The address is there in words, for those who hold paper."""
    soup = parse(client.get("/en/articles/d3-k2-magnesium/").content)
    assert soup.select_one(".share .short").get_text() == soup.find("link", rel="canonical")["href"]
