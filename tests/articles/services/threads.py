"""Two editors at the same time: each job on a connection of its own."""

import threading
import time

from django.db import connection


def in_threads(*jobs) -> list:
    """Run each job on a connection of its own; what they give, or the error, in their order."""
    results: list = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


class Overlap:
    """Stands in for a step of a transaction: the first to come waits until the second is near."""

    def __init__(self, step):
        self.step = step
        self.is_inside = threading.Event()

    def __call__(self, *args, **kwargs):
        if not self.is_inside.is_set():
            self.is_inside.set()
            # The second cannot come further than the lock, so there is nothing to wait for but
            # time: enough for it to read an old number if no lock held it.
            time.sleep(0.5)
        return self.step(*args, **kwargs)
