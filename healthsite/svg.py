"""Decides what a drawing may contain before it becomes part of a page.

A figure's SVG is inlined, so anything it says is said with the page's own authority. It is parsed
without document types and entities, compared with a list of allowed elements, attributes and
values, and written anew from the parsed tree: no byte of the upload reaches a page unread. What is
not on the list is refused with its name and line, never dropped in silence; only the notes that
drawing programs leave for themselves are dropped.

The list is short because colours, fonts and line styles come from classes (see
docs/content-bundle.md). The only address a drawing can hold is `#id` in itself, so it can neither
load nor link to anything.
"""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext

from healthsite.imaging import ImageRefused

# A hand-drawn figure of this site is 3 to 8 KB; more than 200 KB is a traced photograph.
MAX_BYTES = 200_000
MAX_ELEMENTS = 2_000
# Levels of elements inside elements, also when references are followed; programs need up to 20.
MAX_DEPTH = 48
# What a browser has to draw once each `use` is replaced by what it points to.
MAX_DRAWN = 10_000

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
_XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
_XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_EDITOR_NAMESPACES = {
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.inkscape.org/namespaces/inkscape",
}

_ELEMENT_NAMES = """
    svg g path rect circle ellipse line polyline polygon text tspan defs symbol use title desc
    linearGradient radialGradient stop clipPath
"""
ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_TEXT_ELEMENTS = {"text", "tspan", "title", "desc"}
# The HTML parser reads their content as HTML, so they hold characters and nothing else.
_PLAIN_TEXT_ELEMENTS = {"title", "desc"}

# No part of a pattern can match the same characters in two ways: matching takes linear time.
_ID = r"[A-Za-z_][A-Za-z0-9_.-]*"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_LENGTH = rf"{_NUMBER}(?:px|em|%)?"
_LENGTHS = rf"{_LENGTH}(?:(?: ?, ?| ){_LENGTH})*"
_COLOUR = r"none|currentColor|#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})"
_ARGUMENTS = r"[0-9eE.,+ -]*"
_TRANSFORM = rf"(?:(?:matrix|translate|scale|rotate|skewX|skewY) ?\({_ARGUMENTS}\)[ ,]*)+"
_UNITS = r"userSpaceOnUse|objectBoundingBox"
_LENGTH_ATTRIBUTES = """
    x1 y1 x2 y2 cx cy r rx ry fx fy fr width height offset font-size letter-spacing textLength
    pathLength opacity fill-opacity stroke-opacity stop-opacity stroke-width stroke-miterlimit
    stroke-dashoffset
"""

_PATTERNS = {
    "class": r"[A-Za-z][A-Za-z0-9_-]*(?: [A-Za-z][A-Za-z0-9_-]*)*",
    "clip-path": rf"none|url\(#{_ID}\)",
    "d": r"[MmZzLlHhVvCcSsQqTtAa0-9eE.,+ -]*",
    "dominant-baseline": r"auto|alphabetic|central|hanging|mathematical|middle",
    "font-style": r"normal|italic",
    "font-weight": r"normal|bold|[1-9]00",
    "href": rf"#{_ID}",
    "id": _ID,
    "lang": r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*",
    "lengthAdjust": r"spacing|spacingAndGlyphs",
    "paint-order": r"normal|fill|stroke|stroke fill|fill stroke",
    "points": _ARGUMENTS,
    "preserveAspectRatio": r"none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max)(?: (?:meet|slice))?",
    "shape-rendering": r"auto|crispEdges|geometricPrecision|optimizeSpeed",
    "spreadMethod": r"pad|reflect|repeat",
    "stroke-dasharray": rf"none|{_LENGTHS}",
    "stroke-linecap": r"butt|round|square",
    "stroke-linejoin": r"miter|round|bevel",
    "text-anchor": r"start|middle|end",
    "vector-effect": r"none|non-scaling-stroke",
    "viewBox": _ARGUMENTS,
    **dict.fromkeys(("fill", "stroke"), rf"{_COLOUR}|url\(#{_ID}\)"),
    **dict.fromkeys(("stop-color",), _COLOUR),
    **dict.fromkeys(("fill-rule", "clip-rule"), r"nonzero|evenodd"),
    **dict.fromkeys(("gradientUnits", "clipPathUnits"), _UNITS),
    **dict.fromkeys(("transform", "gradientTransform"), _TRANSFORM),
    **dict.fromkeys(("x", "y", "dx", "dy", "rotate"), _LENGTHS),
    **dict.fromkeys(_LENGTH_ATTRIBUTES.split(), _LENGTH),
}
_ATTRIBUTES = {name: re.compile(pattern) for name, pattern in _PATTERNS.items()}
ATTRIBUTES = frozenset(_ATTRIBUTES)

# On the outermost element these and `aria-…` are for the template to write.
_TEMPLATE_ATTRIBUTES = {"class", "width", "height", "role", "focusable"}

_SPACE = re.compile(r"[ \t\r\n]+")
_DECLARED_ENCODING = re.compile(r"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_REFERENCE = re.compile(rf"\A(?:#({_ID})|url\(#({_ID})\))\Z")
# Keys of images may begin with a digit, which HTML allows in an id.
_PREFIX = re.compile(r"\A[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
# WAI-ARIA 1.2: attributes whose value is an id or a list of ids.
_ARIA_REFERENCES = {"aria-activedescendant", "aria-controls", "aria-describedby", "aria-details"}
_ARIA_REFERENCES |= {"aria-errormessage", "aria-flowto", "aria-labelledby", "aria-owns"}


class SvgRefused(ImageRefused):
    """A drawing that cannot be inlined; the message names the offending part and its line."""


@dataclass(slots=True)
class _Node:
    """One element as parsed: `namespace` and the keys of `attributes` are None where absent."""

    namespace: str | None
    name: str
    attributes: dict[tuple[str | None, str], str]
    line: int
    children: list["_Node | str"] = field(default_factory=list)


def sanitise_svg(data: bytes | str) -> str:
    """Check a drawing and return it as compact SVG that is safe to inline in an HTML page.

    `data` is a whole SVG file, as bytes (UTF-8) or text. The result begins with `<svg xmlns=…` and
    is stable: the same drawing gives the same text, and a result given again comes back unchanged.

    Raises SvgRefused for anything that is not on the lists in this module, that is too large or too
    deep, that refers to something outside itself, or that is not well-formed.
    """
    root = _parsed(_text(data))
    _pop_template_attributes(root)
    clean = _clean_root(root)
    result = _written(clean)
    # Escaping can make the result longer than the file was.
    _refuse_long(result.encode())
    return result


def prefix_ids(svg: str, prefix: str) -> str:
    """Put `prefix` before each id, and before each reference to one, so that figures can share a
    page: `id`, `href="#…"`, `url(#…)` and the ARIA attributes that hold ids.

    `svg` is a result of `sanitise_svg`, to which the template's class, size, role and ARIA
    attributes may have been added; `prefix` is a letter or digit, then letters, digits and `-_.`,
    for instance `activation-`. Checks the drawing again, so it takes about a millisecond: call it
    when content changes. Raises ValueError for another prefix, SvgRefused like `sanitise_svg`.
    """
    if not _PREFIX.match(prefix):
        msg = f"not a prefix for ids: {prefix!r}"
        raise ValueError(msg)
    root = _parsed(svg)
    template_attributes = _pop_template_attributes(root)
    clean = _clean_root(root)
    clean.attributes |= template_attributes
    for node in _walk(clean):
        node.attributes = {
            key: _prefixed(key[1], value, prefix) for key, value in node.attributes.items()
        }
    return _written(clean)


def svg_size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in its own units (CSS pixels when shown at full size).

    Read from the viewBox, the only size a figure has. Raises SvgRefused when there is none.
    """
    _, _, width, height = _view_box(_parsed(svg))
    return width, height


# Reading


def _text(data: bytes | str) -> str:
    """Decode as UTF-8 and nothing else: the checks must see the characters that browsers see."""
    try:
        # Text is encoded too, because it may hold halves of surrogate pairs, which are no text.
        raw = data.encode() if isinstance(data, str) else data
        _refuse_long(raw)
        text = raw.decode("utf-8-sig")
    except UnicodeError as error:
        raise _not_utf_8() from error
    # Zeros make the parser guess UTF-16, whatever it was told, and read other characters.
    if "\0" in text:
        raise _not_utf_8()
    declared = _DECLARED_ENCODING.match(text)
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise SvgRefused(
            gettext("The drawing says its encoding is %(encoding)s: save it as UTF-8.")
            % {"encoding": _short(declared[1])}
        )
    return text


def _not_utf_8() -> SvgRefused:
    return SvgRefused(gettext("The drawing is not UTF-8 text: save it as UTF-8."))


def _refuse_long(raw: bytes) -> None:
    if len(raw) > MAX_BYTES:
        raise SvgRefused(
            gettext("The drawing has more than %(limit)d KB: simplify it.")
            % {"limit": MAX_BYTES // 1000}
        )


def _parsed(text: str) -> _Node:
    """Parse to a tree of at most MAX_ELEMENTS elements and MAX_DEPTH levels."""
    source = InputSource()
    # Characters instead of bytes make the parser ignore whatever encoding the file declares.
    source.setCharacterStream(io.StringIO(text))
    reader = _TreeReader()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(reader)
    try:
        parser.parse(source)
    except SAXParseException as error:
        problem = gettext("this is not well-formed XML.")
        raise _refusal(problem, error.getLineNumber()) from error
    except DefusedXmlException as error:
        raise SvgRefused(
            gettext("A drawing must not have a document type (DOCTYPE) or entities: remove it.")
        ) from error
    return reader.root


class _TreeReader(ContentHandler):
    """Builds the tree while parsing, so that the limits stop a bomb before it is in memory.

    Comments and processing instructions are not passed to it: that is how they are dropped.
    """

    def __init__(self) -> None:
        super().__init__()
        self.root: _Node
        self._open: list[_Node] = []
        self._count = 0

    def startPrefixMapping(self, prefix: str | None, uri: str | None) -> None:
        # The library splits "namespace name" at any kind of space, so a namespace with a space in
        # it could pass off one element as another.
        if uri and uri.split() != [uri]:
            raise _refusal(gettext("a namespace contains a space."), self._locator.getLineNumber())

    def startElementNS(
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        namespace, local_name = name
        line = self._locator.getLineNumber()
        node = _Node(namespace, local_name, dict(attrs.items()), line)
        self._count += 1
        if self._count > MAX_ELEMENTS:
            problem = gettext("there are more than %(limit)d elements.") % {"limit": MAX_ELEMENTS}
            raise _refusal(problem, line)
        if len(self._open) == MAX_DEPTH:
            raise _too_deep(line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].children.append(content)


# Checking


def _pop_template_attributes(root: _Node) -> dict[tuple[str | None, str], str]:
    keys = [
        (namespace, name)
        for namespace, name in root.attributes
        if namespace is None and (name in _TEMPLATE_ATTRIBUTES or name.startswith("aria-"))
    ]
    return {key: root.attributes.pop(key) for key in keys}


def _clean_root(root: _Node) -> _Node:
    if (root.namespace, root.name) != (SVG_NAMESPACE, "svg"):
        problem = gettext('the file must begin with <svg xmlns="%(namespace)s">.')
        raise _refusal(problem % {"namespace": SVG_NAMESPACE}, root.line)
    clean = _clean(root)
    _view_box(clean)
    _refuse_bad_references(clean)
    return clean


def _clean(node: _Node) -> _Node:
    """A copy of an element and its content with everything checked and editor noise left out."""
    if node.namespace != SVG_NAMESPACE or node.name not in ELEMENTS:
        problem = gettext("the element <%(element)s> is not allowed.")
        raise _refusal(problem % {"element": _short(node.name)}, node.line)
    clean = _Node(SVG_NAMESPACE, node.name, {}, node.line)
    for (namespace, name), value in node.attributes.items():
        if not _is_noise(namespace, name):
            _add_attribute(clean, namespace, name, value)
    clean.children = _clean_children(node)
    return clean


def _is_noise(namespace: str | None, name: str) -> bool:
    if namespace is None:
        return name == "version"
    return namespace in _EDITOR_NAMESPACES or (namespace, name) == (_XML_NAMESPACE, "space")


def _add_attribute(node: _Node, namespace: str | None, name: str, value: str) -> None:
    if (namespace, name) == (_XLINK_NAMESPACE, "href"):
        namespace = None
    pattern = _ATTRIBUTES.get(name) if namespace is None else None
    if pattern is None or (name == "href" and node.name != "use"):
        problem = gettext("the attribute %(attribute)s is not allowed on <%(element)s>.")
        raise _refusal(problem % {"attribute": _short(name), "element": node.name}, node.line)
    value = _SPACE.sub(" ", value).strip(" ")
    # Files written for old browsers say href twice; both must say the same.
    repeats = node.attributes.get((None, name), value)
    if not pattern.fullmatch(value) or repeats != value:
        problem = gettext("the value “%(value)s” of %(attribute)s is not allowed on <%(element)s>.")
        values = {"value": _short(value), "attribute": name, "element": node.name}
        raise _refusal(problem % values, node.line)
    node.attributes[None, name] = value


def _clean_children(node: _Node) -> list[_Node | str]:
    clean: list[_Node | str] = []
    for child in node.children:
        if isinstance(child, _Node):
            if _is_editor_element(child):
                continue
            if node.name in _PLAIN_TEXT_ELEMENTS:
                problem = gettext("<%(element)s> may hold only text.")
                raise _refusal(problem % {"element": node.name}, child.line)
            clean.append(_clean(child))
        elif clean and isinstance(clean[-1], str):
            # A dropped comment or element leaves two pieces of one text.
            clean[-1] += child
        else:
            clean.append(child)
    if node.name in _TEXT_ELEMENTS:
        return _clean_text(clean, node.name)
    if any(isinstance(child, str) and child.strip(" \t\r\n") for child in clean):
        problem = gettext("<%(element)s> holds text outside a <text> element.")
        raise _refusal(problem % {"element": node.name}, node.line)
    return [child for child in clean if isinstance(child, _Node)]


def _is_editor_element(node: _Node) -> bool:
    return node.namespace in _EDITOR_NAMESPACES or (
        (node.namespace, node.name) == (SVG_NAMESPACE, "metadata")
    )


def _clean_text(children: list[_Node | str], name: str) -> list[_Node | str]:
    """Join runs of spaces and line ends as browsers do; the one space left can separate words."""
    clean = [_SPACE.sub(" ", child) if isinstance(child, str) else child for child in children]
    if name in _PLAIN_TEXT_ELEMENTS:
        clean = [child.strip(" ") for child in clean if isinstance(child, str)]
    return [child for child in clean if child]


def _view_box(root: _Node) -> tuple[float, float, float, float]:
    numbers = re.split(r"[ ,]+", root.attributes.get((None, "viewBox"), ""))
    if len(numbers) == 4 and all(re.fullmatch(_NUMBER, number) for number in numbers):
        left, top, width, height = map(float, numbers)
        if all(map(math.isfinite, (left, top, width, height))) and width > 0 and height > 0:
            return left, top, width, height
    problem = gettext(
        "<svg> needs a viewBox of four numbers: left, top, and a width and height above zero."
    )
    raise _refusal(problem, root.line)


def _refuse_bad_references(root: _Node) -> None:
    """Refuse double ids, references to nothing, and `use` in circles or in explosive numbers."""
    targets: dict[str, _Node] = {}
    for node in _walk(root):
        name = node.attributes.get((None, "id"))
        if name in targets:
            problem = gettext("the id %(id)s is used twice.")
            raise _refusal(problem % {"id": _short(name)}, node.line)
        if name:
            targets[name] = node
    _measure(root, targets, {}, 1)


def _measure(
    node: _Node, targets: dict[str, _Node], known: dict[int, tuple[int, int]], depth: int
) -> tuple[int, int]:
    """Elements and levels drawn for an element, references replaced by what they refer to.

    `known` keeps the answers, so that the measuring itself is not explosive; `depth` is the way
    down so far, which ends a circle of references.
    """
    if id(node) in known:
        return known[id(node)]
    if depth > MAX_DEPTH:
        raise _too_deep(node.line)
    parts = [child for child in node.children if isinstance(child, _Node)]
    parts += [_target(node, name, targets) for name in _references(node)]
    sizes = [_measure(part, targets, known, depth + 1) for part in parts]
    elements = 1 + sum(size[0] for size in sizes)
    levels = 1 + max((size[1] for size in sizes), default=0)
    if elements > MAX_DRAWN:
        problem = gettext("repeated parts make more than %(limit)d elements.")
        raise _refusal(problem % {"limit": MAX_DRAWN}, node.line)
    if levels > MAX_DEPTH:
        raise _too_deep(node.line)
    known[id(node)] = elements, levels
    return elements, levels


def _target(node: _Node, name: str, targets: dict[str, _Node]) -> _Node:
    if name not in targets:
        problem = gettext("<%(element)s> refers to #%(id)s, which is not in the drawing.")
        raise _refusal(problem % {"element": node.name, "id": _short(name)}, node.line)
    return targets[name]


def _references(node: _Node) -> Iterator[str]:
    for (_, name), value in node.attributes.items():
        # A colour such as #fade looks like a reference; only `href` holds a bare `#id`.
        match = _REFERENCE.match(value)
        if match and (match[2] or name == "href"):
            yield match[1] or match[2]


# Writing


def _prefixed(attribute: str, value: str, prefix: str) -> str:
    if attribute == "id":
        return prefix + value
    if attribute in _ARIA_REFERENCES:
        return " ".join(prefix + name for name in value.split())
    if attribute == "href" and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    return value.replace("url(#", f"url(#{prefix}") if value.startswith("url(#") else value


def _walk(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children:
        if isinstance(child, _Node):
            yield from _walk(child)


def _written(root: _Node) -> str:
    return "".join(_pieces(root, f' xmlns="{SVG_NAMESPACE}"'))


def _pieces(node: _Node, declaration: str = "") -> Iterator[str]:
    yield f"<{node.name}{declaration}"
    for (_, name), value in node.attributes.items():
        yield f' {name}="{_escaped(value)}"'
    if not node.children:
        yield "/>"
        return
    yield ">"
    for child in node.children:
        if isinstance(child, _Node):
            yield from _pieces(child)
        else:
            yield _escaped(child)
    yield f"</{node.name}>"


def _escaped(text: str) -> str:
    """Escape for text and attributes alike, in XML and in HTML."""
    return text.translate(_ESCAPES)


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


# Saying no


def _refusal(problem: str, line: int) -> SvgRefused:
    sentence = gettext("Line %(line)d of the drawing: %(problem)s")
    return SvgRefused(sentence % {"line": line, "problem": problem})


def _too_deep(line: int) -> SvgRefused:
    problem = gettext("parts are nested too deeply, or a part refers to itself.")
    return _refusal(problem, line)


def _short(text: str) -> str:
    """A name or value from the file, short enough for a message."""
    return text if len(text) <= 40 else text[:39] + "…"
