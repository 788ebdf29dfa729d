"""Series as they are kept: made, changed, started and stopped."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from newsletter import audit
from newsletter.config import Settings
from newsletter.errors import InvalidContentError, NotFoundError, StaleError
from newsletter.models import Series
from newsletter.rendering import markup
from newsletter.series.rule import Rule
from subscribers import guarded


def create(
    session: Session, settings: Settings, publication_id: int, rule: Rule, *, editor_id: int | None, now: datetime
) -> Series:
    """Add a series, stopped: nothing is made before somebody starts it. Raises InvalidContentError."""
    series = Series(
        publication_id=publication_id,
        state="stopped",
        rule=_checked(settings, rule).model_dump_json(),
        version=1,
        created_at=now,
    )
    session.add(series)
    session.flush()
    audit.record(session, "create", f"series {series.id}", editor_id=editor_id, now=now)
    return series


def save(
    session: Session,
    settings: Settings,
    series: Series,
    rule: Rule,
    *,
    base: int,
    editor_id: int | None,
    now: datetime,
) -> None:
    """Keep another rule; a standing approval of the old one counts no more.

    What was made of the old rule stays as it is. Raises StaleError if somebody saved since version `base`,
    InvalidContentError where the rule names what the settings do not have.
    """
    text = _checked(settings, rule).model_dump_json()
    change = update(Series).where(Series.id == series.id, Series.version == base)
    if not guarded.write(session, change.values(rule=text, version=base + 1)):
        raise StaleError
    session.refresh(series)
    audit.record(session, "save", f"series {series.id}", editor_id=editor_id, now=now, version=series.version)


def start(session: Session, series: Series, *, editor_id: int | None, now: datetime) -> None:
    """Let the clock make issues from now on; days before are nobody's business."""
    change = update(Series).where(Series.id == series.id, Series.state == "stopped")
    if guarded.write(session, change.values(state="running", started_at=now)):
        session.refresh(series)
        audit.record(session, "start", f"series {series.id}", editor_id=editor_id, now=now)


def stop(session: Session, series: Series, *, editor_id: int | None, now: datetime) -> None:
    """Make no more issues; what was made already goes its way like any issue."""
    change = update(Series).where(Series.id == series.id, Series.state == "running")
    if guarded.write(session, change.values(state="stopped")):
        session.refresh(series)
        audit.record(session, "stop", f"series {series.id}", editor_id=editor_id, now=now)


def get(session: Session, series_id: int) -> Series:
    """Return the series; raise NotFoundError."""
    series = session.get(Series, series_id)
    if series is None:
        message = f"There is no series {series_id}."
        raise NotFoundError(message)
    return series


def in_order(session: Session, publication_id: int) -> Sequence[Series]:
    """Return every series, in the order in which they were made."""
    return session.scalars(select(Series).where(Series.publication_id == publication_id).order_by(Series.id)).all()


def rule_of(series: Series) -> Rule:
    """Return what the series says."""
    return Rule.model_validate_json(series.rule)


def _checked(settings: Settings, rule: Rule) -> Rule:
    missing = [language for language in settings.publication.languages if language not in rule.texts]
    if missing:
        message = f"The series has no words in {', '.join(missing)}."
        raise InvalidContentError(message)
    known = {topic.key for topic in settings.publication.topics}
    strange = [topic for topic in rule.picking.topics if topic not in known]
    strange += [code for code in rule.picking.countries if code not in settings.publication.countries]
    if strange:
        message = f"The settings know no topic or country named {', '.join(strange)}."
        raise InvalidContentError(message)
    texts = {
        language: wording.model_copy(update={"introduction": markup.clean(wording.introduction)})
        for language, wording in rule.texts.items()
    }
    return rule.model_copy(update={"texts": texts})
