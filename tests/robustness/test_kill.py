"""No half-saved text and no lost save, however workers die (kill -9) under concurrent editing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import require
from tests.robustness.editing_load import ROOT, run_load

KILLS = int(os.environ.get("KILLS", "25"))
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")


def run_here(environment: dict[str, str], name: str, *words: str) -> dict:
    """A function of ``tests.robustness.texts`` in a process with a database of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.robustness.texts", name, *words],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def environment_of(folder: Path, database: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "TEST_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DEBUG"}
    }
    folder.mkdir()
    return {
        **kept,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "healthsite.settings",
        "PYTHONWARNINGS": "ignore",
        **({"DATABASE_URL": database} if database else {}),
    }


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killing_workers_in_mid_save_loses_nothing_and_halves_nothing(engine, tmp_path):
    require(Path("/proc/self/task").exists(), "Linux's /proc")
    if engine == "postgresql":
        require(bool(POSTGRES), "TEST_POSTGRES_URL")
    environment = environment_of(tmp_path / "site", POSTGRES if engine == "postgresql" else "")
    if engine == "postgresql":
        environment["DATABASE_URL"] = run_here(environment, "create_database")["url"]
    made = run_here(environment, "prepare")
    paths = {int(text): path for text, path in made["paths"].items()}
    saves, all_ended = run_load(environment, tmp_path / "log", made["sessions"], paths, KILLS)
    assert all_ended
    assert saves.unexpected == []
    assert len(saves.acknowledged) >= KILLS / 4, "hardly anything was saved"
    report = run_here(environment, "inspect", json.dumps(saves.acknowledged))
    sys.stdout.write(
        f"{engine}: {KILLS} kills, {len(saves.acknowledged)} saves acknowledged, "
        f"{saves.refused} refused (409), {saves.broken} answers cut off, "
        f"{report['revisions']} revisions, {report['unheard']} of them saved but never answered\n"
    )
    assert report["lost"] == []
    assert report["halved"] == []
    assert report["gaps"] == []
    assert report["unlogged"] == []
    assert report["old_working_rows"] == []
