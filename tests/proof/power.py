"""The power is cut: everything that SQLite had not brought to the disk is gone, and the machine starts anew.

With marks at NORMAL the last commits may be lost (DESIGN 5.0). The log is cut at a random place after its last
durable commit, as a disk without power would leave it, and the claims are of another boot. Then the rows of claimed
batches are uncertain, nothing else changes, and nobody is mailed twice.
"""

import os
import random
from pathlib import Path
from typing import Any

from newsletter import database
from newsletter import keys as key_file
from newsletter.delivery import sender
from tests.proof import ground, judge
from tests.proof.durable import FILE
from tests.proof.ground import Zygote
from tests.proof.judge import Verdict
from tests.proof.newsroom import Newsroom

READERS = 400
"""For each cut: those whose batch is lost, and those who are sent to before."""
COPIES = (20, 120)
MOST_UNCERTAIN = ground.BATCH * 5 // 4 + 50
"""Rows that one process may have claimed: a batch and a quarter, and letters."""
_ROWS = "SELECT id, state, claim_id, attempts, marked_at, settled_at, code, reason FROM {table} ORDER BY id"


def run(folder: Path, zygote: Zygote, *, cuts: int, seed: int | None = None) -> Verdict:
    """Cut the power so many times while an issue goes out, then let it come to its end; return the verdict."""
    dice = random.Random(seed)  # noqa: S311 - decides when to cut
    verdict = Verdict(most_uncertain=MOST_UNCERTAIN * cuts)
    with ground.ready(folder, zygote, readers=READERS * cuts) as (office, relay):
        durable = folder / "durable"
        office.send_an_issue()
        for _ in range(cuts):
            office.engine.dispose()  # the log begins anew
            wanted = relay.taken + dice.randint(*COPIES)
            with zygote.victim({"durable": str(durable)}):
                ground.wait_for(lambda: relay.taken >= wanted)  # noqa: B023 - asked here
            verdict.kills += 1
            _cut(office.settings.data_folder, durable, dice)
            _start_anew(office, verdict)
        with zygote.victim({}, gently=True):
            ground.wait_for(lambda: not office.waiting())
        judge.judge(office, relay.record, verdict)
    return verdict


def _cut(folder: Path, durable: Path, dice: random.Random) -> None:
    """Leave of the log what a disk without power would; nobody has the database open."""
    log = folder / f"{FILE}-wal"
    kept = int.from_bytes(durable.read_bytes(), "big")
    os.truncate(log, dice.randint(min(kept, log.stat().st_size), log.stat().st_size))
    (folder / f"{FILE}-shm").unlink(missing_ok=True)


def _start_anew(office: Newsroom, verdict: Verdict) -> None:
    """Start a sender on another boot that is told to stop at once, and see what it has changed."""
    with database.writing(office.engine) as session:
        session.connection().exec_driver_sql("UPDATE claim SET boot_id = 'the boot before'")
    before = _rows(office)
    sender.run(office.settings, key_file.load(office.settings.data_folder), stop=lambda: True)
    for place, row in _rows(office).items():
        was = before[place]
        if was[1] not in ("claimed", "on_wire"):
            if row != was:
                verdict.wrong.append(f"{place} has changed from {was} to {row}")
        elif row[1] != "uncertain":
            verdict.wrong.append(f"{place} was {was[1]} when the power failed and is {row[1]}")


def _rows(office: Newsroom) -> dict[tuple[str, int], tuple[Any, ...]]:
    with database.reading(office.engine) as session:
        connection = session.connection()
        return {
            (table, row[0]): tuple(row)
            for table in ("delivery", "letter")
            for row in connection.exec_driver_sql(_ROWS.format(table=table))
        }
