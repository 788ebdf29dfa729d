"""`newsletter issue`: from a folder of stories to a closing report."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import approvals, editors, folder, issues, links
from newsletter.cli import checking, control, drafting, leaving, output, previews, times, trials
from newsletter.cli.numbers import MOST_ISSUES, Number, issue_of
from newsletter.cli.state import State
from newsletter.delivery import closing, progress, report
from newsletter.errors import CheckFailedError
from newsletter.models import Issue

app = typer.Typer(no_args_is_help=True)
app.command("check")(checking.check)
app.command("tick")(checking.tick)
app.command("new")(drafting.new)
app.command("copy")(drafting.copy)
app.command("history")(drafting.history)
app.command("diff")(drafting.diff)
app.command("status")(control.status)
app.command("watch")(control.watch)
app.command("resend")(control.resend)
app.command("late")(control.late)
app.command("when")(leaving.when)
app.command("take-back")(leaving.take_back)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
By = Annotated[str, typer.Option("--by", help="The address of the editor who does this.")]


@app.command("import")
def import_folder(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A folder with issue.toml and the stories.", metavar="FOLDER")],
    *,
    into: Annotated[
        int | None, typer.Option(help="Save as a new revision of this issue.", metavar="NUMBER", min=1, max=MOST_ISSUES)
    ] = None,
) -> None:
    """Read an issue and its stories from a folder; it becomes a draft with the next number, or a revision of one."""
    state: State = context.obj
    publication_id, now = state.publication_id, state.now()
    with state.writing() as session:
        if into is None:
            issue = folder.load(session, state.settings, publication_id, path, editor_id=None, now=now)
        else:
            issue = issue_of(state, session, into)
            folder.revise(session, state.settings, issue, path, editor_id=None, now=now)
        output.say(f"Issue {issue.number} is a draft now. Next: newsletter issue check {issue.number}")


@app.command("list")
def list_issues(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the issues, newest first."""
    state: State = context.obj
    with state.reading() as session:
        known = select(Issue).where(Issue.kind == "issue").order_by(Issue.number.desc())
        rows = [_row(state, session, issue) for issue in session.scalars(known)]
    if as_json:
        output.write_json(rows)
    else:
        output.table(("No.", "State", "Due", "Subject"), [tuple(row.values()) for row in rows])


@app.command()
def preview(
    context: typer.Context,
    number: Number,
    target: Annotated[Path, typer.Argument(help="Where to write the files.", metavar="DIR")],
    *,
    reader: Annotated[str, typer.Option(help="The address of a reader whose own copy to write instead.")] = "",
) -> None:
    """Write each language's mail (HTML and text) and the posts into a folder, as readers will see them."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        for path in (
            previews.write_copy(session, state.settings, issue, reader, target, now=state.now())
            if reader
            else previews.write(session, state.settings, issue, target)
        ):
            output.say(str(path))


@app.command("test")
def send_test(
    context: typer.Context,
    number: Number,
    to: Annotated[list[str], typer.Argument(help="Editors' addresses, or addresses of the office's domains.")],
    by: By,
    *,
    language: Annotated[str, typer.Option(help="Of the complete issue; without it the first language.")] = "",
    reader: Annotated[str, typer.Option(help="The address of a reader whose own copy to send instead.")] = "",
) -> None:
    """Send the issue to colleagues as it is now, marked as a test; it leaves with the next tick of the clock."""
    state: State = context.obj
    sent = trials.send(
        state, lambda session: issue_of(state, session, number), to, language=language, reader=reader, by=by
    )
    output.say(f"{sent} test mail{'' if sent == 1 else 's'} of issue {number} on the way.")


@app.command()
def approve(context: typer.Context, number: Number, by: By) -> None:
    """Run the checks, freeze the issue and approve exactly that."""
    state: State = context.obj
    with state.reading() as session:  # rendering takes seconds and must not hold the write lock
        prepared = approvals.prepare(session, state.settings, issue_of(state, session, number))
    try:
        with state.writing() as session:
            issue = issue_of(state, session, number)
            editor_id = editors.by_email(session, by).id
            if issue.state == "draft":
                now = state.now()
                asker = None if state.settings.approval.required else editor_id  # else nobody could agree to it
                approvals.ask(session, state.settings, issue, editor_id=asker, now=now, prepared=prepared)
            if issue.state != "approved":
                approvals.give(session, state.settings, issue, editor_id=editor_id, now=state.now())
            complete = issue.state == "approved"
    except CheckFailedError as error:
        checking.show(error.findings)
        raise typer.Exit(3) from error
    if not complete:
        output.say(f"You have approved issue {number}. The next seat of the approval chain is asked by letter.")
        return
    output.say(f"Issue {number} is approved. Next: newsletter issue schedule {number} 'YYYY-MM-DD HH:MM'")


@app.command()
def schedule(
    context: typer.Context,
    number: Number,
    at: Annotated[str, typer.Argument(help="'2026-12-01 10:00' in the office's time zone, or 'now'.")],
    later: Annotated[
        list[str] | None,
        typer.Option(help="Another time for a language: 'en=2026-12-03 10:00'.", metavar="LANGUAGE=TIME"),
    ] = None,
) -> None:
    """Set the time at which the issue is sent, published and posted, in every language or in each."""
    state: State = context.obj
    take_back = state.settings.delivery.take_back
    moment = state.now() + take_back if at == "now" else times.moment(at, state)
    others = dict(_later(word, state) for word in later or ())
    with state.writing() as session:
        issue = issue_of(state, session, number)
        issues.schedule(session, issue, moment, later=others, now=state.now(), editor_id=None)
        foretold = leaving.foretold(session, state, issue)
    for language, time in {"": moment, **others}.items():
        local = time.astimezone(state.settings.office.zone)
        what = f"Issue {number}, {language}," if language else f"Issue {number}"
        output.say(f"{what} goes out on {local:%a %d %b %Y, %H:%M} ({state.settings.office.time_zone}).")
    for line in foretold:
        output.say(line)
    if at == "now" and take_back:
        output.say(f"Until then: newsletter issue take-back {number}")


@app.command()
def pause(
    context: typer.Context, number: Number, reason: Annotated[str, typer.Option(help="Why, in a sentence.")] = ""
) -> None:
    """Stop mail, page and post of the issue within a second."""
    state: State = context.obj
    with state.writing() as session:
        issues.pause(session, issue_of(state, session, number), reason, now=state.now(), editor_id=None)
    output.say(f"Issue {number} is paused. Next: newsletter issue resume {number}")


@app.command()
def resume(context: typer.Context, number: Number) -> None:
    """Go on after a pause."""
    state: State = context.obj
    with state.writing() as session:
        issues.resume(session, issue_of(state, session, number), now=state.now(), editor_id=None)
    output.say(f"Issue {number} goes on.")


@app.command()
def cancel(context: typer.Context, number: Number) -> None:
    """Stop the issue for good; whoever has not got it yet will not."""
    state: State = context.obj
    with state.writing() as session:
        issues.cancel(session, issue_of(state, session, number), now=state.now(), editor_id=None)
    output.say(f"Issue {number} is cancelled.")


@app.command("report")
def show_report(context: typer.Context, number: Number, *, as_json: AsJson = False) -> None:
    """Print what became of the issue: the sum that adds up."""
    state: State = context.obj
    with state.reading() as session:
        issue = issue_of(state, session, number)
        built = report.build(session, issue)
        counts = progress.count(session, issue.id)
        clicks = links.clicks(session, issue.id)
    if as_json:
        output.write_json(closing.stored(issue) | built.as_dict() | {"links": [one.as_dict() for one in clicks]})
        return
    output.say(report.sentences(built, "en", state.settings))
    output.table(("State", "People"), list(counts.items()))
    if clicks:
        output.table(("Link", "Clicks"), [(one.link.target, one.count) for one in clicks])


def _row(state: State, session: Session, issue: Issue) -> dict[str, object]:
    zone = state.settings.office.zone
    due = min((release.due_at for release in issue.releases), default=None)
    texts = issues.content(session, issue).texts
    return {
        "number": issue.number,
        "state": f"{issue.state}, paused" if issue.paused_at else issue.state,
        "due": f"{due.astimezone(zone):%Y-%m-%d %H:%M}" if due else None,
        "subject": next((text.subject for text in texts.values()), ""),
    }


def _later(word: str, state: State) -> tuple[str, datetime]:
    language, _, text = word.partition("=")
    return language.strip(), times.moment(text.strip(), state)
