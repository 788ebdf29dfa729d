"""Parallel editors, the history, and what an issue says at another time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from newsletter import approvals, database, issues, stories
from newsletter.config import Settings
from newsletter.content import IssueContent, StoryChoice
from newsletter.errors import InvalidContentError, StaleError, StateError
from newsletter.models import Audit, Issue, Revision
from newsletter.revisions import ConflictError
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def _made(office: Office, step: Callable[..., Issue] = newsroom.draft) -> int:
    with database.writing(office.engine) as session:
        return step(session, office).id


def _content(office: Office, issue_id: int, revision: int | None = None) -> IssueContent:
    with database.reading(office.engine) as session:
        return issues.content(session, issues.get(session, issue_id), revision)


def _save(office: Office, issue_id: int, content: IssueContent, *, base: int, editor_id: int | None = None) -> int:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        saved = issues.save(session, issue, content, base=base, editor_id=editor_id, now=office.now)
        return saved.number


def _worded(content: IssueContent, language: str, **words: str) -> IssueContent:
    text = content.texts[language].model_copy(update=words)
    return content.model_copy(update={"texts": {**content.texts, language: text}})


def test_two_editors_of_different_fields_both_keep_what_they_wrote(office: Office) -> None:
    issue_id = _made(office)
    opened = _content(office, issue_id)

    _save(office, issue_id, _worded(opened, "en", subject="Hana's subject"), base=1)
    number = _save(office, issue_id, _worded(opened, "ja", preheader="健の文"), base=1)

    now = _content(office, issue_id)
    assert (number, now.texts["en"].subject, now.texts["ja"].preheader) == (3, "Hana's subject", "健の文")


def test_two_editors_of_one_field_get_both_texts_and_the_first_stays(office: Office) -> None:
    issue_id = _made(office)
    opened = _content(office, issue_id)
    _save(office, issue_id, _worded(opened, "en", subject="Hana's"), base=1)

    with pytest.raises(ConflictError) as caught:
        _save(office, issue_id, _worded(opened, "en", subject="Ken's", preheader="Ken's too"), base=1)

    (conflict,) = caught.value.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == ("News", "Ken's", "Hana's")
    assert (caught.value.base, caught.value.head) == (1, 2)
    assert caught.value.merged.draft.texts["en"].preheader == "Ken's too"
    assert _content(office, issue_id) == _worded(opened, "en", subject="Hana's")


def test_a_save_that_changes_nothing_makes_no_revision_and_keeps_the_approval(office: Office) -> None:
    issue_id = _made(office, newsroom.approved)

    number = _save(office, issue_id, _content(office, issue_id), base=1)

    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        assert (number, issue.head, issue.state) == (1, 1, "approved")


@pytest.mark.parametrize("base", [-1, 0, 2, 99])
def test_a_revision_that_never_was_is_no_base(office: Office, base: int) -> None:
    issue_id = _made(office)

    with pytest.raises(StaleError):
        _save(office, issue_id, _worded(_content(office, issue_id), "en", subject="Other"), base=base)


@pytest.mark.parametrize("choice", [(999, 1), (1, 2), (1, 0), (1, -1)])
def test_a_story_that_does_not_exist_is_refused(office: Office, choice: tuple[int, int]) -> None:
    issue_id = _made(office)
    story_id, revision = choice
    strange = StoryChoice(story_id=story_id, revision=revision)

    with pytest.raises(InvalidContentError):
        _save(office, issue_id, _content(office, issue_id).model_copy(update={"stories": (strange,)}), base=1)


def test_a_story_chosen_twice_stands_once_and_a_time_of_no_language_goes(office: Office) -> None:
    issue_id = _made(office)
    opened = _content(office, issue_id)
    doubled = {"stories": (*opened.stories, opened.stories[0]), "later": {"fr": SEND_AT, "en": SEND_AT}}

    _save(office, issue_id, _worded(opened, "en", subject="New").model_copy(update=doubled), base=1)

    assert _content(office, issue_id).stories == opened.stories
    assert _content(office, issue_id).later == {}


def test_editors_who_save_at_the_same_moment_lose_nothing(
    any_engine: Engine, settings: Settings, now: datetime
) -> None:
    office = newsroom.open_office(any_engine, settings, now)
    issue_id = _made(office)
    opened = _content(office, issue_id)
    fields = [("en", "preheader"), ("en", "post"), ("ja", "preheader"), ("ja", "post"), ("ja", "subject")]
    threads = [
        threading.Thread(
            target=_save,
            args=(office, issue_id, _worded(opened, language, **{field: f"{language} {field}"})),
            kwargs={"base": 1},
        )
        for language, field in fields
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    saved = _content(office, issue_id)
    assert all(getattr(saved.texts[language], field) == f"{language} {field}" for language, field in fields)
    with database.reading(any_engine) as session:
        found = session.scalars(select(Revision.number).where(Revision.subject_kind == "issue"))
        assert sorted(found) == [1, 2, 3, 4, 5, 6]


def test_saving_and_approving_at_once_never_approves_what_nobody_saw(
    any_engine: Engine, settings: Settings, now: datetime
) -> None:
    office = newsroom.open_office(any_engine, settings, now)
    with database.writing(any_engine) as session:
        issue = newsroom.draft(session, office)
        newsroom.ask(session, office, issue)
        issue_id = issue.id
    changed = _worded(_content(office, issue_id), "en", subject="Changed")

    def give() -> None:
        with database.writing(any_engine) as session:
            approvals.give(session, settings, issues.get(session, issue_id), editor_id=office.approver_id, now=now)

    threads = [threading.Thread(target=_quietly, args=(step,)) for step in (give, lambda: _change(office, changed))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading(any_engine) as session:
        issue = issues.get(session, issue_id)
        assert (issue.state, issue.head, issue.frozen_hash) == ("draft", 2, None)


def _change(office: Office, content: IssueContent) -> None:
    _save(office, 1, content, base=1)


def _quietly(step: Callable[[], None]) -> None:
    try:
        step()
    except (StaleError, StateError):
        return


def test_the_history_names_who_saved_what_newest_first(office: Office) -> None:
    issue_id = _made(office)
    _save(office, issue_id, _worded(_content(office, issue_id), "en", subject="New"), base=1, editor_id=1)

    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        newest, first = issues.history(session, issue)
        assert [one.number for one in issues.history(session, issue, before=2)] == [1]
        assert [one.number for one in issues.history(session, issue, limit=1)] == [2]

    assert (newest.number, newest.editor, newest.at) == (2, "editor", office.now)
    assert (first.number, first.editor) == (1, "")


def test_two_revisions_are_compared_down_to_the_words_of_their_stories(office: Office) -> None:
    issue_id = _made(office)
    opened = _content(office, issue_id)
    fair, seminar, _ = opened.stories
    with database.writing(office.engine) as session:
        story = stories.get(session, fair.story_id)
        moved = newsroom.FAIR.model_copy(update={"status": "postponed"})
        stories.save(session, story, moved, base=1, editor_id=None, now=office.now)
        report = stories.create(session, office.publication_id, newsroom.NOTICE, editor_id=None, now=office.now)
    chosen = (StoryChoice(story_id=fair.story_id, revision=2), seminar, StoryChoice(story_id=report.id, revision=1))
    _save(office, issue_id, _worded(opened, "ja", subject="新しい便り").model_copy(update={"stories": chosen}), base=1)

    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        groups = issues.compare(session, office.settings, issue, 1, 2, say="en")
        japanese = issues.compare(session, office.settings, issue, 1, 2, say="ja")

    assert [(one.fate, one.title) for one in groups] == [
        ("changed", ""),
        ("gone", "A notice"),
        ("changed", "FIT"),
        ("added", "A notice"),
    ]
    assert [one.place for one in groups[0].changes] == ["Subject", "Stories"]
    assert [(one.place, one.before, one.after) for one in groups[2].changes] == [
        ("State of the fair", "As planned", "Postponed")
    ]
    assert (japanese[2].title, japanese[2].changes[0].after) == ("FITフェア", "延期")


def test_an_earlier_state_comes_back_as_the_newest_and_ends_an_approval(office: Office) -> None:
    issue_id = _made(office)
    first = _content(office, issue_id)
    _save(office, issue_id, _worded(first, "en", subject="Worse"), base=1)

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        newsroom.approve(session, office, issue)
        issues.restore(session, issue, 1, base=2, editor_id=office.editor_id, now=office.now)

    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        assert (issue.head, issue.state) == (3, "draft")
        assert session.scalars(select(Audit.action)).all().count("restore") == 1
    assert _content(office, issue_id) == first


def test_an_earlier_state_does_not_bury_what_somebody_just_saved(office: Office) -> None:
    issue_id = _made(office)
    _save(office, issue_id, _worded(_content(office, issue_id), "en", subject="Newer"), base=1)

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        with pytest.raises(StaleError):
            issues.restore(session, issue, 1, base=1, editor_id=None, now=office.now)


def test_newer_words_of_stories_are_named_and_taken_in_one_step(office: Office) -> None:
    issue_id = _made(office)
    fair, seminar, notice = _content(office, issue_id).stories
    with database.writing(office.engine) as session:
        story = stories.get(session, fair.story_id)
        changed = newsroom.FAIR.model_copy(update={"status": "changed"})
        stories.save(session, story, changed, base=1, editor_id=None, now=office.now)

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        behind = issues.behind(session, issues.content(session, issue))
        issues.renew(session, issue, base=1, editor_id=None, now=office.now)

    assert behind == {fair.story_id: 2}
    assert _content(office, issue_id).stories == (StoryChoice(story_id=fair.story_id, revision=2), seminar, notice)


def test_a_copy_is_a_draft_of_its_own_with_the_newest_words_and_no_time(office: Office) -> None:
    issue_id = _made(office, newsroom.approved)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        story = stories.get(session, _content(office, issue_id).stories[0].story_id)
        changed = newsroom.FAIR.model_copy(update={"status": "changed"})
        stories.save(session, story, changed, base=1, editor_id=None, now=office.now)
        made = issues.copy(session, office.settings, issue, editor_id=office.editor_id, now=office.now)
        copied = issues.content(session, made)

    assert (made.number, made.state, made.head, made.kind) == (2, "draft", 1, "issue")
    assert made.slug != issue.slug
    assert copied.texts == _content(office, issue_id).texts
    assert [one.revision for one in copied.stories] == [2, 1, 1]
    assert (copied.send_at, copied.later) == (None, {})


def test_a_copy_has_no_time_of_the_original(office: Office) -> None:
    issue_id = _made(office)
    timed = _content(office, issue_id).model_copy(update={"later": {"en": datetime(2026, 12, 3, 2, tzinfo=UTC)}})
    _save(office, issue_id, timed, base=1)

    with database.writing(office.engine) as session:
        made = issues.copy(session, office.settings, issues.get(session, issue_id), editor_id=None, now=office.now)
        assert issues.content(session, made).later == {}
