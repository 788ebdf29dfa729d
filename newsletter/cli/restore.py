"""`newsletter restore`: after a backup was put back, a few answers before anything is sent again."""

from typing import Annotated, get_args

import typer

from newsletter import journal, restoring
from newsletter.cli import advice, output
from newsletter.cli.state import State
from newsletter.errors import StateError
from newsletter.restoring import Answer, Finding, Question

ISSUE_HELP = "An answer for a script: NUMBER=sent, NUMBER=some or NUMBER=not-sent. May be repeated."
RISK = (
    "Without the journal nobody knows what happened since this copy was made. People who unsubscribed or complained"
    " since then may get mail again, which they may take badly and which the law may forbid. People who joined since"
    " then are gone. What you do not remember as sent may be sent twice."
)


LOST = ("copied", "no_journal", "other_journal", "old_journal", "damaged")
"""Why there may be no journal that could help."""


def restore(
    context: typer.Context,
    *,
    issue: Annotated[list[str] | None, typer.Option(help=ISSUE_HELP, metavar="NUMBER=ANSWER")] = None,
    without_journal: Annotated[bool, typer.Option(help="The journal is lost; begin another.")] = False,
    accept_risk: Annotated[bool, typer.Option(help="Do not ask what --without-journal asks.")] = False,
) -> None:
    """Carry out again what people wished since the backup, ask what was sent since, and let sending go on."""
    state: State = context.obj
    witness = journal.attach(state.engine, state.settings, state.keys)
    reason = journal.look(state.engine, now=state.now())
    if not _is_for_us(reason, without_journal=without_journal):
        return
    if without_journal:
        _warn(accept_risk=accept_risk)
    with state.reading() as session:
        found = restoring.find(session, witness, with_journal=not without_journal, now=state.now())
    _tell(found)
    given = _answers(found, issue or [])
    with state.writing() as session:
        done = restoring.restore(
            session, state.settings, witness, given, with_journal=not without_journal, now=state.now()
        )
    _say(done)
    output.say(_standing(journal.look(state.engine, now=state.now())))


def _is_for_us(reason: str, *, without_journal: bool) -> bool:
    """Return whether there is something to restore; raise StateError where something else must be done."""
    if not reason:
        output.say("Database and journal agree. There is nothing to restore.")
        return False
    if (reason in LOST) if without_journal else (reason == "restored"):
        return True
    if reason == "restored":
        message = "The journal is there, and knows what this copy does not. Run: newsletter restore"
        raise StateError(message)
    raise StateError(advice.of(reason))


def _warn(*, accept_risk: bool) -> None:
    output.say(RISK)
    if not accept_risk and typer.prompt("Type  I understand  to go on").strip().lower() != "i understand":
        message = "Nothing was changed."
        raise StateError(message)


def _tell(found: Finding) -> None:
    if found.since:
        output.say(f"The journal goes on after this copy, from {found.since:%Y-%m-%d %H:%M} UTC.")
        output.say(f"Wishes to carry out again (unsubscribed, complained, erased, dead): {found.told.wishes}.")
    for number in found.gone:
        output.say(f"Issue {number} was sent, and this copy does not know it. Do not write it again under that number.")
    if found.posts:
        output.say(f"Posts that may be on the page, and will be looked for there: {len(found.posts)}.")


def _answers(found: Finding, given: list[str]) -> dict[int, Answer]:
    answers = dict(_read(one) for one in given)
    strangers = answers.keys() - {question.number for question in found.questions}
    if strangers:
        message = f"Nothing is asked about issue {min(strangers)}. Nothing was changed."
        raise StateError(message)
    for question in found.questions:
        output.say(_sentence(question))
        if question.number not in answers:
            answers[question.number] = _ask(question)
    return answers


def _read(text: str) -> tuple[int, Answer]:
    number, _, answer = text.partition("=")
    for known in get_args(Answer):
        if answer == known and number.isdecimal():
            return int(number), known
    message = f"{text} is no answer. Write for example 12=sent, 12=some or 12=not-sent."
    raise typer.BadParameter(message)


def _sentence(question: Question) -> str:
    if question.closed:
        said = "the journal says that it was sent and closed."
    elif question.released_at:
        said = f"the journal says that it began to go out at {question.released_at:%Y-%m-%d %H:%M} UTC."
    elif question.state == "sending":
        said = "it was being sent when this copy was made."
    else:
        said = "it was due, and nothing says that it went out."
    return f"Issue {question.number}: {said}"


def _ask(question: Question) -> Answer:
    asked = f"Was issue {question.number} sent? ({', '.join(restoring.ANSWERS)})"
    while True:
        try:
            typed = typer.prompt(asked).strip().lower()
        except typer.Abort as error:
            message = f"Issue {question.number} has no answer. Give one with --issue {question.number}=sent."
            raise StateError(message) from error
        for known in get_args(Answer):
            if typed in (known, {"sent": "yes", "not-sent": "no"}.get(known)):
                answer: Answer = known
                return answer


def _say(done: restoring.Restored) -> None:
    output.say(f"Unsubscribed, held or erased again: {done.wishes}.")
    if done.back:
        output.say(f"Had confirmed again since and must subscribe once more: {done.back}.")
    if done.posts:
        output.say(f"Posts looked for on the page; the desk shows what became of them: {done.posts}.")
    if done.letters:
        output.say(f"Letters of the copy that are not sent again: {done.letters}.")
    if done.series:
        output.say(f"Series stopped: {done.series}. See what they sent since, then: newsletter series start N")


def _standing(reason: str) -> str:
    if reason:
        raise StateError(advice.of(reason))
    return "Sending and posting go on."
