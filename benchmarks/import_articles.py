"""How fast a content bundle is imported, and in how much memory, beside a baseline.

    .venv/bin/python benchmarks/import_articles.py [articles]

The bundle is made here: bilingual articles with a body of 3 KB in each language, three references,
two graded claims and one drawing, all published. Each number of articles is imported by a process
of its own into a new database, so that its peak of memory is its own. Baseline, in the same run:
the same bodies through Python-Markdown as it comes, and one `bulk_create` for each article.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = 1000

ARTICLE = """\
kind: article
topics: [sleep]
contributions:
- {{author: jane-doe, role: author}}
images:
- key: cycle
  file: figures/cycle.svg
  credit: Editors
references:
- key: smith2019
  study_type: review
  authors: Smith A, Jones B
  year: 2019
  title: Evening light and the timing of sleep, part {number}
  container: J Example Sleep
  locator: 12(3):45–67
- key: chen2020
  study_type: randomised_trial
  participants: 180
  title: A trial of dimmer evenings
  doi: 10.1234/trial.{number}
- key: garcia2021
  study_type: observational
  title: Screens and sleep in adults
  url: https://example.org/studies/{number}
claims:
- {{key: C1, grade: moderate, references: [chen2020]}}
- {{key: C2, grade: limited, references: [smith2019, garcia2021]}}
"""
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 200">
{boxes}
<path class="flow" d="M20 180h{number}"/>
</svg>
"""
BOX = (
    '<rect class="n1" x="{x}" y="40" width="90" height="60" rx="8"/>'
    '<text class="t" x="{x}" y="75">{x}</text>'
)
HEADS = {
    "zh-hans": """\
---
title: 睡前两小时放下手机，第{number}篇
standfirst: 晚上的光线可能推迟入睡。
seal: 睡
figures:
- key: cycle
  image: cycle
  alt: 光线、褪黑素与入睡的关系。
  caption: 光线推迟褪黑素的分泌[@smith2019]。
statements:
- claim: C1
  text: 调暗灯光后入睡稍快。
  basis: 一项180人的试验[@chen2020]。
- claim: C2
  text: 屏幕与睡得晚有关。
  basis: 只见关联[@garcia2021]。
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

""",
    "en": """\
---
title: Put the phone away two hours before bed, part {number}
standfirst: Evening light may delay sleep.
seal: Sl
figures:
- key: cycle
  image: cycle
  alt: How light, melatonin and falling asleep hang together.
  caption: Light delays melatonin.[@smith2019]
statements:
- claim: C1
  text: In dimmer light people fell asleep a little sooner.
  basis: One trial of 180 people.[@chen2020]
- claim: C2
  text: Screens go with later sleep.
  basis: Only an association.[@garcia2021]
publish:
  at: 2026-01-01T00:00:00+00:00
  change: first
---

""",
}
PARAGRAPHS = {
    "zh-hans": "傍晚以后，眼睛里的感光细胞会把光线的多少告诉大脑，"
    "大脑据此安排褪黑素的分泌时间（第{number}段）。光线越亮、越偏蓝，分泌越晚，"
    "人也就越晚才觉得**困**；不过每个人的差别很大[@smith2019]。\n\n",
    "en": "After sunset, light-sensitive cells in the eye tell the brain how bright it is, and the "
    "brain times its melatonin by it (paragraph {number}). The brighter and bluer the light, the "
    "later it comes and the later you feel **sleepy**; but people differ.[@smith2019]\n\n",
}
GRADED = {
    "zh-hans": "把灯调暗的人入睡稍快[@chen2020]。{claim:C1}\n\n"
    "- 早一点放下手机。{claim:C2}\n- 看纸书。\n\n",
    "en": "In dimmer light people fell asleep sooner.[@chen2020] {claim:C1}\n\n"
    "- Put the phone away earlier. {claim:C2}\n- Read on paper.\n\n",
}


def body(language: str, number: int) -> str:
    """About 3 KB of Markdown."""
    text = ""
    for section in range(1, 4):
        text += f"## {language} {section} {{#part-{section}}}\n\n"
        if section == 2:
            text += "[[figure:cycle]]\n\n" + GRADED[language]
        while len(text.encode()) < section * 950:
            text += PARAGRAPHS[language].format(number=number + section)
    return text + "[[references]]\n"


def write_bundle(folder: Path, count: int) -> None:
    author = folder / "authors/jane-doe"
    author.mkdir(parents=True)
    (author / "author.yaml").write_text("is_active: true\n")
    for language in HEADS:
        (author / f"{language}.md").write_text("---\nname: Jane Doe\n---\n")
    (folder / "topics.yaml").write_text(
        "- slug: sleep\n  zh-hans: {name: 睡眠}\n  en: {name: Sleep}\n"
    )
    boxes = "\n".join(BOX.format(x=20 + 100 * place) for place in range(8))
    for number in range(1, count + 1):
        article = folder / f"articles/article-{number:04}"
        (article / "figures").mkdir(parents=True)
        (article / "article.yaml").write_text(ARTICLE.format(number=number))
        drawing = DRAWING.format(boxes=boxes, number=100 + number % 700)
        (article / "figures/cycle.svg").write_text(drawing)
        for language, head in HEADS.items():
            text = head.format(number=number) + body(language, number)
            (article / f"{language}.md").write_text(text)


def measure_import(folder: str) -> dict[str, float]:
    from articles.bundles import import_bundle

    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    report = import_bundle(Path(folder))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"articles": report.articles / seconds, "start": start / 1024, "peak": peak / 1024}


def measure_baseline(folder: str) -> dict[str, float]:
    import markdown
    from django.db import connection, models, transaction

    class Plain(models.Model):
        slug = models.CharField(max_length=80)
        language = models.CharField(max_length=10)
        source = models.TextField()
        html = models.TextField()

        class Meta:
            app_label = "benchmarks"

        def __str__(self) -> str:
            return self.slug

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    articles = sorted(Path(folder, "articles").iterdir())
    began = time.process_time()
    with transaction.atomic():
        for article in articles:
            sources = {code: (article / f"{code}.md").read_text() for code in HEADS}
            Plain.objects.bulk_create(
                Plain(
                    slug=article.name,
                    language=code,
                    source=source,
                    html=markdown.markdown(source.split("---\n", 2)[2], extensions=["tables"]),
                )
                for code, source in sources.items()
            )
    return {"articles": len(articles) / (time.process_time() - began)}


def child(what: str, folder: str) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps({"import": measure_import, "baseline": measure_baseline}[what](folder)))


def run(what: str, bundle: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "DATA_DIR": data,
            "DJANGO_SETTINGS_MODULE": "healthsite.settings",
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, __file__, "--child", what, str(bundle)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
        )
    return json.loads(done.stdout)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES
    print("articles   articles/s   baseline   ratio   peak RSS (before the import)")
    for part in (count // 4, count // 2, count):
        with tempfile.TemporaryDirectory() as folder:
            write_bundle(Path(folder), part)
            baseline = run("baseline", Path(folder))["articles"]
            found = run("import", Path(folder))
        speed = found["articles"]
        print(
            f"{part:8}   {speed:10.1f}   {baseline:8.1f}   {speed / baseline:5.2f}   "
            f"{found['peak']:.0f} MB ({found['start']:.0f} MB)",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
