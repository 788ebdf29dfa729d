"""Issues are numbered, found by nobody before their time, and lose their approval when they change."""

import re
import threading
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select

from newsletter import approvals, database, issues
from newsletter.config import Settings
from newsletter.content import IssueContent, IssueText
from newsletter.errors import InvalidContentError, StaleError, StateError
from newsletter.models import Issue, Release
from subscribers import bits
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, TEXTS, Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def _with_subject(content: IssueContent, subject: str) -> IssueContent:
    return content.model_copy(update={"texts": {**content.texts, "en": IssueText(subject=subject)}})


def _save(office: Office, issue_id: int, *, base: int) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        issues.save(session, issue, issues.content(session, issue), base=base, editor_id=None, now=office.now)


def test_the_address_of_an_issue_names_its_month_and_cannot_be_guessed(engine: Engine, office: Office) -> None:
    with database.writing(engine) as session:
        first, second = (newsroom.draft(session, office) for _ in range(2))

    assert [issue.number for issue in (first, second)] == [1, 2]
    assert re.fullmatch(r"2026-12-[a-z2-7]{8}", first.slug)
    assert first.slug != second.slug


def test_the_month_is_that_of_the_office(engine: Engine, office: Office) -> None:
    new_year_in_singapore = datetime.fromisoformat("2026-12-31T17:00:00+00:00")
    content = IssueContent(texts=TEXTS, send_at=new_year_in_singapore)

    with database.writing(engine) as session:
        issue = issues.create(session, office.settings, office.publication_id, content, editor_id=None, now=office.now)

    assert issue.slug.startswith("2027-01-")


def test_issues_made_at_once_get_different_numbers(any_engine: Engine, settings: Settings, now: datetime) -> None:
    office = newsroom.open_office(any_engine, settings, now)
    content = IssueContent(texts=TEXTS, send_at=SEND_AT)

    def create() -> None:
        with database.writing(any_engine) as session:
            issues.create(session, settings, office.publication_id, content, editor_id=None, now=now)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading(any_engine) as session:
        assert sorted(session.scalars(select(Issue.number))) == [1, 2, 3, 4]


@pytest.mark.parametrize("state", ["asked", "approved", "scheduled"])
def test_any_change_voids_what_was_asked_or_approved(engine: Engine, office: Office, state: str) -> None:
    with database.writing(engine) as session:
        issue = newsroom.scheduled(session, office)
        issue.state = state
        session.flush()
        changed = _with_subject(issues.content(session, issue), "Other news")
        issues.save(session, issue, changed, base=1, editor_id=office.editor_id, now=office.now)

    with database.reading(engine) as session:
        issue = issues.get(session, issue.id)
        assert (issue.state, issue.frozen_hash, issue.frozen_revision) == ("draft", None, None)
        assert {release.state for release in issue.releases} == {"cancelled"}
        last = approvals.history(session, issue)[-1]
        assert (last.decision, last.revision, last.editor_id) == ("voided", 1, office.editor_id)
        assert issues.due(session, SEND_AT) == []


@pytest.mark.parametrize("state", ["sending", "closed", "cancelled"])
def test_what_has_gone_out_cannot_be_changed(engine: Engine, office: Office, state: str) -> None:
    with database.writing(engine) as session:
        issue = newsroom.draft(session, office)
        issue.state = state
        issue_id = issue.id

    with pytest.raises(StateError, match="cannot be changed"):
        _save(office, issue_id, base=1)

    with database.reading(engine) as session:
        assert issues.get(session, issue_id).head == 1


def test_a_save_on_an_old_state_keeps_the_approval(engine: Engine, office: Office) -> None:
    with database.writing(engine) as session:
        issue_id = newsroom.approved(session, office).id

    with pytest.raises(StaleError):
        _save(office, issue_id, base=0)

    with database.reading(engine) as session:
        assert issues.get(session, issue_id).state == "approved"


def test_the_view_holds_the_stories_asked_for_in_the_order_of_topics(engine: Engine, office: Office) -> None:
    with database.writing(engine) as session:
        issue = newsroom.draft(session, office, (newsroom.NOTICE, newsroom.SEMINAR, newsroom.FAIR))
        notice, seminar, fair = (choice.story_id for choice in issues.content(session, issue).stories)
        whole = issues.view(session, office.settings, issue, "ja")
        part = issues.view(session, office.settings, issue, "ja", {notice, fair})

    assert [story.id for story in whole.stories] == [fair, seminar, notice]
    assert [story.id for story in part.stories] == [fair, notice]
    assert whole.date.isoformat() == "2026-12-01"
    assert whole.text.subject == "おたより"


def test_a_language_without_words_is_an_error_and_not_another_language(engine: Engine, office: Office) -> None:
    english_only = newsroom.NOTICE.model_copy(update={"texts": {"en": newsroom.NOTICE.texts["en"]}})

    with database.writing(engine) as session:
        issue = newsroom.draft(session, office, (english_only,))

        with pytest.raises(InvalidContentError, match="'A notice' has no words in ja"):
            issues.view(session, office.settings, issue, "ja")


def test_an_event_that_ends_before_it_begins_is_not_shown(engine: Engine, office: Office) -> None:
    backwards = newsroom.FAIR.model_copy(update={"ends": date(2026, 12, 1)})

    with database.writing(engine) as session:
        issue = newsroom.draft(session, office, (backwards,))

        with pytest.raises(InvalidContentError, match="'FIT' ends before it begins"):
            issues.view(session, office.settings, issue, "en")


def test_choices_are_those_of_the_frozen_revision(engine: Engine, office: Office) -> None:
    with database.writing(engine) as session:
        issue = newsroom.draft(session, office)

        known = bits.load(session, office.publication_id)
        with pytest.raises(StateError, match="not been frozen"):
            issues.choices(session, issue, known)
        newsroom.ask(session, office, issue)
        fair, seminar, notice = issues.choices(session, issue, known)

    assert known.topic_keys(fair.topic) == ["fairs"]
    assert known.country_codes(seminar.countries) == ["SG"]
    assert (notice.topic, notice.countries) == (0, 0)


def test_releases_are_found_by_their_id(engine: Engine, office: Office) -> None:
    with database.writing(engine) as session:
        issue = newsroom.scheduled(session, office)
        release_id = session.scalars(select(Release.id).where(Release.language == "ja")).one()

        assert issues.get_release(session, release_id).issue_id == issue.id
