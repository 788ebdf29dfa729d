"""Take over what dead processes had claimed (DESIGN 5.0, 5.1)."""

# ruff: noqa: S608 - statements are put together from constants only; every value is bound

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from newsletter.delivery import outbox, processes
from newsletter.delivery.outbox import HELD, Kind
from newsletter.delivery.processes import Process
from newsletter.delivery.sql import Sql


@dataclass(frozen=True, slots=True)
class Recovered:
    """What dead processes left behind."""

    queued: int
    uncertain: int


def recover(connection: Connection, *, process: Process, alone: bool, now: datetime) -> Recovered:
    """Take over what dead processes had claimed: claimed rows are queued again, rows on the wire are uncertain.

    `alone` says that no other process may send from this database (SQLite's file lock), so that
    every other claim is dead; otherwise a claim is dead when its lease is over or its process
    has gone from this host. After another boot of the machine marks may be missing, so that
    every unsettled row of a claim is uncertain (DESIGN 5.0).
    """
    sql = Sql(connection)
    claims = sql.all(
        "SELECT id, boot_id, holder, lease_until <= ? FROM claim WHERE closed_at IS NULL"
        f" OR id IN (SELECT claim_id FROM delivery WHERE {HELD})"
        f" OR id IN (SELECT claim_id FROM letter WHERE {HELD})",
        sql.time(now),
    )
    dead: list[int] = []
    unsure: list[int] = []
    for claim_id, boot_id, holder, over in claims:
        if holder == process.holder:
            continue
        here = alone or holder.rsplit(":", 2)[0] == process.host
        if here and boot_id != process.boot_id:
            unsure.append(claim_id)
        elif alone or over or processes.is_gone(holder, process.host):
            dead.append(claim_id)
    if not dead and not unsure:
        return Recovered(0, 0)
    uncertain = sum(
        _make_uncertain(sql, kind, unsure, HELD, reason="power_cut", now=now)
        + _make_uncertain(sql, kind, dead, f"{HELD} AND state = 'on_wire'", reason="interrupted", now=now)
        for kind in outbox.KINDS
    )
    queued = sum(outbox.let_go_where(sql, kind, "r.claim_id IN_IDS", [sql.ids(dead)], now) for kind in outbox.KINDS)
    outbox.close_claims(connection, dead + unsure, now=now)
    return Recovered(queued, uncertain)


def _make_uncertain(sql: Sql, kind: Kind, claim_ids: list[int], condition: str, *, reason: str, now: datetime) -> int:
    return sql.run(
        f"UPDATE {kind.table} SET state = 'uncertain', reason = ?, settled_at = ?, attempts = attempts + 1"
        f" WHERE claim_id IN_IDS AND {condition}",
        reason,
        sql.time(now),
        sql.ids(claim_ids),
    )
