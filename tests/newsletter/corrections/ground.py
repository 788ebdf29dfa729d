"""An issue half out, with a fair whose dates were wrong, and what it takes to correct it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import checks, corrections, database, issues, stories
from newsletter.content import Fair
from newsletter.corrections import Prepared
from newsletter.models import Correction, Delivery, Edition, Issue
from subscribers.models import Subscriber
from tests.newsletter import newsroom
from tests.newsletter.newsroom import FAIR, SEND_AT, Office

AFTER = SEND_AT + timedelta(minutes=20)
NOTES = {"en": "The fair ends a day earlier.", "ja": "フェアの最終日に誤りがありました。"}
RIGHT = FAIR.model_copy(update={"ends": date(2026, 12, 19)}).model_copy(
    update={
        "texts": {
            "en": FAIR.texts["en"].model_copy(update={"body": "<p>Open until Saturday 19 December.</p>"}),
            "ja": FAIR.texts["ja"].model_copy(update={"body": "<p>12月19日（土）まで開かれます。</p>"}),
        }
    }
)
READERS = (
    # number, language, topics, what became of the delivery before the mistake was seen
    (1, "en", "fairs", "sent"),
    (2, "en", "fairs", "uncertain"),
    (3, "en", "fairs", "queued"),
    (4, "en", "fairs", "deferred"),
    (5, "en", "fairs", "refused"),
    (6, "en", "industry", "sent"),
    (7, "ja", "fairs", "sent"),
    (8, "ja", "industry", "queued"),
)


@dataclass
class Ground:
    """An office, its issue, and the stories in it."""

    office: Office
    issue_id: int
    fair: int
    notice: int

    def states(self, issue_id: int) -> dict[int, tuple[str, tuple[str, int]]]:
        """Return state and edition (language, revision) of each reader's delivery, by the reader's number."""
        with database.reading(self.office.engine) as session:
            rows = session.execute(
                select(Subscriber.email, Delivery.state, Edition.language, Edition.revision)
                .join(Delivery, Delivery.subscriber_id == Subscriber.id)
                .join(Edition, Edition.id == Delivery.edition_id)
                .where(Delivery.issue_id == issue_id)
            )
            return {
                int((email or "")[6:].partition("@")[0]): (state, (tongue, rev)) for email, state, tongue, rev in rows
            }


def lay(office: Office, *, first: int = 1) -> Ground:
    """Return an issue of which some readers have the wrong words, and some wait; `first` is the first one's number."""
    with database.writing(office.engine) as session:
        for number, language, topic, _ in READERS:
            newsroom.reader(session, office, number + first - 1, language=language, topics=[topic])
        issue = newsroom.scheduled(session, office)
        for release in issue.releases:
            assert issues.release(session, office.settings, release, now=SEND_AT)
        wanted = {f"reader{number + first - 1}@example.org": state for number, _, _, state in READERS}
        for delivery, email in session.execute(
            select(Delivery, Subscriber.email).join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        ):
            delivery.state = wanted.get(email or "", "sent")
            delivery.next_at = AFTER + timedelta(minutes=5) if delivery.state == "deferred" else None
        content = issues.content(session, issue)
        fair, _, notice = (choice.story_id for choice in content.stories)
        return Ground(office, issue.id, fair, notice)


def put_right(ground: Ground, content: Fair = RIGHT) -> None:
    """Save the fair as it should have been told."""
    with database.writing(ground.office.engine) as session:
        story = stories.get(session, ground.fair)
        stories.save(session, story, content, base=story.head, editor_id=ground.office.editor_id, now=AFTER)


def begin(ground: Ground) -> int:
    """Open a correction of the fair."""
    office = ground.office
    with database.writing(office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        return corrections.begin(
            session, office.settings, issue, [ground.fair], NOTES, editor_id=office.editor_id, now=AFTER
        ).id


def prepare(ground: Ground, correction_id: int, *, now: datetime = AFTER) -> Prepared:
    """Render it on a snapshot."""
    with database.reading(ground.office.engine) as session:
        return corrections.prepare(session, ground.office.settings, corrections.get(session, correction_id), now=now)


def ask(session: Session, ground: Ground, correction_id: int, prepared: Prepared) -> None:
    """Tick the warnings and ask."""
    office, correction = ground.office, corrections.get(session, correction_id)
    short = corrections.short_of(session, correction)
    checks.tick(session, short, prepared.findings, editor_id=office.editor_id, now=AFTER)
    corrections.ask(session, office.settings, correction, prepared, editor_id=office.editor_id, now=AFTER)


def approved(ground: Ground) -> int:
    """Return a correction that everybody has agreed to."""
    put_right(ground)
    correction_id = begin(ground)
    prepared = prepare(ground, correction_id)
    office = ground.office
    with database.writing(office.engine) as session:
        ask(session, ground, correction_id, prepared)
        correction = corrections.get(session, correction_id)
        corrections.give(
            session,
            office.settings,
            correction,
            shown=correction.frozen_hash or "",
            editor_id=office.approver_id,
            now=AFTER,
        )
    return correction_id


def advance(ground: Ground, correction_id: int) -> corrections.Step:
    """Take one step in a transaction of its own."""
    office = ground.office
    with database.writing(office.engine) as session:
        return corrections.advance(session, office.settings, corrections.get(session, correction_id), now=AFTER)


def carry_out(ground: Ground, correction_id: int) -> None:
    """Take steps until it is done."""
    for _ in range(10):
        if advance(ground, correction_id) is corrections.Step.DONE:
            return
    raise AssertionError("the correction does not come to an end")


def short_id(ground: Ground, correction_id: int) -> int:
    """Return the id of the short issue."""
    with database.reading(ground.office.engine) as session:
        return session.get_one(Correction, correction_id).short_id


def sums(ground: Ground, issue_id: int) -> bool:
    """Return whether enlisted readers are all found again, once."""
    with database.reading(ground.office.engine) as session:
        rows = Counter(session.scalars(select(Delivery.subscriber_id).where(Delivery.issue_id == issue_id)).all())
        enlisted = sum(release.enlisted for release in session.get_one(Issue, issue_id).releases)
        return enlisted == len(rows) and set(rows.values()) <= {1}


def _number(email: str | None) -> int:
    return int((email or "")[len("reader") :].partition("@")[0])
