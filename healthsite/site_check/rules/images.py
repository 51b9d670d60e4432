"""Pictures of pages, and the picture a shared link shows."""

import re
from collections.abc import Iterator

from healthsite.site_check.findings import Finding, rule
from healthsite.site_check.pages import Page
from healthsite.site_check.site import Picture, Site


@rule("image-size", "web.dev: optimize cumulative layout shift (images without dimensions)")
def unsized(site: Site) -> Iterator[Finding]:
    """Every img has width and height, and every inline drawing a viewBox or a size."""
    for resource, page in site.pages():
        for name in dict.fromkeys(page.unsized):
            yield Finding(
                resource.address,
                f"shows {name} without dimensions",
                "Write width and height (a drawing: viewBox), so that nothing jumps.",
            )


@rule("image-alt", "WCAG 1.1.1; HTML: the img element")
def without_alt(site: Site) -> Iterator[Finding]:
    """Every img has an alt attribute; an empty one says that it decorates."""
    for resource, page in site.pages():
        for name in dict.fromkeys(page.without_alt):
            yield Finding(resource.address, f"shows {name} without alt", "Describe it.")


@rule("og-image", "ogp.me: og:image, og:image:width, og:image:height")
def og_images(site: Site) -> Iterator[Finding]:
    """Every og:image is absolute and a picture of the size the page says."""
    for resource, page in site.pages():
        for image in _og_images(page):
            problem = _problem(site, image)
            if problem:
                yield Finding(
                    resource.address,
                    f"has the og:image {image['og:image']!r}, which {problem}",
                    "Name the picture that exists, and its real size.",
                )


def _og_images(page: Page) -> list[dict[str, str]]:
    """Each og:image with the properties that follow it."""
    images: list[dict[str, str]] = []
    for name, value in page.og:
        if name == "og:image":
            images.append({name: value})
        elif images and name.startswith("og:image:"):
            images[-1].setdefault(name, value)
    return images


def _problem(site: Site, image: dict[str, str]) -> str:
    url = image["og:image"]
    if not re.match(r"https?://", url):
        return "is not absolute"
    resource = site.resources.get(site.origin.address_of(url) or "")
    if resource is None:
        return ""
    if resource.status != 200:
        return f"answers {resource.status}"
    picture = resource.content
    if not isinstance(picture, Picture) or not picture.width:
        return f"is no raster picture ({resource.content_type or 'no type'})"
    said = image.get("og:image:width", ""), image.get("og:image:height", "")
    real = str(picture.width), str(picture.height)
    differs = any(one and one != other for one, other in zip(said, real, strict=True))
    return f"is {'x'.join(real)} pixels, not {'x'.join(said)}" if differs else ""


RULES = (unsized, without_alt, og_images)
