"""The clock runs what is in its catalogue, and one failing task stops nothing."""

import threading
from datetime import datetime

import pytest
import structlog
from sqlalchemy import Engine

from jobs import scheduler
from jobs.engines import local
from jobs.tasks.deps import Deps
from newsletter.config import Settings
from newsletter.keys import Keys


@pytest.fixture
def deps(engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime) -> Deps:
    return Deps(settings, keys, engine, publication_id, lambda: now)


def failing(_deps: Deps) -> int:
    raise RuntimeError("this task always fails")


def test_every_task_runs_on_an_empty_office(deps: Deps) -> None:
    done = scheduler.run_once(deps)

    ours = {"ask_approvers", "hold_unapproved", "copy_to_office", "publish_due", "publish_posts", "close_issues"}
    assert ours | {"seal_ledger", "forget_expired"} <= set(done)
    assert set(done.values()) == {0}


def test_the_mailbox_is_read_only_where_it_is_enabled(deps: Deps) -> None:
    mailbox = deps.settings.mailbox.model_copy(update={"enabled": True})
    settings = deps.settings.model_copy(update={"mailbox": mailbox})

    names = [entry.task.__name__ for entry in scheduler.catalogue(Deps(settings, deps.keys, deps.engine, 1))]

    assert "read_mailbox" in names
    assert "read_mailbox" not in [entry.task.__name__ for entry in scheduler.catalogue(deps)]


def test_a_failing_task_is_logged_and_answers_none(deps: Deps) -> None:
    with structlog.testing.capture_logs() as logs:
        assert local.run(failing, deps) is None

    assert [line["task"] for line in logs] == ["failing"]


def test_the_clock_ticks_until_it_is_shut_down(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    ticked = threading.Event()

    def tick(_deps: Deps) -> int:
        ticked.set()
        return 0

    monkeypatch.setattr(
        scheduler, "catalogue", lambda _deps: (scheduler.Entry(failing, 0.01), scheduler.Entry(tick, 0.01))
    )
    clock = scheduler.start(Deps(deps.settings, deps.keys, deps.engine, deps.publication_id))
    try:
        assert ticked.wait(60)
    finally:
        clock.shutdown(wait=True)

    assert not clock.running
