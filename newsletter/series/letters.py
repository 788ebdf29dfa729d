"""Letters to the editors about what a series has done by itself, or could not do."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import letters, urls, words
from newsletter.config import Settings
from newsletter.findings import Finding
from newsletter.models import Editor, Issue, Series, SeriesRun
from newsletter.rendering import dates
from newsletter.series import keeping
from newsletter.series.picking import Picked
from newsletter.series.rule import Rule
from newsletter.words import Words

MOST_FINDINGS = 10
Say = Callable[[Words, str], list[str]]
"""From the sentences and the language of an editor to the paragraphs of a letter."""


def skipped(session: Session, settings: Settings, run: SeriesRun, picked: Picked, *, now: datetime) -> None:
    """Say that a day goes by without an issue, and why."""

    def told(say: Words, language: str) -> list[str]:
        day = dates.day(run.day, language)
        values = {"day": day, "found": run.found, "least": _rule(session, run).picking.least}
        more = [say("series.unready", count=picked.unready)] if run.reason == "few" and picked.unready else []
        return [say(f"series.{run.reason}", **values), *more]

    _write(session, settings, run, "skipped", told, now=now)


def handed_over(
    session: Session,
    settings: Settings,
    run: SeriesRun,
    issue: Issue,
    findings: Sequence[Finding],
    *,
    now: datetime,
) -> None:
    """Say that an issue was made but waits for a person, since the checks found something."""

    def told(say: Words, language: str) -> list[str]:
        found = [f"{one.place}: {one.message}" if one.place else one.message for one in findings[:MOST_FINDINGS]]
        return [say("series.findings", number=issue.number, when=_when(settings, run, language)), *found]

    _write(session, settings, run, "findings", told, now=now, issue=issue)


def scheduled(session: Session, settings: Settings, run: SeriesRun, issue: Issue, *, now: datetime) -> None:
    """Say when an issue goes out by itself, so that anybody may stop it."""

    def told(say: Words, language: str) -> list[str]:
        return [say("series.scheduled", number=issue.number, when=_when(settings, run, language), count=run.found)]

    _write(session, settings, run, "scheduled", told, now=now, issue=issue)


def returned(session: Session, settings: Settings, run: SeriesRun, issue: Issue, *, now: datetime) -> None:
    """Say that an issue came back from its approvers; no editor had asked, so all are told."""
    _write(session, settings, run, "returned", _about("returned", settings, run, issue), now=now, issue=issue)


def late(session: Session, settings: Settings, run: SeriesRun, issue: Issue, *, now: datetime) -> None:
    """Say that an issue was not approved in time and stays where it is."""
    _write(session, settings, run, "late", _about("late", settings, run, issue), now=now, issue=issue)


def _about(name: str, settings: Settings, run: SeriesRun, issue: Issue) -> Say:
    def told(say: Words, language: str) -> list[str]:
        return [say(f"series.{name}", number=issue.number, when=_when(settings, run, language))]

    return told


def _rule(session: Session, run: SeriesRun) -> Rule:
    return keeping.rule_of(session.get_one(Series, run.series_id))


def _when(settings: Settings, run: SeriesRun, language: str) -> str:
    return dates.moment(run.send_at, settings.office.zone, language)


def _write(
    session: Session,
    settings: Settings,
    run: SeriesRun,
    name: str,
    told: Say,
    *,
    now: datetime,
    issue: Issue | None = None,
) -> None:
    rule = _rule(session, run)
    for editor in session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all():
        say = words.load("newsroom", editor.language)
        letters.write(
            session,
            settings,
            "alarm",
            language=editor.language,
            to=editor.email,
            to_name=editor.name,
            once=f"series:{run.id}:{name}:{editor.id}",
            now=now,
            template="note",
            heading=say(f"series.{name}_heading", title=rule.title(editor.language)),
            paragraphs=told(say, editor.language),
            url=urls.desk_issue(settings, issue.id) if issue else urls.desk_series(settings, run.series_id),
            label=say("series.open_issue", number=issue.number) if issue else say("series.open"),
        )
