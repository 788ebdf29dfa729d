"""The process that a storm kills: it releases, sends and closes, as `newsletter serve` does, until it is ended.

Run as `python -m tests.proof.victim`, which has everything imported and makes a victim by a fork for each line of its
input, a plan: `environment`, what it is to have there besides; `step`, `nth` and `seed` for one that dies in that step
(`moments`); `durable`, a file in which it notes what a power cut would leave; `room_pages`, after how many more pages
SQLite finds the disk full. It answers with the number of the process, and in the end with what the system says of it.
"""

import json
import logging
import os
import random
import signal
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Engine, event

from jobs.tasks.closing import close_issues
from jobs.tasks.deps import Deps
from jobs.tasks.publish import publish_due
from newsletter import config, database, publications
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.delivery import sender
from newsletter.keys import Keys
from tests.proof import durable, moments

TICK_SECONDS = 0.05
FAILED = 3


def main() -> None:
    """Make one victim after the other."""
    log_errors_only()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os._exit(_live(json.loads(line)))
        _say(pid)
        _say(os.waitpid(pid, 0)[1])


def log_errors_only() -> None:
    """Say nothing of what is expected here."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _live(plan: dict[str, Any]) -> int:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    os.environ.update(plan["environment"])
    try:
        settings = config.load(Path("config.toml"))
        keys = key_file.load(settings.data_folder)
        _prepare(settings, plan)
        threading.Thread(target=_tick, args=(settings, keys, ended), daemon=True).start()
        sender.run(settings, keys, stop=ended.is_set)
    except BaseException:  # noqa: BLE001 - nothing of the parent may go on in here
        traceback.print_exc()
        return FAILED
    return 0


def _prepare(settings: Settings, plan: dict[str, Any]) -> None:
    if "step" in plan:
        moments.die_in(plan["step"], plan["nth"], random.Random(plan["seed"]))  # noqa: S311 - decides when to die
    if "durable" in plan:
        durable.note_what_is_durable(settings, plan["durable"])
    if "room_pages" in plan:
        event.listen(Engine, "connect", lambda connection, _: _leave_room(connection, plan["room_pages"]))


def _leave_room(connection: Any, pages: int) -> None:
    """Let SQLite's file grow by so many pages and no more: then the disk is full."""
    [used] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={used + pages}")


def _tick(settings: Settings, keys: Keys, ended: threading.Event) -> None:
    """Do what the clock does: release what is due, close what is done."""
    try:
        engine = database.connect(settings.database)
        with database.writing(engine) as session:
            publication_id = publications.sync(session, settings.publication, now=datetime.now(UTC)).id
        deps = Deps(settings, keys, engine, publication_id)
        while not ended.is_set():
            publish_due(deps)
            close_issues(deps)
            time.sleep(TICK_SECONDS)
    except BaseException:  # noqa: BLE001 - the storm is to hear of it
        traceback.print_exc()
        os._exit(FAILED)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
