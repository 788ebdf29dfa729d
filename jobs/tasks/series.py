"""Make the issues of series whose day has come, and take each a step further."""

import structlog

from jobs.tasks.deps import Deps
from newsletter import database, series
from newsletter.errors import NewsletterError, StaleError, StateError
from newsletter.models import SeriesRun

log = structlog.get_logger()


def tend_series(deps: Deps) -> int:
    """Make what is due, then ask for, approve and schedule what was made; return how many steps were taken.

    Counting days and rendering happen on a snapshot, each step in a short transaction of its own. Killed
    anywhere, the next tick goes on; two clocks do no harm, since a day has one run and each step one winner.
    """
    return _make(deps) + _proceed(deps)


def _make(deps: Deps) -> int:
    with database.reading(deps.engine) as session:
        due = series.due(session, deps.settings, deps.publication_id, now=deps.now())
    made = 0
    for one in due:
        with database.writing(deps.engine) as session:
            made += series.make(session, deps.settings, one, now=deps.now()) is not None
    return made


def _proceed(deps: Deps) -> int:
    with database.reading(deps.engine) as session:
        run_ids = [run.id for run in series.open_runs(session)]
    return sum(_step(deps, run_id) for run_id in run_ids)


def _step(deps: Deps, run_id: int) -> bool:
    try:
        with database.reading(deps.engine) as session:
            prepared = series.prepare(session, deps.settings, session.get_one(SeriesRun, run_id))
        with database.writing(deps.engine) as session:
            run = session.get_one(SeriesRun, run_id)
            return series.proceed(session, deps.settings, run, prepared, now=deps.now())
    except (StaleError, StateError):
        return False  # somebody saved at the same moment: the next tick looks again
    except NewsletterError as error:
        log.warning("series cannot go on", run=run_id, why=str(error))  # the others still can
        return False
