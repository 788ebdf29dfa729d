"""The letter that asks one editor: what it is about, a button for each decision, then the real mail and post."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from newsletter import issues, letters, urls, words
from newsletter.approvals import chain, lines, notes, rounds, specimen, splicing, turns
from newsletter.approvals.rounds import Change
from newsletter.approvals.specimen import Specimen
from newsletter.approvals.turns import Turn
from newsletter.config import Settings
from newsletter.letters import Written
from newsletter.models import Approval, Editor
from newsletter.rendering import dates
from newsletter.social import posts
from newsletter.words import Words
from subscribers import languages


def compose(
    session: Session, settings: Settings, turn: Turn, editor: Editor, token: str, *, reminder: bool = False
) -> Written:
    """Return the letter to `editor`, whose link is `token`. A second round holds only what changed since the first."""
    say = words.load("letters", notes.spoken(editor))
    changes = rounds.changes(session, turn.issue, editor.id)
    mails = [] if changes is not None else _own_language_first(session, settings, turn, say.language)
    values = {
        "number": turn.issue.number,
        "kind": "again" if changes is not None else "reminder" if reminder else "first",
        "seat": turn.seat.named(say.language),
        "facts": _facts(session, settings, turn, say),
        "agreed": _agreed(session, settings, turn, say),
        "changes": [(_label(say, change), change.pieces) for change in changes or ()],
        "second": changes is not None,
        "paired": [] if changes is not None else _paired(session, settings, turn, say, token),
        "approve_url": f"{urls.decide(settings, token)}#approve",
        "refuse_url": f"{urls.decide(settings, token)}?to=back#send-back",
        "posts": [] if changes is not None else _posts(session, turn, say),
    }
    return _written(settings, say, mails, values, reminder=reminder)


def _written(
    settings: Settings, say: Words, mails: list[Specimen], values: dict[str, Any], *, reminder: bool
) -> Written:
    """Return the letter with as many of the mails in it as fit; their own styles stay as they were frozen."""
    kind = "reminder" if reminder else "again" if values["second"] else "first"
    heading = say(f"approval.heading_{kind}", number=values["number"])
    told = {**values, "heading": heading, "mails": mails, "tongues": notes.tongues(say)}
    shown = {mail.language: mail.html for mail in mails}

    def written(names: list[str]) -> Written:
        return letters.compose(settings, "approval", language=say.language, **told, fitting=names)

    letter = written(list(shown))
    fit = splicing.fitting(len(letter.html.encode()), shown)
    letter = letter if len(fit) == len(shown) else written(fit)
    return replace(letter, html=splicing.put_in(letter.html, {name: shown[name] for name in fit}))


def _own_language_first(session: Session, settings: Settings, turn: Turn, language: str) -> list[Specimen]:
    found = specimen.of_issue(session, settings, turn.issue)
    return sorted(found, key=lambda mail: mail.language != language)


def _paired(session: Session, settings: Settings, turn: Turn, say: Words, token: str) -> list[tuple[str, str, str]]:
    """Return name, subject and address of each mail in two languages: it is made of the mails in the letter."""
    tongues, comma = notes.tongues(say), say("approval.both_then")
    return [
        (
            comma.join(tongues.get(one, one) for one in languages.of(mail.language)),
            mail.subject,
            f"{urls.decide(settings, token)}/mail/{mail.language}",
        )
        for mail in specimen.paired(session, settings, turn.issue)
    ]


def _facts(session: Session, settings: Settings, turn: Turn, say: Words) -> list[tuple[str, str]]:
    """Return who asked, when it is to go out, and in which seat the editor decides."""
    asker = session.get(Editor, lines.asker(turn.history) or 0)
    content = issues.content(session, turn.issue, turn.issue.frozen_revision)
    times = sorted(set(turns.send_times(content).values()))
    facts = [
        (say("approval.asked_by"), asker.name if asker else ""),
        (say("approval.goes_out"), " / ".join(dates.moment(at, settings.office.zone, say.language) for at in times)),
        (say("approval.seat"), turn.seat.named(say.language)),
    ]
    return [(label, value) for label, value in facts if value]


def _agreed(session: Session, settings: Settings, turn: Turn, say: Words) -> list[str]:
    """Return a sentence for each seat that has agreed."""
    titles = {seat.stored: seat.named(say.language) for seat in chain.seats(settings)}
    return [_sentence(session, settings, line, titles.get(line.seat, ""), say) for line in _given(turn)]


def _given(turn: Turn) -> list[Approval]:
    return chain.given(turn.history, turn.issue.frozen_hash or "")


def _sentence(session: Session, settings: Settings, line: Approval, title: str, say: Words) -> str:
    editor = session.get(Editor, line.editor_id or 0)
    when = dates.moment(line.at, settings.office.zone, say.language)
    return say("approval.agreed", seat=title, name=editor.name if editor else "", when=when)


def _label(say: Words, change: Change) -> str:
    tongue = notes.tongues(say).get(change.language, change.language)
    return say(f"approval.changed_{change.kind}", language=tongue)


def _posts(session: Session, turn: Turn, say: Words) -> list[tuple[str, str, str]]:
    """Return language, its name and the text of each post."""
    tongues = notes.tongues(say)
    return [
        (post.language, tongues.get(post.language, post.language), post.text)
        for post in posts.of_issue(session, turn.issue.id)
    ]
