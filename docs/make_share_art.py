"""Draw the landscapes of share cards: the covers of articles as pictures.

    python docs/make_share_art.py

Needs the packages of requirements-dev.txt and Chromium (CHROMIUM names another than Debian's).
Pillow reads no SVG, so ``static/img/scroll-light.svg`` is drawn once for each scene, as
``static/css/layout.css`` places it, and kept with the code.
"""

import io
import os
import sys
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "articles" / "share_cards" / "art"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCENES = range(1, 6)
SIZES = {"wide": (1200, 140), "square": (300, 150)}
COLOURS = 128
PLACED = {
    "wide": ".cover{--zoom:92%}.scene-3{--zoom:74%}.scene-5{--zoom:70%}",
    "square": ".cover{--zoom:88%;--sun:87% 20%}",
}
"""What differs from a page: no hill is cut off at its top, and the seal hides no sun."""


def main() -> None:
    """Write one picture for each scene and shape."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthsite.settings")
    django.setup()
    from healthsite import styles

    style = styles.sheet("listing").text
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for shape, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            for scene in SCENES:
                page.set_content(
                    f"<style>{style}\n.cover{{margin:0;inline-size:{width}px;block-size:{height}px;"
                    f'border:0}}{PLACED[shape]}</style><div class="cover scene-{scene}"></div>'
                )
                picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                name = TARGET / f"{shape}-{scene}.png"
                picture.quantize(COLOURS, dither=Image.Dither.NONE).save(name, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
