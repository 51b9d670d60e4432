"""Editors who save at the same time, while workers of the site are killed under them.

Run against a database of its own, named by DATABASE_URL or DATA_DIR. Every save writes one token
into every part of a text, so that a text of two saves gives itself away.
"""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from tests.articles.admin.desk.forms import fields_of

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30
"""Seconds that a request may take, on a machine that does other things besides."""


@dataclass
class Saves:
    """What the editors were told. ``acknowledged`` maps a token to the text it was saved in."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    broken: int = 0
    unexpected: list[str] = field(default_factory=list)
    under_way: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Editor(threading.Thread):
    """One editor with a session of their own, saving one of the texts again and again."""

    def __init__(self, port: int, name: str, session: str, paths: dict[int, str], saves: Saves):
        super().__init__(name=name, daemon=True)
        self.port, self.paths, self.saves = port, paths, saves
        self.cookies = {"sessionid": session}
        self.is_over = threading.Event()
        self.random = random.Random(name)

    def run(self) -> None:
        count = 0
        while not self.is_over.is_set():
            count += 1
            text = self.random.choice(list(self.paths))
            try:
                self.save(text, f"{self.name}x{count}")
            except (OSError, http.client.HTTPException):
                # The worker was killed. Whether it had saved, this editor cannot know.
                with self.saves.lock:
                    self.saves.broken += 1
                time.sleep(0.1)

    def save(self, text: int, token: str) -> None:
        """Open the desk and save it with ``token`` in every part."""
        status, html = self.ask("GET", self.paths[text])
        if status != 200:
            self.saves.unexpected.append(f"GET {status}")
            return
        form = BeautifulSoup(html, "html.parser").select_one("form#desk")
        data = filled(fields_of(form), token) | {"_save": ["1"]}
        with self.saves.lock:
            self.saves.under_way += 1
        try:
            status, _html = self.ask("POST", self.paths[text], data)
        finally:
            with self.saves.lock:
                self.saves.under_way -= 1
        with self.saves.lock:
            if status == 302:
                self.saves.acknowledged[token] = text
            elif status == 409:
                self.saves.refused += 1
            else:
                self.saves.unexpected.append(f"POST {status}")

    def ask(self, method: str, path: str, data: dict | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            body = None
            if data is not None:
                body = urlencode(data, doseq=True)
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": f"http://127.0.0.1:{self.port}",
                }
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            html = response.read().decode()
            for header in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(header).items():
                    self.cookies[name] = morsel.value
            return response.status, html
        finally:
            connection.close()


def filled(data: dict[str, list[str]], token: str) -> dict[str, list[str]]:
    """The form's fields with ``token`` typed into every part of the text."""
    data = {name: list(values) for name, values in data.items()}
    data["title"] = [f"Title {token}"]
    data["standfirst"] = [f"Standfirst {token}."]
    data["body"] = [
        f"Passage {place} says {token}." if value.startswith("Passage") else value
        for place, value in enumerate(data["body"])
    ]
    for name in ("figures-0-caption", "callouts-0-text", "statements-0-text"):
        data[name] = [f"Words {token}"]
    return data


class Site:
    """The site as it is run, and the power to kill its workers."""

    def __init__(self, environment: dict[str, str], log: Path):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.log = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--log-level", "warning"],
            cwd=ROOT,
            env={
                **environment,
                "PORT": str(self.port),
                "SITE_ORIGIN": f"http://127.0.0.1:{self.port}",
                "WEB_CONCURRENCY": "3",
            },
            stdout=self.log,
            stderr=self.log,
        )

    def wait(self) -> None:
        """Until pages are answered."""
        deadline = time.monotonic() + PATIENCE * 2
        while time.monotonic() < deadline:
            if self.answers():
                return
            time.sleep(0.1)
        raise TimeoutError("the site does not answer")

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes below gunicorn's own, as Linux lists them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def kill_workers(site: Site, saves: Saves, times: int, seed: int = 1) -> int:
    """Kill -9 a worker while saves are under way, ``times`` times; how often it was in mid-save."""
    chance = random.Random(seed)
    killed = 0
    deadline = time.monotonic() + PATIENCE + times * 5
    while killed < times:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {killed} kills: no saves are under way")
        # Any moment of a save, and time for others to be finished.
        time.sleep(chance.uniform(0.1, 1.2))
        workers = site.workers()
        if saves.under_way and len(workers) > 1:
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


def run_load(
    environment: dict[str, str],
    log: Path,
    sessions: dict[str, str],
    paths: dict[int, str],
    kills: int,
) -> tuple[Saves, bool]:
    """Let editors save while workers are killed. What they were told; whether the site answers.

    ``sessions`` are session keys by the name of their editor, ``paths`` desks by their text.
    """
    saves = Saves()
    site = Site(environment, log)
    try:
        site.wait()
        editors = [
            Editor(site.port, name, session, paths, saves) for name, session in sessions.items()
        ]
        for editor in editors:
            editor.start()
        try:
            kill_workers(site, saves, kills)
        finally:
            for editor in editors:
                editor.is_over.set()
            for editor in editors:
                editor.join(timeout=PATIENCE * 2)
        site.wait()
        return saves, all(editor.is_alive() is False for editor in editors)
    finally:
        site.stop()
