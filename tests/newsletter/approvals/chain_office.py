"""An office with a chain: a head and a director with a deputy, and the people who hold the seats."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from newsletter import approvals, database, issues
from newsletter.approvals import mailing
from newsletter.config import SeatSettings, Settings
from newsletter.models import Editor
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office

HEAD = SeatSettings(title={"en": "Section head", "ja": "係長"}, editors=("head@example.org",))
DIRECTOR = SeatSettings(
    title={"en": "Director", "ja": "所長"}, editors=("director@example.org",), deputies=("deputy@example.org",)
)
NAMES = ("head", "director", "deputy")


def with_approval(settings: Settings, **changes: object) -> Settings:
    """Return the settings with other rules for approvals."""
    approval = settings.approval.model_copy(update=changes)
    return settings.model_copy(update={"approval": approval})


def open_office(engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office whose issues need the head's word and then the director's."""
    office = newsroom.open_office(engine, with_approval(settings, seats=(HEAD, DIRECTOR)), now)
    with database.writing(engine) as session:
        session.add_all(
            Editor(email=f"{name}@example.org", name=name.title(), role="editor", created_at=now) for name in NAMES
        )
    return office


def person(office: Office, name: str) -> int:
    """Return the id of an editor by the name of the address."""
    with database.reading(office.engine) as session:
        return session.query(Editor.id).filter(Editor.email == f"{name}@example.org").scalar()  # type: ignore[no-any-return]


def give(office: Office, issue_id: int, name: str, **more: object) -> None:
    """Agree as that person."""
    editor_id = person(office, name)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        approvals.give(session, office.settings, issue, editor_id=editor_id, now=office.now, **more)  # type: ignore[arg-type]


def write_letters(office: Office, *, now: datetime | None = None) -> list[tuple[str, str]]:
    """Write the letters that are due; return to whom each went, and its token."""
    at = now or office.now
    with database.reading(office.engine) as session:
        due = mailing.due(session, office.settings, now=at)
    told = []
    for one in due:
        with database.writing(office.engine) as session:
            if mailing.send(session, office.settings, one, now=at):
                told.append((one.to.partition("@")[0], one.token))
    return told


def later(office: Office, now: datetime) -> Office:
    """Return the same office at another time."""
    return replace(office, now=now)
