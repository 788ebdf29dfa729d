"""`newsletter issue status`, `watch`, `resend` and `late`: an issue under way, from a terminal."""

import time
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from newsletter import issues, words
from newsletter.cli import output, times
from newsletter.cli.numbers import Number, issue_of
from newsletter.cli.state import State
from newsletter.delivery import progress, resending, telling, whys
from newsletter.delivery.progress import Pulse
from newsletter.delivery.resending import Doubt
from newsletter.errors import NotFoundError, StateError
from newsletter.models import Issue

LOOKS_SECONDS = 1.0
OVER = ("closed", "cancelled")

Act = Callable[..., int]


def status(
    context: typer.Context,
    number: Number,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Print how far the issue has come, how fast it goes and when it will be done."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        pulse = progress.pulse(session, issue.id, now=state.now())
    if as_json:
        output.write_json(_plain(issue, pulse))
        return
    output.say(_told(state, issue, pulse))
    output.table(("State", "People"), [(name, count) for name, count in pulse.counts.items() if count])


def watch(context: typer.Context, number: Number) -> None:
    """Print a line whenever the issue has come further, until it is over; Ctrl-C ends the watching, not the sending."""
    state: State = context.obj
    said = ""
    while True:
        with state.reading() as session:
            issue = issue_of(state, session, number)
            pulse = progress.pulse(session, issue.id, now=state.now())
        line = _told(state, issue, pulse)
        if line != said:
            output.say(line)
            said = line
        if issue.state in OVER:
            return
        time.sleep(LOOKS_SECONDS)


def resend(
    context: typer.Context,
    number: Number,
    *,
    reason: Annotated[
        list[str] | None, typer.Option(help="Of those who failed: a word of the list, or 'all'. May be repeated.")
    ] = None,
    uncertain: Annotated[bool, typer.Option("--uncertain", help="Those who may have it already.")] = False,
    to: Annotated[str, typer.Option(help="With --uncertain: only this address.", metavar="ADDRESS")] = "",
    leave: Annotated[
        bool, typer.Option("--leave", help="With --uncertain: leave them as they are, and ask no more.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only counted.")] = False,
) -> None:
    """Send the issue again to those who did not get it, by reason; nobody who has it, left or is held gets it."""
    state: State = context.obj
    if uncertain:
        _in_doubt(state, number, to, leave=leave, yes=yes)
    elif reason:
        _failed(state, number, reason, yes=yes)
    else:
        _list(state, number)


def late(
    context: typer.Context,
    number: Number,
    *,
    language: Annotated[str, typer.Option(help="Only this part; without it every part that waits.")] = "",
    send: Annotated[bool, typer.Option("--send", help="Send it now after all.")] = False,
    as_printed: Annotated[
        bool, typer.Option("--as-printed", help="With --send: although another day is printed in it.")
    ] = False,
    at: Annotated[str, typer.Option(help="Send it at another time: '2026-12-01 10:00'.", metavar="TIME")] = "",
) -> None:
    """Decide about an issue that was due while the machine was down: send it now, or at another time.

    Without an option the parts that wait are listed. To give it up: newsletter issue cancel NUMBER
    """
    state: State = context.obj
    moment = times.moment(at, state) if at else None
    with state.writing() as session:
        issue = issue_of(state, session, number)
        held = [one for one in issue.releases if one.state == "held" and language in ("", one.language)]
        if not held:
            message = f"No part of issue {number} waits for a decision."
            raise StateError(message)
        for release in held:
            if send:
                issues.send_held(session, release, now=state.now(), editor_id=None, as_printed=as_printed)
            elif moment:
                issues.postpone(session, release, moment, now=state.now(), editor_id=None)
        rows = [
            (one.language, one.state, f"{one.due_at.astimezone(state.settings.office.zone):%a %d %b %Y, %H:%M}")
            for one in held
        ]
    output.table(("Part", "State", "Due"), rows)
    if not (send or moment):
        output.say(f"Next: newsletter issue late {number} --send, or --at TIME, or newsletter issue cancel {number}")


def _list(state: State, number: int) -> None:
    """Print who could be sent the issue again."""
    say = words.load("report", "en")
    with state.reading() as session:
        issue = issue_of(state, session, number)
        failed = resending.failed(session, issue.id)
        doubts = resending.doubts(session, issue.id)
    rows = [(one.reason, telling.reason(say, one.reason), one.people, one.gone) for one in failed]
    output.table(("--reason", "Why", "People", "Gone since"), rows)
    if doubts:
        output.say(f"May have it already: {_people(len(doubts))}. See: newsletter issue resend {number} --uncertain")


def _failed(state: State, number: int, reasons: Sequence[str], *, yes: bool) -> None:
    with state.reading() as session:
        issue = issue_of(state, session, number)
        known = [one.reason for one in resending.failed(session, issue.id)]
        if strange := set(reasons) - {*known, "all"}:
            message = f"Nobody failed for {', '.join(sorted(strange))}. Known: {', '.join(known) or 'none'}."
            raise NotFoundError(message)
        found = resending.who_failed(session, issue.id, known if "all" in reasons else reasons)
    if not yes:
        output.say(f"Would be sent again to {_people(len(found))}. Nothing was done; add --yes to do it.")
        return
    queued = _each(state, number, found, resending.again)
    output.say(f"Issue {number} goes again to {_people(queued)}. See: newsletter issue watch {number}")


def _in_doubt(state: State, number: int, to: str, *, leave: bool, yes: bool) -> None:
    with state.reading() as session:
        issue = issue_of(state, session, number)
        doubts = [one for one in resending.doubts(session, issue.id) if to in ("", one.email)]
    if to and not doubts:
        message = f"{to} is not among those who may have issue {number}."
        raise NotFoundError(message)
    if not yes:
        _name(state, doubts)
        return
    if leave:
        left = _each(state, number, [one.delivery_id for one in doubts], resending.leave)
        output.say(f"Left as they are: {_people(left)}.")
        return
    now = state.now()
    ready = [one.delivery_id for one in doubts if one.there and one.sure_at <= now and (to or not one.left)]
    queued = _each(state, number, ready, resending.again_in_doubt)
    if to and not queued:
        message = f"{to} cannot be sent it again now: it is too early, or they have left."
        raise StateError(message)
    output.say(f"Issue {number} goes again to {_people(queued)}, who may then have it twice.")


def _name(state: State, doubts: Sequence[Doubt]) -> None:
    say = words.load("report", "en")
    zone = state.settings.office.zone
    rows = [
        (
            one.email or "(erased)",
            one.name,
            telling.reason(say, one.reason),
            f"{one.sure_at.astimezone(zone):%d %b %H:%M}" if one.there else "has gone",
            "left" if one.left else "",
        )
        for one in doubts
    ]
    output.table(("Address", "Name", "What happened", "Again from", ""), rows)
    output.say(
        "They may have it already. Sending again uses the same Message-ID, so that most mailboxes show one copy;"
        " a process that was frozen at that moment may still wake and send."
        " Nothing was done; add --yes, or --leave --yes."
    )


def _each(state: State, number: int, delivery_ids: Sequence[int], act: Act) -> int:
    """Do something with deliveries in short transactions; return with how many it was done."""
    done = 0
    for start in range(0, len(delivery_ids), resending.MOST):
        part = delivery_ids[start : start + resending.MOST]
        with state.writing() as session:
            done += act(session, issue_of(state, session, number), part, now=state.now(), editor_id=None)
    return done


def _told(state: State, issue: Issue, pulse: Pulse) -> str:
    zone = state.settings.office.zone
    begin = f"Issue {issue.number} is {issue.state}"
    if issue.paused_at and issue.state not in OVER:
        return f"{begin}, paused: {whys.told(issue.paused_reason, 'en')}"
    parts = [begin, f"{pulse.settled:,} of {pulse.all:,} settled, {pulse.counts['sent']:,} sent"]
    if pulse.ends_at:
        parts.append(f"{pulse.per_minute:,} a minute, done at about {pulse.ends_at.astimezone(zone):%H:%M}")
    if pulse.tries_at:
        waiting = f"{pulse.counts['deferred']:,} wait for their mail servers"
        parts.append(f"{waiting}, next try at {pulse.tries_at.astimezone(zone):%H:%M}")
    return ". ".join(parts) + "."


def _plain(issue: Issue, pulse: Pulse) -> dict[str, Any]:
    return {
        "number": issue.number,
        "state": issue.state,
        "paused": whys.told(issue.paused_reason, "en") if issue.paused_at else None,
        "people": pulse.all,
        "settled": pulse.settled,
        "per_minute": pulse.per_minute,
        "ends_at": pulse.ends_at.isoformat() if pulse.ends_at else None,
        "tries_at": pulse.tries_at.isoformat() if pulse.tries_at else None,
        "counts": pulse.counts,
    }


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"
