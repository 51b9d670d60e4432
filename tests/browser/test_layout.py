"""Do pages fit, stay still, and break lines where Chinese and English want them broken."""

import pytest

from tests.browser.pages import ARTICLE, PATHS

pytestmark = pytest.mark.browser

LANGUAGES = ["zh-hans", "en"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_text_spacing_of_wcag_hides_nothing(open_page, code):
    """WCAG 1.4.12: wider letters, words and lines must not cut text off or scroll sideways."""
    page = open_page(f"/{code}/{ARTICLE}", width=320)
    page.evaluate(
        """() => {
            for (const element of document.querySelectorAll('main *')) {
                element.style.lineHeight = '1.5';
                element.style.letterSpacing = '.12em';
                element.style.wordSpacing = '.16em';
            }
        }"""
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("path", "width"),
    [
        (path, 390 if (kind == "article") == path.startswith("/zh") else 1440)
        for kind, path in PATHS
        if kind in {"home", "article"}
    ],
)
def test_nothing_shifts_while_loading_and_scrolling(open_page, site, path, width):
    page = open_page("/healthz", width=width)
    page.add_init_script(
        """
        window.shift = 0;
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: 'layout-shift', buffered: true});
        """
    )
    page.goto(site + path)
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 3000):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(20)
    assert page.evaluate("window.shift") == 0


LAST_LINES = """() => {
    const short = [];
    const han = /[\\u4e00-\\u9fff]/g;
    const blocks = '.prose p, .prose li, .standfirst, h1, .prose h2';
    for (const block of document.querySelectorAll(blocks)) {
        if (block.querySelector('p, ul, ol, details') || !block.innerText.trim()) continue;
        if (block.closest('details:not([open])')) continue;
        const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        let top = -1, line = '';
        for (let node; (node = walker.nextNode());) {
            if (node.parentElement.closest('sup, .visually-hidden')) continue;
            for (let i = 0; i < node.length; i++) {
                const range = document.createRange();
                range.setStart(node, i);
                range.setEnd(node, i + 1);
                const box = range.getClientRects()[0];
                if (!box || !box.width) continue;
                if (Math.abs(box.bottom - top) > 8) { line = ''; top = box.bottom; }
                line += node.data[i];
            }
        }
        const first = block.getBoundingClientRect();
        if (first.height > 60 && line.length < 3 && (line.match(han) || []).length === 1) {
            short.push(block.innerText.slice(-20));
        }
    }
    return short;
}"""


def test_no_last_line_holds_one_character(open_page):
    page = open_page(f"/zh-hans/{ARTICLE}", width=320)
    for width in (320, 360, 390, 430, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(LAST_LINES) == [], width


BROKEN_WORDS = """words => {
    const broken = [];
    for (const heading of document.querySelectorAll('h1, h2, h3')) {
        const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
        const letters = [];
        for (let node; (node = walker.nextNode());) {
            for (let i = 0; i < node.length; i++) {
                const range = document.createRange();
                range.setStart(node, i);
                range.setEnd(node, i + 1);
                const box = range.getClientRects()[0];
                letters.push([node.data[i], box ? Math.round(box.bottom) : null]);
            }
        }
        const text = letters.map(pair => pair[0]).join('');
        for (const word of words) {
            for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
                const lines = letters.slice(at, at + word.length).map(pair => pair[1]);
                if (Math.max(...lines) - Math.min(...lines) > 8) broken.push([text, word]);
            }
        }
    }
    return broken;
}"""


def test_chinese_headings_keep_words_whole(open_page):
    words = [
        "维生素D3",
        "维生素D",
        "活性激素",
        "参考文献",
        "名词解释",
        "可能",
        "缺镁",
        "见效",
        "K2",
        "药物",
    ]
    page = open_page(f"/zh-hans/{ARTICLE}", width=320)
    for width in (320, 345, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(BROKEN_WORDS, words) == [], width


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_width_shows_exactly_one_layout_of_a_diagram(open_page, code):
    for width in (320, 1440):
        page = open_page(f"/{code}/{ARTICLE}", width=width)
        for figure in page.locator("figure.diagram").all():
            visible = [svg for svg in figure.locator(".zoom > svg").all() if svg.is_visible()]
            assert len(visible) == 1
            box = visible[0].bounding_box()
            assert box["width"] <= width


@pytest.mark.parametrize("code", LANGUAGES)
def test_diagram_texts_are_readable_on_a_small_phone(open_page, code):
    """Nothing in a diagram is below 12 px, and labels are 14 px, on a screen of 320 px."""
    page = open_page(f"/{code}/{ARTICLE}", width=320)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.diagram .tall text')].map(text => {
            const svg = text.ownerSVGElement;
            const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
            return scale * parseFloat(getComputedStyle(text).fontSize);
        })"""
    )
    assert sizes
    assert min(sizes) >= 12
