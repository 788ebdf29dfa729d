"""Which task runs on which trigger; APScheduler only ticks, the database is the truth."""

from dataclasses import dataclass

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from jobs.engines import local
from jobs.tasks.approvals import ask_approvers, copy_to_office, hold_unapproved
from jobs.tasks.archive import refresh_archive
from jobs.tasks.closing import close_issues
from jobs.tasks.corrections import ask_about_corrections, carry_out_corrections
from jobs.tasks.deps import Deps
from jobs.tasks.housekeeping import forget_expired
from jobs.tasks.journal import watch_journal
from jobs.tasks.ledger import seal_ledger
from jobs.tasks.links import look_at_links
from jobs.tasks.mailbox import read_mailbox
from jobs.tasks.posts import edit_posts, publish_posts
from jobs.tasks.publish import publish_due
from jobs.tasks.seals import hold_unsealed
from jobs.tasks.series import tend_series
from jobs.tasks.thanks import thank_proposers
from jobs.tasks.unused import forget_unused

HOUSEKEEPING_SECONDS = 3600.0
SEAL_SECONDS = 5.0
SERIES_SECONDS = 30.0
UNSEALED_SECONDS = 10.0
UNUSED_SECONDS = 86_400.0
LINKS_SECONDS = 60.0
JOURNAL_SECONDS = 10.0


@dataclass(frozen=True)
class Entry:
    """A task and how often it runs."""

    task: local.Task
    every_seconds: float


def catalogue(deps: Deps) -> tuple[Entry, ...]:
    """Return every task of this installation, in the order in which one pass runs them."""
    tick = deps.settings.schedule.tick_seconds
    mailbox = (Entry(read_mailbox, deps.settings.mailbox.poll_seconds),) if deps.settings.mailbox.enabled else ()
    return (
        Entry(watch_journal, JOURNAL_SECONDS),
        Entry(ask_approvers, tick),
        Entry(hold_unapproved, tick),
        Entry(copy_to_office, tick),
        Entry(hold_unsealed, UNSEALED_SECONDS),
        Entry(publish_due, tick),
        Entry(publish_posts, tick),
        Entry(edit_posts, tick),
        Entry(ask_about_corrections, tick),
        Entry(carry_out_corrections, tick),
        Entry(close_issues, tick),
        *mailbox,
        Entry(refresh_archive, tick),
        Entry(seal_ledger, SEAL_SECONDS),
        Entry(look_at_links, LINKS_SECONDS),
        Entry(tend_series, SERIES_SECONDS),
        Entry(thank_proposers, HOUSEKEEPING_SECONDS),
        Entry(forget_expired, HOUSEKEEPING_SECONDS),
        Entry(forget_unused, UNUSED_SECONDS),
    )


def start(deps: Deps) -> BackgroundScheduler:
    """Start ticking in threads of this process; call `shutdown(wait=True)` on what is returned."""
    entries = catalogue(deps)
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(entries))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for entry in entries:
        trigger = IntervalTrigger(seconds=entry.every_seconds)
        scheduler.add_job(local.run, trigger, (entry.task, deps), id=entry.task.__name__, next_run_time=deps.now())
    scheduler.start()
    return scheduler


def run_once(deps: Deps) -> dict[str, int | None]:
    """Run every task once, now; return what each did (none: it failed and the log says why)."""
    return {entry.task.__name__: local.run(entry.task, deps) for entry in catalogue(deps)}
