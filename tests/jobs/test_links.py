"""The clock looks at links that are new or were not looked at for long, and at nothing else."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from jobs.tasks.deps import Deps
from jobs.tasks.links import look_at_links
from newsletter import database, issues
from newsletter.config import Settings
from newsletter.keys import Keys
from tests.newsletter import newsroom
from tests.newsletter.checks.sites import Site, status
from tests.newsletter.newsroom import FAIR, NOTICE


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({"/": status(200)})
    yield site
    site.close()


@pytest.fixture
def deps(engine: Engine, settings: Settings, keys: Keys, now: datetime) -> Deps:
    checks = settings.checks.model_copy(update={"links_on_this_machine": True})
    office = newsroom.open_office(engine, settings, now)
    return Deps(settings.model_copy(update={"checks": checks}), keys, engine, office.publication_id, lambda: now)


def _tell(deps: Deps, url: str, state: str = "draft") -> None:
    office = newsroom.Office(deps.engine, deps.settings, deps.publication_id, 1, 2, deps.now())
    with database.writing(deps.engine) as session:
        issue = newsroom.draft(session, office, [FAIR.model_copy(update={"url": url}), NOTICE])
        issues.get(session, issue.id).state = state


def test_a_link_is_looked_at_once_a_day(deps: Deps, site: Site) -> None:
    _tell(deps, site.url())
    tomorrow = dataclasses.replace(deps, now=lambda: newsroom.SEND_AT + timedelta(days=1))

    looked = [look_at_links(deps), look_at_links(deps), look_at_links(tomorrow)]

    assert looked == [1, 0, 1]
    assert site.asked == ["/", "/"]


@pytest.mark.parametrize("state", ["sending", "closed", "cancelled"])
def test_what_cannot_be_mended_any_more_is_not_looked_at(deps: Deps, site: Site, state: str) -> None:
    _tell(deps, site.url(), state)

    assert look_at_links(deps) == 0


def test_an_office_may_do_without(deps: Deps, site: Site) -> None:
    _tell(deps, site.url())
    checks = deps.settings.checks.model_copy(update={"links": False})

    settings = deps.settings.model_copy(update={"checks": checks})

    assert look_at_links(dataclasses.replace(deps, settings=settings)) == 0
    assert site.asked == []
