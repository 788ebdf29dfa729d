"""A series with stories and readers, and a clock that ticks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from jobs.tasks.deps import Deps
from jobs.tasks.series import tend_series
from newsletter import database, series, stories
from newsletter.content import Fair, FairText
from newsletter.keys import Keys
from newsletter.models import Series, SeriesRun
from newsletter.series import Picking, Rhythm, Rule, Wording
from tests.newsletter.newsroom import Office

DAY = date(2026, 12, 7)
"""The first Monday of December, 13 days after the tests' `now`."""
SEND_AT = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
RULE = Rule(
    rhythm=Rhythm(every="month", nth=1, weekday=0, begins=date(2026, 11, 1)),
    at=time(10),
    lead_days=7,
    texts={
        "en": Wording(
            title="Fair calendar",
            subject="Fairs from {month} to {next_month}: {count}",
            preheader="Every fair with a booth of Japan's regions.",
            introduction="<p>Where Japan's regions can be met.</p>",
        ),
        "ja": Wording(
            title="フェアカレンダー",
            subject="{month}から{next_month}のフェア（{count}件）",
            preheader="日本の地域が出展するフェアのご案内です。",
            introduction="<p>日本の地域に会える場所です。</p>",
        ),
    },
    picking=Picking(kinds=("fair",), topics=("fairs",), least=2, most=3),
)


def fair(number: int, **changes: object) -> Fair:
    """Return a fair of January 2027."""
    values: dict[str, object] = {
        "topic": "fairs",
        "starts": date(2027, 1, number),
        "ends": date(2027, 1, number + 1),
        "texts": {
            "en": FairText(title=f"Fair {number}", city="Bangkok"),
            "ja": FairText(title=f"第{number}フェア", city="バンコク"),
        },
    }
    return Fair.model_validate(values | changes)


def begin(session: Session, office: Office, *, rule: Rule = RULE, fairs: int = 2) -> Series:
    """Return a running series, with so many fairs in the pool."""
    for number in range(fairs, 0, -1):
        stories.create(session, office.publication_id, fair(number), editor_id=None, now=office.now)
    made = series.create(
        session, office.settings, office.publication_id, rule, editor_id=office.editor_id, now=office.now
    )
    series.start(session, made, editor_id=office.editor_id, now=office.now)
    return made


def clock(office: Office, keys: Keys) -> Callable[[datetime], int]:
    """Return what ticks at a time and says how many steps were taken."""

    def tick(at: datetime) -> int:
        return tend_series(Deps(office.settings, keys, office.engine, office.publication_id, lambda: at))

    return tick


def run_states(office: Office) -> list[tuple[str, str]]:
    """Return state and reason of every run."""
    with database.reading(office.engine) as session:
        return [(run.state, run.reason) for run in session.query(SeriesRun).order_by(SeriesRun.id)]
