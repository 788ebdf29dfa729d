"""How often public pages were looked at: a number for each page and day, and nothing about anybody."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsletter import urls
from newsletter.config import Settings
from newsletter.models import Issue, PageViews


def add(session: Session, counted: Mapping[tuple[date, str], int]) -> None:
    """Add to the counts; in the order of their keys, so that two servers never wait for each other in a ring."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(PageViews)
    statement = statement.on_conflict_do_update(
        index_elements=["day", "path"], set_={"count": PageViews.count + statement.excluded.count}
    )
    rows = [{"day": day, "path": path[:200], "count": count} for (day, path), count in sorted(counted.items())]
    session.execute(statement, rows)


def of_issue(session: Session, settings: Settings, issue: Issue) -> dict[str, int]:
    """Return how often an issue's page was looked at in each language."""
    pages = _pages(settings, issue)
    found = of_paths(session, list(pages))
    return {language: found.get(path, 0) for path, language in pages.items()}


def by_day(session: Session, settings: Settings, issue: Issue) -> list[tuple[date, dict[str, int]]]:
    """Return for each day on which an issue's page was looked at how often, by language; newest first."""
    pages = _pages(settings, issue)
    rows = session.execute(select(PageViews).where(PageViews.path.in_(pages)).order_by(PageViews.day.desc())).scalars()
    found: dict[date, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.day, {})[pages[row.path]] = row.count
    return list(found.items())


def of_paths(session: Session, paths: list[str]) -> dict[str, int]:
    """Return the sum of all days for each path that was looked at."""
    summed = select(PageViews.path, func.sum(PageViews.count)).where(PageViews.path.in_(paths))
    return {path: int(count) for path, count in session.execute(summed.group_by(PageViews.path))}


def _pages(settings: Settings, issue: Issue) -> dict[str, str]:
    """Return the language of each path under which an issue's pages are counted."""
    base = urls.path(settings.web.base_url).rstrip("/")  # a server before us takes it away
    return {
        urls.path(urls.issue_page(settings, language, issue.slug)).removeprefix(base): language
        for language in settings.publication.languages
    }
