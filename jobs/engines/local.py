"""Run tasks in this process: one failing task is logged and never stops the clock."""

import time
from collections.abc import Callable

import structlog

from jobs.tasks.deps import Deps

Task = Callable[[Deps], int]
"""A task does what is due now and returns how many things it did."""

log = structlog.get_logger()


def run(task: Task, deps: Deps) -> int | None:
    """Run the task; return what it did, or none if it failed (the next tick tries again)."""
    started = time.monotonic()
    try:
        done = task(deps)
    except Exception:
        log.exception("task failed", task=task.__name__)
        return None
    if done:
        log.info("task done", task=task.__name__, count=done, seconds=round(time.monotonic() - started, 3))
    return done
