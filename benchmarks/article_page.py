"""How long the article page takes, cold and warm, beside a baseline in the same run.

    .venv/bin/python benchmarks/article_page.py [rounds]

Baseline: Django 5.2 answering the very bytes of the page from a view that does nothing, without
middleware. Both are called in the same process through WSGI, in alternating rounds, so that a
noisy machine disturbs both alike. Cold: the first answer of a new process, import included.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATH = "/zh-hans/articles/d3-k2-magnesium/"
CALLS = 40


def prepare(folder: str) -> dict[str, str]:
    """A site with the demo content in a folder of its own."""
    environment = {
        **os.environ,
        "DATA_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "healthsite.settings",
        "PYTHONPATH": str(ROOT),
    }
    for command in (
        ["migrate", "-v0"],
        ["import_content", str(ROOT / "fixtures"), "-v0"],
        ["collectstatic", "--noinput", "-v0"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True
        )
    return environment


def environ(path: str) -> dict:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def call(application, path: str) -> bytes:
    status = []
    chunks = application(environ(path), lambda line, headers: status.append(line))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if not status[0].startswith("200"):
        sys.exit(f"{path} answered {status[0]}")
    return body


def microseconds(application, path: str) -> float:
    start = time.perf_counter()
    for _call in range(CALLS):
        call(application, path)
    return (time.perf_counter() - start) / CALLS * 1e6


def constant_application(body: bytes):
    """Django's handler and resolver around a view that returns bytes; no middleware."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import path

    import healthsite.urls

    healthsite.urls.urlpatterns.insert(
        0, path("benchmark-constant", lambda request: HttpResponse(body))
    )
    handler = WSGIHandler()
    from django.core.handlers.exception import convert_exception_to_response

    handler._middleware_chain = convert_exception_to_response(handler._get_response)
    return handler


def cold(environment: dict[str, str]) -> float:
    """Seconds from starting a process to the first answer."""
    code = (
        "import sys; sys.path.insert(0, 'benchmarks'); import article_page as b; "
        "from healthsite.wsgi import application; b.call(application, b.PATH)"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    return time.perf_counter() - start


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(folder)
        os.environ.update(environment)
        sys.path.insert(0, str(ROOT))
        from healthsite.wsgi import application

        constant = constant_application(call(application, PATH))
        for warm_up in ((application, PATH), (constant, "/benchmark-constant")):
            microseconds(*warm_up)
        pages, floors = [], []
        for _round in range(rounds):
            floors.append(microseconds(constant, "/benchmark-constant"))
            pages.append(microseconds(application, PATH))
        floor, page = statistics.median(floors), statistics.median(pages)
        ratio = statistics.median(p / f for p, f in zip(pages, floors, strict=True))
        print(f"constant Django view  {floor:8.0f} us   1.0")
        print(f"article page, warm    {page:8.0f} us   {ratio:.1f}")
        print(f"article page, cold    {cold(environment):8.2f} s    (new process, first answer)")


if __name__ == "__main__":
    main()
