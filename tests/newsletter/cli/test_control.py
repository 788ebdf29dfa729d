"""An issue under way from a terminal: how far it is, who is sent it again, and what came too late."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter import config, database
from newsletter.models import Delivery, Editor, Issue, Release
from tests.newsletter.cli.conftest import Run
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

NOW = datetime.now(UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def office(config_file: Path, migrated_file: Path) -> Office:
    """Return the office of the settings: one sent, one mailbox full, one may have it, one to come."""
    settings = config.load(config_file)
    (config_file.parent / "data").mkdir()
    shutil.copyfile(migrated_file, config_file.parent / "data" / "newsletter.sqlite")
    office = offices.make(database.connect(settings.database), settings, NOW, readers=4)
    rows = [("sent", None), ("refused", "mailbox_full"), ("uncertain", "no_answer"), ("queued", None)]
    with database.writing(office.engine) as session:
        session.add(Editor(email="ed@example.org", name="Ed", role="editor", language="en", created_at=NOW))
        for delivery, (state, reason) in zip(office.deliveries(), rows, strict=True):
            row = session.get_one(Delivery, delivery.id)
            row.state, row.reason = state, reason
            row.settled_at = None if state == "queued" else AN_HOUR_AGO
    return office


@pytest.mark.usefixtures("office")
def test_status_says_how_far_an_issue_has_come(run: Run) -> None:
    assert run("issue", "status", 1).out.startswith("Issue 1 is sending. 3 of 4 settled, 1 sent.")
    assert json.loads(run("issue", "status", 1, "--json").out)["counts"]["queued"] == 1


def test_watching_ends_with_the_issue(run: Run, office: Office) -> None:
    with database.writing(office.engine) as session:
        session.get_one(Issue, office.issue_id).state = "closed"

    assert run("issue", "watch", 1).out.startswith("Issue 1 is closed.")


def test_sending_again_is_counted_first_and_done_only_when_said_so(run: Run, office: Office) -> None:
    assert "mailbox_full  mailbox full  1" in run("issue", "resend", 1).out
    assert "Would be sent again to 1 person." in run("issue", "resend", 1, "--reason", "mailbox_full").out
    assert office.states()[1] == "refused"

    assert "goes again to 1 person" in run("issue", "resend", 1, "--reason", "all", "--yes").out
    assert office.states() == ["sent", "queued", "uncertain", "queued"]


@pytest.mark.usefixtures("office")
def test_an_unknown_reason_names_the_known_ones(run: Run) -> None:
    ran = run("issue", "resend", 1, "--reason", "hunger", "--yes")

    assert (ran.code, ran.err) == (1, "Nobody failed for hunger. Known: mailbox_full.\n")


def test_who_may_have_it_is_named_with_the_risk_and_sent_again_one_by_one(run: Run, office: Office) -> None:
    named = run("issue", "resend", 1, "--uncertain")
    assert "r2@example.org" in named.out
    assert "may still wake and send" in named.out
    assert run("issue", "resend", 1, "--uncertain", "--to", "r0@example.org", "--yes").code == 1

    assert run("issue", "resend", 1, "--uncertain", "--to", "r2@example.org", "--yes").code == 0
    assert office.states()[2] == "queued"


def test_who_may_have_it_may_be_left(run: Run, office: Office) -> None:
    assert "Left as they are: 1 person." in run("issue", "resend", 1, "--uncertain", "--leave", "--yes").out
    assert office.states()[2] == "uncertain"
    assert office.deliveries()[2].left_at is not None


def test_what_came_too_late_waits_for_a_word(run: Run, office: Office) -> None:
    with database.writing(office.engine) as session:
        session.add(Release(issue_id=office.issue_id, language="ja", state="held", due_at=AN_HOUR_AGO))

    assert "newsletter issue late 1 --send" in run("issue", "late", 1).out
    assert "passed" in run("issue", "late", 1, "--at", "2020-01-01 10:00").err
    assert "planned" in run("issue", "late", 1, "--at", "2099-01-01 10:00").out
    assert run("issue", "late", 1).code == 1
