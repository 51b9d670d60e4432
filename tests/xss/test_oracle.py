"""Proves that each detector of the oracle fires on what is bad and is silent on what is good.

Only the part without a browser is tested here, and no Django is needed. The payloads are tested
too: those that are raw HTML must be seen as they stand, and none may be seen once it is escaped.
"""

import html as html_entities

import pytest

from .oracle import EMBEDS, Policy, find_executable, style_hash
from .payloads import (
    ACTIVE_ELEMENTS,
    EVENT_HANDLERS,
    GROUPS,
    MUTATION,
    PAYLOADS,
    STYLES,
    SVG_AND_MATHML,
    URLS_IN_HTML,
)

ARTICLE_POLICY = Policy(
    elements=frozenset(
        {"a", "article", "em", "figure", "h2", "img", "li", "p", "path", "sup", "svg", "table"}
        | {"td", "th", "tr", "ul"}
    ),
    attributes=frozenset(
        {"alt", "aria-*", "class", "d", "fill", "href", "id", "lang", "src", "srcset", "title"}
        | {"viewbox"}
    ),
)

# What is bad, a part of the finding, and what is good though it looks alike.
DETECTORS = (
    # Script elements.
    ("<script>alert(1)</script>", "<script>: script element", "&lt;script&gt;alert(1)"),
    ("<ScRiPt/x>alert(1)", "<script>: script element", "<scripture>x</scripture>"),
    ("<svg><script/></svg>", "<script>: script element", "<svg><desc>script</desc></svg>"),
    # Event handlers.
    ("<img src=x onerror=alert(1)>", "<img>: event handler onerror", "<img src=x alt=onerror>"),
    ("<img/src/OnError=y>", "event handler onerror", "<img/src=x/onerror=y>"),
    ("<img src='x'onerror='y'>", "event handler", "<img src='x' alt=' onerror=y'>"),
    ('<p title=""onclick=x>', "event handler onclick", "<p title='\"onclick=x'>"),
    ("<p \x0conclick=x>", "event handler onclick", '<p title="\x0conclick=x">'),
    ("<b x=y / onclick=x>", "event handler onclick", "<b x='y / onclick=x'>"),
    ("<img src=x onerror=alert(1) ", "event handler onerror", "&lt;img src=x onerror=alert(1) "),
    ("<x =onclick onclick=y>", "event handler onclick", "<x data-on=y>"),
    # The protocol of URLs.
    ("<a href=javascript:x>", "<a>: href with the protocol javascript", "<a href=/x:y>"),
    ("<a href='JaVaScRiPt:x'>", "protocol javascript", "<a href='#javascript:x'>"),
    ("<a href=' \x01\x1fjavascript:x'>", "protocol javascript", "<a href='?javascript:x'>"),
    ("<a href='java\t\n\rscript:x'>", "protocol javascript", "<a href='java script:x'>"),
    ("<a href='java&Tab;script&colon;x'>", "protocol javascript", "<a title='javascript:x'>"),
    ("<a href='&#106avascript:x'>", "protocol javascript", "<a href='&amp;#106avascript:x'>"),
    ("<a href='vbscript:x'>", "protocol vbscript", "<a href='./vbscript:x'>"),
    ("<a href='blob:https://x/1'>", "protocol blob", "<a href='https://x/blob:1'>"),
    ("<a href='file:///x'>", "protocol file", "<a href='//x/file:'>"),
    ("<img src=data:image/svg+xml,x>", "src with the protocol data", "<img src=data/x.svg>"),
    ("<form action=javascript:x>", "action with the protocol", "<p class=action>"),
    ("<button formaction=javascript:x>", "formaction with the protocol", "<button>x</button>"),
    ("<object data=javascript:x>", "data with the protocol", "<time data-x=javascript:x>"),
    ("<svg><a xlink:href=javascript:x>", "xlink:href with", "<svg><a xlink:href='#x'>"),
    ("<svg><a x:href=javascript:x>", "x:href with", "<svg><a x:title=javascript:x>"),
    ("<a ping='/x javascript:x'>", "ping with", "<a ping='/x /y'>"),
    ("<img srcset='/x 1x, data:x 2x'>", "srcset with", "<img srcset='/x 1x, /y,z 2.5x'>"),
    ("<video poster=javascript:x>", "poster with", "<video poster=/x.png>"),
    ("<p fill=\"url( 'javascript:x')\">", "fill with", "<p fill='url(#x)' stroke=red>"),
    ("<a href='about:blank'>", "protocol about", "<a href='mailto:x@example.org'>"),
    ("<a href='sms:1'>", "protocol sms", "<a href='tel:+64'><a href=''><a href>"),
    # Styles.
    ("<p style='color:red'>", "<p>: style attribute color:red", "<p class=style>"),
    ("<p style>", "style attribute", "<p data-style=x>"),
    ("<style>p{}</style>", "<style>: style element p{}", "&lt;style>p{}"),
    (
        "<link rel='x StyleSheet' href=//x/y.css>",
        "from another site",
        "<link rel=stylesheet href=/x>",
    ),
    (
        "<link rel=stylesheet href=\\\\x/y.css>",
        "from another site",
        "<link rel=icon href=//x/y.png>",
    ),
    ("<link rel=import href=/x>", "HTML import", "<link rel=canonical href=https://x/>"),
    # Elements that frame, embed, post or redirect.
    ("<iframe>", "<iframe>: element that", "&lt;iframe>"),
    ("<iframe srcdoc='x'>", "srcdoc x", "<p title=srcdoc>"),
    ("<object>", "<object>: element that", "<p id=object>"),
    ("<embed>", "<embed>: element that", "<p id=embed>"),
    ("<base href=/x>", "<base>: element that", "<p id=base>"),
    ("<form>", "<form>: element that", "<p id=form>"),
    ("<meta http-equiv='ReFresh' content=0>", "meta refresh", "<meta name=refresh content=0>"),
    ("<META HTTP-EQUIV='refre&#115;h'>", "meta refresh", "<meta http-equiv=x content=refresh>"),
    # SVG animations.
    ("<svg><set attributeName='xlink:href' to=x>", "animation of", "<svg><set attributeName=x>"),
    ("<svg><animate attributeName=onclick>", "animation of", "<svg><animate attributeName=d>"),
    # Readings: comments, declarations, plain text, templates.
    ("<!--><b onclick=x>-->", "event handler", "<!-- ><b onclick=x>-->"),
    ("<!---><b onclick=x>-->", "event handler", "<!-- -><b onclick=x>-->"),
    ("<!-- --!><b onclick=x>-->", "event handler", "<!-- --?><b onclick=x>-->"),
    ("<![CDATA[><b onclick=x>]]>", "event handler", "<!-- <![CDATA[><b onclick=x>]]> -->"),
    ("<?x ><b onclick=x>?>", "event handler", "<?x b onclick=x ?>"),
    ("</ x><b onclick=x>", "event handler", "</x onclick=y>"),
    ("</><b onclick=x>", "event handler", "</ b onclick=x>"),
    ("<title><p x='</title><b onclick=y>'>", "event handler", "<title>onclick=y</title>"),
    ("<textarea><p x='</textarea><b onclick=y>'>", "event handler", "<textarea>x</textarea>"),
    ("<noscript><p x='</noscript><b onclick=y>'>", "event handler", "<noscript>x</noscript>"),
    ("<template><b onclick=x></template>", "event handler", "<template><b>x</b></template>"),
    ("<a href=/x href=y onclick=z onclick=w>", "event handler", "<a href=/x href=javascript:x>"),
)

# Bad under `ARTICLE_POLICY` only.
ALLOW_LISTS = (
    ("<marquee>x</marquee>", "<marquee>: element that is not in the allow-list", "<p>x</p>"),
    ("<p><x-y>", "<x-y>: element that is not", "<em>x-y</em>"),
    ("<svg><foreignObject>", "<foreignobject>: element", "<svg viewBox='0 0 1 1'><path d=M0 />"),
    ("<p contenteditable>", "attribute contenteditable that is not", "<p class=contenteditable>"),
    ("<img name=cookie>", "attribute name that is not", "<img id=cookie>"),
    ("<p aria>", "attribute aria that is not", "<p aria-label=x>"),
    ("<p data-x=y>", "attribute data-x that is not", "<html lang=en><head><body><tbody>"),
)

# Every payload under a readable name; the groups whose strings are raw HTML; and those of these
# strings that no browser would act on.
NAMED_PAYLOADS = tuple(
    pytest.param(payload, id=f"{name}-{number}")
    for name, group in GROUPS.items()
    for number, payload in enumerate(group)
)
RAW_HTML = frozenset().union(
    URLS_IN_HTML, STYLES, EVENT_HANDLERS, MUTATION, SVG_AND_MATHML, ACTIVE_ELEMENTS
)
INERT = frozenset(
    {
        "<img/src=x/onerror=alert(1)>",
        "<img src=`x`onerror=alert(1)>",
        "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
        '<img alt="`` onerror=alert(1)" src=x>',
        "<svg><handler xmlns:ev=http://www.w3.org/2001/xml-events ev:event=load>alert(1)</handler>",
        '<svg:script xmlns:svg="http://www.w3.org/2000/svg">alert(1)</svg:script>',
        "<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "<xml id=x><a><b>&lt;script>alert(1)&lt;/script></b></a></xml>",
    }
)

# A page such as the site serves.
GOOD_PAGE = """<!doctype html>
<html lang="zh-Hans"><head><title>镁 &lt;script&gt;</title>
<link rel="stylesheet" href="/static/site.css"><link rel="canonical" href="https://x.invalid/">
</head>
<body><article id="signs" class="prose"><!-- article -->
<h2 id="x" title="&quot; onmouseover=&quot;alert(1)">a &lt; b &amp;&amp; c &gt; d</h2>
<p>x<sup id="fnref:1"><a href="#fn:1">1</a></sup> <a href="mailto:x@x.invalid">mail</a>
<a href="tel:+6431234567">call</a> <a href="//x.invalid/" rel="sponsored nofollow">there</a>
<a href="/zh-hans/about/?next=javascript:alert(1)">about</a>
javascript:alert(1) onclick=alert(1)</p>
<img src="/media/x.png" srcset="/media/x.png 1x, /media/y.png 2x"
alt="&lt;img onerror=alert(1)&gt;">
<svg viewBox="0 0 8 8" role="img" aria-label="x">
<path class="flow" d="M0 0h8" fill="url(#a)"/></svg>
<details><summary>x</summary><table><tr><th scope="col">a</th><td>b</td></tr></table></details>
</article></body></html>"""


@pytest.mark.parametrize(("bad", "finding", "good"), DETECTORS)
def test_detector(bad: str, finding: str, good: str) -> None:
    """Each detector fires on the bad string, says why, and is silent on the good one."""
    found = find_executable(bad)
    assert any(finding in one for one in found), found
    assert find_executable(good) == []


@pytest.mark.parametrize(("bad", "finding", "good"), ALLOW_LISTS)
def test_allow_list(bad: str, finding: str, good: str) -> None:
    """What an allow-list does not name is found, with the list only."""
    found = find_executable(bad, ARTICLE_POLICY)
    assert any(finding in one for one in found), found
    assert find_executable(bad) == []
    assert find_executable(good, ARTICLE_POLICY) == []


@pytest.mark.parametrize("name", sorted(EMBEDS - {"meta-refresh"}))
def test_embeds(name: str) -> None:
    """Every embedding element is found unless the policy allows that very one."""
    assert find_executable(f"<{name}></{name}>") != []
    assert find_executable(f"<{name}></{name}>", Policy(embeds=frozenset({name}))) == []
    assert find_executable(f"<{name}></{name}>", Policy(embeds=EMBEDS - {name})) != []


def test_allowed_meta_refresh() -> None:
    """A meta refresh may be allowed."""
    refresh = '<meta http-equiv="refresh" content="9">'
    assert find_executable(refresh, Policy(embeds=EMBEDS - {"meta-refresh"})) != []
    assert find_executable(refresh, Policy(embeds=frozenset({"meta-refresh"}))) == []


def test_style_hashes() -> None:
    """Only the very style that was hashed passes, in an attribute as in an element."""
    assert style_hash("") == "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    policy = Policy(style_hashes=frozenset({style_hash("--x: 1")}))
    assert find_executable('<p style="--x: 1">', policy) == []
    assert find_executable("<p style='-&#45;x: 1'>", policy) == []
    assert find_executable("<style>--x: 1</style>", policy) == []
    assert find_executable('<p style="--x: 2">', policy) != []
    assert find_executable("<style>--x: 1 </style>", policy) != []
    assert find_executable("<style>--x: 1</style >", policy) == []
    assert find_executable("<svg><style>--x: 1<b onclick=x></style>", policy) != []


def test_schemes() -> None:
    """The policy says which protocols pass; a URL without a protocol always does."""
    policy = Policy(schemes=frozenset({"data"}))
    assert find_executable("<img src=data:,x><img src=x><a href='#x'>", policy) == []
    assert find_executable("<a href=https://x.invalid/>", policy) != []
    assert find_executable("<a href=//x.invalid/>", policy) != []
    assert find_executable("<a href=/\t/x.invalid/>", policy) == []
    assert find_executable("<a href='/\t/x.invalid/'>", policy) != []


def test_shape() -> None:
    """Findings are sorted, without repeats, plain ASCII, on one line and not long."""
    found = find_executable("<p onclick=x><p onclick=x><b style='镁\n" + "x" * 500 + "'>")
    assert len(found) == 2
    assert found == sorted(found)
    assert all(one.isascii() and "\n" not in one and len(one) < 150 for one in found)
    assert find_executable("") == []


def test_good_page() -> None:
    """A whole page as the site serves it is free of findings, full of hostile text as it is."""
    assert find_executable(GOOD_PAGE) == []


def test_broken_markup_is_no_crash() -> None:
    """Markup that html.parser may refuse, and deep nesting, end in a list."""
    for broken in ("<![", "<![x", "<!x[<y", "<", "</", "<!", "<!--", "<?", "<a", "<a b", '<a b="'):
        assert isinstance(find_executable(broken), list)
    assert find_executable("<b>" * 5000 + "<i onclick=x>") != []


@pytest.mark.parametrize(
    "payload", [named for named in NAMED_PAYLOADS if RAW_HTML.issuperset(named.values)]
)
def test_raw_html_payload_is_seen(payload: str) -> None:
    """Every payload that is raw HTML is found as it stands, but for those no browser acts on."""
    assert (find_executable(payload) == []) == (payload in INERT)


@pytest.mark.parametrize("payload", NAMED_PAYLOADS)
def test_escaped_payload_is_good(payload: str) -> None:
    """No payload is found in a text or an attribute once it is escaped."""
    escaped = html_entities.escape(payload)
    assert find_executable(f'<p title="{escaped}">{escaped}</p>', ARTICLE_POLICY) == []


def test_payloads_are_many_and_small() -> None:
    """The payloads are distinct, small, and all in a group."""
    assert len(PAYLOADS) >= 180
    assert len(set(PAYLOADS)) == len(PAYLOADS)
    assert all(0 < len(payload) < 500 for payload in PAYLOADS)
    assert sum(map(len, GROUPS.values())) == len(PAYLOADS)
    assert RAW_HTML >= INERT
