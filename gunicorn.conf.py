"""How gunicorn serves the site; read by itself when gunicorn starts in this folder.

HOST, PORT, WEB_CONCURRENCY and ACCESS_LOG come from the environment; anything else can be changed
for one start with GUNICORN_CMD_ARGS. ``python3 gunicorn.conf.py`` only tells whether the address
is free. So nothing here may import more than the standard library at the top.
"""

import errno
import os
import signal
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"

wsgi_app = "healthsite.wsgi:application"
chdir = str(HERE)
# Loopback only: the front server, or the person trying the site out, is on this machine.
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

# Threads, so that a slow visitor holds a thread and not a whole worker, and connections are kept
# alive. A page from the cache needs next to no Python, so four threads do not fight for the GIL.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4

# Each worker listens for itself and the kernel spreads the connections. On one shared socket,
# kept-alive connections pile up on whichever worker was quickest: throughput then varies by luck
# from one start to the next (measured: by a factor of two and a half).
# The price: the port may be shared by accident as well (see on_starting), systemd's socket
# activation does not apply, and what waits in the queue of a worker that ends is reset.
reuse_port = True

# As long as a reader takes to follow a link, and no longer: an idle connection costs memory.
keepalive = 5

# The code is imported once and its memory shared by the workers, and a broken import ends the
# start with its traceback instead of workers dying in a loop. New code therefore needs a restart:
# HUP starts new workers from the old code.
preload_app = True

# What a restart waits for requests that are under way before it kills. Pages take milliseconds;
# the longest, an upload with its renditions, takes a few seconds.
graceful_timeout = 6

# The heartbeat of a worker is a file that it touches. On a disk that is busy, touching can block
# for seconds and the worker is killed for being silent, so: in memory where there is such a place.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# gunicorn 25 and later open a socket for remote control below $HOME; nothing here uses it.
control_socket_disable = True

# The front server keeps the access log. ACCESS_LOG=- writes one to standard output.
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"


def address_problem() -> str:
    """What keeps the site from listening on HOST and PORT, in one line; empty when nothing does."""
    if not (PORT.isascii() and PORT.isdigit() and 0 < int(PORT) < 65536):
        return f"PORT is {PORT!r}. Give a number from 1 to 65535, for example PORT=8001."
    try:
        family, kind, *_, address = socket.getaddrinfo(HOST, int(PORT), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Without SO_REUSEPORT: with it, a second site would be let in beside the first.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"{bind} is in use already. "
                "Stop what is running there, or choose another port, for example PORT=8001."
            )
        return f"Cannot listen on {bind}: {error.strerror or error}. Check HOST and PORT."
    return ""


def on_starting(server):
    """Refuse an address that is taken: reuse_port would share it without a word.

    A gunicorn that takes over from a running one (USR2) shares its port on purpose.
    """
    if not server.master_pid and (problem := address_problem()):
        sys.exit(problem)


def pre_fork(server, worker):
    """Close the database connections that importing the code may have opened.

    Every worker opens its own after the fork. A connection carried across would be one socket with
    two readers; SQLite forbids it outright; and of a pool only the list would arrive, without the
    threads that keep it.
    """
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()


def post_worker_init(worker):
    """Make Ctrl-C end a worker at once, and every worker end before its parent kills it.

    On Ctrl-C the terminal sends SIGINT to the workers as well as to their parent, which passes it
    on as SIGQUIT. gunicorn's handler of both closes the pool of threads from inside the signal: if
    the other signal, or a request being handed to the pool, holds the pool's lock at that moment,
    the worker waits for itself. So one of the two counts, and it only cuts the waiting short.
    """

    def stop_at_once(number, frame):
        worker.cfg.set("graceful_timeout", 0)
        worker.handle_exit(number, frame)

    worker.cfg.set("graceful_timeout", graceful_timeout - 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, stop_at_once)


def worker_exit(server, worker):
    """End a worker that was told to stop, without Python's own wait for every thread.

    A browser opens spare connections on which it asks for nothing, and each holds a thread for
    seconds. All that is worth waiting for has been waited for by now.
    """
    if worker.booted and not worker.alive and worker.pid == os.getpid():
        os._exit(0)


if __name__ == "__main__":
    sys.exit(address_problem() or None)
