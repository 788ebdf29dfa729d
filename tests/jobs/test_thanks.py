"""Who proposed a story hears what became of it: once for each issue, when its time has come, in their language."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from jobs.tasks.deps import Deps
from jobs.tasks.thanks import thank_proposers
from newsletter import database, issues, proposals, stories
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Delivery, Issue, Letter, Link, LinkClicks, Post, Proposal
from tests.newsletter.newsroom import SEND_AT, Office, open_office, reader, scheduled

CLOSED = SEND_AT + timedelta(hours=1)
THANKED = CLOSED + timedelta(hours=72)
PERMALINK = "https://www.facebook.com/office/posts/1"


@pytest.fixture
def office(engine: Engine, settings: Settings) -> Office:
    return open_office(engine, settings, SEND_AT - timedelta(days=7))


@pytest.fixture
def deps(office: Office, keys: Keys) -> Deps:
    """Return a clock that is on the day of thanks, after an issue whose fair was proposed by a city."""
    with database.writing(office.engine) as session:
        reader(session, office, 1, topics=["fairs"])
        reader(session, office, 2, topics=["fairs"], language="ja")
        reader(session, office, 3, topics=["industry"])
        issue = scheduled(session, office)
        fair = stories.get(session, issues.content(session, issue).stories[0].story_id)
        proposals.note(
            session,
            fair,
            organisation="八戸市",
            name="佐藤",
            email="pr@hachinohe.test",
            language="ja",
            editor_id=None,
            now=office.now,
        )
        for release in issues.due(session, SEND_AT):
            issues.release(session, office.settings, release, now=SEND_AT)
        session.execute(update(Delivery).values(state="sent"))
        session.execute(update(Issue).values(state="closed", closed_at=CLOSED))
        session.execute(update(Post).where(Post.language == "ja").values(permalink=PERMALINK))
        announced = session.scalars(select(Post).where(Post.language == "ja")).one()
        kept = {name: getattr(announced, name) for name in ("issue_id", "page", "language", "text", "link", "marker")}
        session.add(Post(**kept, purpose="correction", state="published", permalink=f"{PERMALINK}-corrected"))
        link = Link(issue_id=issue.id, number=99, code="c99", target="https://a.test/", story_id=fair.id)
        session.add(link)
        session.flush()
        session.add_all(
            LinkClicks(link_id=link.id, language=language, day=SEND_AT.date(), count=20) for language in ("en", "ja")
        )
    return Deps(office.settings, keys, office.engine, office.publication_id, lambda: THANKED)


def _letters(deps: Deps) -> list[Letter]:
    with database.reading(deps.engine) as session:
        return list(session.scalars(select(Letter).where(Letter.to_address == "pr@hachinohe.test")))


def test_the_letter_tells_copies_clicks_pages_and_posts(deps: Deps) -> None:
    assert thank_proposers(deps) == 1

    (letter,) = _letters(deps)
    assert letter.language == "ja"
    assert "配信数：2通" in letter.text
    assert "クリック：40" in letter.text
    assert PERMALINK in letter.text
    assert f"{PERMALINK}-corrected" not in letter.text
    assert "/ja/stories/1-fit/" in letter.text
    assert "/en/stories/1-fit/" in letter.text
    assert letter.html is not None
    assert "2通" in letter.html


def test_it_is_written_once_and_not_before_its_time(deps: Deps) -> None:
    early = replace(deps, now=lambda: THANKED - timedelta(minutes=1))

    assert [thank_proposers(each) for each in (early, deps, deps)] == [0, 1, 0]


def test_clicks_are_not_told_where_they_are_not_counted(deps: Deps) -> None:
    links = deps.settings.links.model_copy(update={"count_clicks": False})

    thank_proposers(replace(deps, settings=deps.settings.model_copy(update={"links": links})))

    (letter,) = _letters(deps)
    assert "クリック：" not in letter.text


def test_nobody_is_thanked_for_history_or_after_being_forgotten(deps: Deps) -> None:
    late = replace(deps, now=lambda: THANKED + proposals.thanking.WITHIN)
    assert thank_proposers(late) == 0

    with database.writing(deps.engine) as session:
        session.execute(update(Proposal).values(email="", name=""))
    assert thank_proposers(deps) == 0
