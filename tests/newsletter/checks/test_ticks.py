"""A warning that somebody has looked at lets an issue pass, as long as it stays the same; an error never does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from newsletter import checks, database, issues
from newsletter.checks import gathering, running, ticks
from newsletter.config import Settings
from newsletter.findings import Finding
from newsletter.models import Audit, Issue, Tick
from tests.newsletter import newsroom
from tests.newsletter.checks.inspection import Inspection, fair, subjects
from tests.newsletter.newsroom import Office


def _warned(inspection: Inspection, **changes: Any) -> list[Finding]:
    return [one for one in inspection.find(**changes) if one.severity == "warning"]


def _issue(office: Office) -> int:
    with database.writing(office.engine) as session:
        return newsroom.draft(session, office).id


def test_only_warnings_wait_for_a_tick_and_only_they_are_ticked(inspection: Inspection) -> None:
    office = inspection.office
    found = inspection.find([fair("<p>TODO, 496 people</p>", "<p>TODO、469人</p>")])
    warned = [one for one in found if one.severity == "warning"]

    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        before = checks.unticked(session, issue, found)
        count = checks.tick(session, issue, found, editor_id=office.editor_id, now=office.now)
        again = checks.tick(session, issue, found, editor_id=office.approver_id, now=office.now + timedelta(hours=1))
        after = checks.unticked(session, issue, found)

    assert before == warned
    assert (count, again, after) == (len(warned), 0, [])
    with database.reading(office.engine) as session:
        assert {(tick.editor_id, tick.at) for tick in session.scalars(select(Tick))} == {(office.editor_id, office.now)}
        assert [line.action for line in session.scalars(select(Audit).where(Audit.action == "tick"))] == ["tick"]


def test_a_tick_holds_for_later_revisions_until_something_else_is_found(inspection: Inspection) -> None:
    office = inspection.office
    found = inspection.find(texts=subjects("long " * 20, "おたより"))
    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        checks.tick(session, issue, found, editor_id=office.editor_id, now=office.now)
        left = []
        for base, subject in ((2, "long " * 20), (3, "longer " * 20)):
            told = {"texts": subjects(subject, "おたよりです")}
            content = issues.content(session, issue).model_copy(update=told)
            issues.save(session, issue, content, base=base, editor_id=None, now=office.now)
            material = gathering.gather(session, office.settings, issue, speak="ja")
            left.append(
                len(
                    [
                        one
                        for one in checks.unticked(session, issue, running.examine(material))
                        if one.check == "subject"
                    ]
                )
            )

    assert left == [0, 1]


def test_a_finding_is_the_same_in_every_language_of_the_desk(inspection: Inspection) -> None:
    english = inspection.find([fair("<p>496 people TODO</p>", "<p>469人、12月1日（月）</p>")])
    with database.reading(inspection.office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        japanese = running.examine(gathering.gather(session, inspection.office.settings, issue, speak="ja"))

    told = {one.fingerprint: one.message for one in english}
    assert len(told) > 3
    assert set(told) <= {one.fingerprint for one in japanese}
    assert all(one.message != told.get(one.fingerprint) for one in japanese)


def test_a_tick_of_one_issue_says_nothing_of_another(inspection: Inspection) -> None:
    office = inspection.office
    found = _warned(inspection, texts=subjects("long " * 20, "おたより"))
    other = _issue(office)

    with database.writing(office.engine) as session:
        first = session.scalars(select(Issue).order_by(Issue.id)).first()
        assert first is not None
        checks.tick(session, first, found, editor_id=None, now=office.now)

        assert checks.unticked(session, issues.get(session, other), found) == found


def test_a_tick_can_be_taken_back(inspection: Inspection) -> None:
    office = inspection.office
    found = _warned(inspection, texts=subjects("long " * 20, "おたより"))

    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        checks.tick(session, issue, found, editor_id=office.editor_id, now=office.now)
        taken = [
            checks.untick(session, issue, found[0].fingerprint, editor_id=office.editor_id, now=office.now)
            for _ in range(2)
        ]

        assert taken == [True, False]
        assert checks.unticked(session, issue, found) == found


def test_two_editors_who_tick_at_once_leave_one_tick(any_engine: Engine, settings: Settings, now: datetime) -> None:
    office = newsroom.open_office(any_engine, settings, now)
    finding = Finding("size", "warning", "en", "", "large", "shorten", "f" * 64)
    issue_id = _issue(office)

    for editor_id in (office.editor_id, office.approver_id):
        with database.writing(any_engine) as session:
            checks.tick(session, issues.get(session, issue_id), [finding], editor_id=editor_id, now=office.now)

    with database.reading(any_engine) as session:
        kept = ticks.of(session, issues.get(session, issue_id))
        assert [tick.editor_id for tick in kept.values()] == [office.editor_id]


@pytest.mark.parametrize("count", [1, 2])
def test_nothing_is_found_twice(inspection: Inspection, count: int) -> None:
    found = inspection.find([fair("<p>TODO " * count + "</p>", "<p>直す</p>")])

    assert [one.check for one in found] == ["placeholder"]
