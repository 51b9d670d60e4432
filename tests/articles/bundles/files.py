"""A small bundle in files, and ways to look at folders and tables as a whole."""

import shutil
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from articles.bundles import BundleRefused, ImportReport, Problem, export_bundle, import_bundle
from articles.triggers import install_triggers, remove_triggers

ARTICLE = "articles/sleep/article.yaml"
ZH = "articles/sleep/zh-hans.md"
EN = "articles/sleep/en.md"
PAGE = "pages/about/article.yaml"
PAGE_EN = "pages/about/en.md"
AUTHOR = "authors/jane-doe/author.yaml"
AUTHOR_EN = "authors/jane-doe/en.md"
FIGURE = "articles/sleep/figures/cycle.svg"

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">
<path class="flow" d="M0 0h9"/>
</svg>
"""

SMALL = {
    "topics.yaml": """\
- slug: sleep
  zh-hans: {name: 睡眠, description: 关于睡眠。}
  en: {name: Sleep}
- slug: food
  zh-hans: {name: 饮食}
  en: {name: Food}
""",
    "glossary.yaml": """\
- key: melatonin
  zh-hans: {term: 褪黑素, definition: 调节昼夜节律的激素}
  en: {term: melatonin, abbreviation: MT, definition: the hormone of the day–night rhythm}
""",
    "products.yaml": """\
- key: lamp
  name: 暗灯 Dim®
  name_language: zh-hans
  brand: Dimmers
  relationship: unconfirmed
  zh-hans: {components: 一盏灯}
  en: {gloss: dim lamp, components: a lamp, label_note: Read the label.}
""",
    AUTHOR: """\
is_active: true
registrations:
- number: '0123-4'
  checked_on: 2026-01-05
  zh-hans: {title: 注册营养师}
  en: {title: registered nutritionist, body: Example Register}
""",
    "authors/jane-doe/zh-hans.md": "---\nname: Jane Doe\n---\n\n一位作者。\n",
    AUTHOR_EN: "---\nname: Jane Doe\ncredentials: PhD\n---\n\nAn author.\n",
    ARTICLE: """\
kind: article
topics: [sleep]
nutrients: [magnesium]
lead_figure: cycle
contributions:
- {author: jane-doe, role: author}
images:
- key: cycle
  file: figures/cycle.svg
  credit: Editors
references:
- key: smith2019
  study_type: review
  authors: Smith A
  year: 2019
  title: Evening light
  container: J Sleep
  locator: 12(3):45–67
- key: chen2020
  study_type: randomised_trial
  participants: 180
  title: A trial
  doi: 10.1234/abcd
claims:
- {key: C1, grade: moderate, references: [chen2020]}
""",
    ZH: """\
---
title: 睡前两小时放下手机
standfirst: 光线可能推迟入睡。
seal: 睡
figures:
- key: cycle
  image: cycle
  alt: 光线与褪黑素的关系。
  caption: 光线推迟[[term:melatonin]]的分泌[@smith2019]。
callouts:
- key: tired
  icon: sleep
  label: 睡不好
  text: 睡得晚，白天容易困。
product_mention:
  product: lamp
  text: 原文提到这款灯。
statements:
- claim: C1
  text: 调暗灯光后入睡稍快。
  basis: 一项试验[@chen2020]。
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

晚上的光线会影响睡眠[@smith2019]。

## 为什么 {#why}

[[figure:cycle]]

把灯调暗的人入睡稍快。{claim:C1}

[[callouts]]

[[product]]

[[safety:magnesium|安全]]

先问医生。

[[/safety]]

[[glossary]]

[[references]]
""",
    EN: """\
---
title: Put the phone away two hours before bed
standfirst: Light may delay sleep.
seal: Sl
figures:
- key: cycle
  image: cycle
  alt: How light and melatonin hang together.
  caption: Light delays [[term:melatonin]].[@smith2019]
callouts:
- key: tired
  icon: sleep
  label: Poor sleep
  text: Late to bed, drowsy by day.
product_mention:
  product: lamp
  text: The original mentions this lamp.
statements:
- claim: C1
  text: In dimmer light people fell asleep sooner.
  basis: One trial.[@chen2020]
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

Evening light affects sleep.[@smith2019]

## Why {#why}

[[figure:cycle]]

People fell asleep sooner. {claim:C1}

[[callouts]]

[[product]]

[[safety:magnesium|Safety]]

Ask a doctor first.

[[/safety]]

[[glossary]]

[[references]]
""",
    FIGURE: SVG,
    PAGE: "kind: page\n",
    "pages/about/zh-hans.md": """\
---
title: 关于本站
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

我们是谁。
""",
    PAGE_EN: """\
---
title: About this site
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

Who we are.
""",
}

PUBLISH = "publish:\n  at: 2026-01-01T00:00:00+00:00\n  change: first\n"


class BundleFiles:
    """The files of a bundle below ``root``."""

    def __init__(self, root: Path, content: dict[str, str] = SMALL):
        self.root = root
        root.mkdir()
        for name, text in content.items():
            self.write(name, text)

    def path(self, name: str) -> Path:
        return self.root / name

    def read(self, name: str) -> str:
        return self.path(name).read_text(encoding="utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first place where ``old`` stands, which must be there."""
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def append(self, name: str, text: str) -> None:
        self.write(name, self.read(name) + text)

    def remove(self, name: str) -> None:
        self.path(name).unlink()

    def line_of(self, name: str, text: str) -> int:
        """The number of the first line that holds a text."""
        lines = self.read(name).split("\n")
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def line_of_bytes(self, name: str, found: bytes) -> int:
        data = self.path(name).read_bytes()
        return data.count(b"\n", 0, data.index(found)) + 1

    def load(self) -> ImportReport:
        return import_bundle(self.root)

    def problems(self) -> list[Problem]:
        """What an import says; it must refuse the bundle."""
        try:
            import_bundle(self.root)
        except BundleRefused as refusal:
            return list(refusal.problems)
        raise AssertionError("the bundle was imported")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def exported(folder: Path) -> dict[str, bytes]:
    """Export to a new folder; its files."""
    export_bundle(folder)
    return contents(folder)


def clear_site() -> None:
    """Make the site as it was before anything was imported, the log too."""
    remove_triggers(connection)
    for model in _models():
        model._base_manager.all()._raw_delete("default")
    install_triggers(connection)
    for folder in (settings.MEDIA_ROOT, settings.DATA_DIR):
        shutil.rmtree(folder, ignore_errors=True)


def _models():
    for label in ("articles", "authors"):
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def tables() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the site's own tables."""
    found = {}
    for model in _models():
        columns = [field.attname for field in model._meta.concrete_fields]
        rows = model._base_manager.order_by("pk").values_list(*columns)
        found[model._meta.db_table] = list(rows)
    return found
