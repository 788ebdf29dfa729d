"""issue.toml may also name readers, the order of sections and a later time; what it leaves out stays as it was."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter import database, folder, issues, stories
from newsletter.config import Settings
from newsletter.content import Audience, IssueContent, StoryChoice
from newsletter.errors import InvalidContentError
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office

NOTICE = 'kind = "notice"\n[en]\ntitle = "A notice"\n[ja]\ntitle = "お知らせ"\n'
WORDS = '[en]\nsubject = "News"\n[ja]\nsubject = "おたより"\n'
WHOLE = """
send_at = 2026-12-01T10:00:00
sections = ["food", "", "fairs"]

[later]
en = 2026-12-03T10:00:00

[audience]
topics = ["food"]
countries = ["SG"]
languages = ["ja"]
"""


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    found = tmp_path / "december"
    found.mkdir()
    (found / "01-notice.toml").write_text(NOTICE, encoding="utf-8")
    return found


def _write(place: Path, text: str) -> None:
    (place / "issue.toml").write_text(text + WORDS, encoding="utf-8")


def _load(office: Office, place: Path) -> int:
    with database.writing(office.engine) as session:
        return folder.load(session, office.settings, office.publication_id, place, editor_id=None, now=office.now).id


def _content(office: Office, issue_id: int) -> IssueContent:
    with database.reading(office.engine) as session:
        return issues.content(session, issues.get(session, issue_id))


def test_readers_sections_and_later_times_are_read(office: Office, place: Path) -> None:
    _write(place, WHOLE)

    content = _content(office, _load(office, place))

    assert content.sections == ("food", "", "fairs")
    assert content.audience == Audience(topics=("food",), countries=("SG",), languages=("ja",))
    assert content.send_at == datetime(2026, 12, 1, 2, tzinfo=UTC)
    assert content.later == {"en": datetime(2026, 12, 3, 2, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"food", ""', '"foods", ""', "line 3, sections: there is no topic 'foods'. Did you mean food?"),
        ('["food", "", "fairs"]', '"food"', "line 3, sections: write a list of topics"),
        ("en = 2026-12-03T10:00:00", "en = 2026-12-03", "line 6, [later] en: write a day and a time"),
        ("en = 2026-12-03T10:00:00", "fr = 2026-12-03T10:00:00", "[later] fr: this issue has no words in 'fr'."),
        ('["SG"]', '["XX"]', "line 10, [audience] countries: 'XX' is not known here."),
        ('["SG"]', '"SG"', "line 10, [audience] countries: write a list in square brackets"),
        ("topics =", "topic =", "[audience] topic: there is no field 'topic' here. Did you mean topics?"),
        ('[audience]\ntopics = ["food"]', 'audience = "all"\n[x]\ntopics = ["food"]', "there is nothing of that name"),
    ],
)
def test_a_mistake_is_told_with_its_place(office: Office, place: Path, old: str, new: str, told: str) -> None:
    assert old in WHOLE
    _write(place, WHOLE.replace(old, new))

    with pytest.raises(InvalidContentError) as caught:
        _load(office, place)

    assert told in str(caught.value)


def test_what_was_chosen_at_the_desk_stays_where_the_folder_does_not_name_it(office: Office, place: Path) -> None:
    _write(place, "send_at = 2026-12-01T10:00:00\n")
    issue_id = _load(office, place)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        added = stories.create(session, office.publication_id, newsroom.FAIR, editor_id=None, now=office.now)
        before = issues.content(session, issue)
        chosen = (StoryChoice(story_id=added.id, revision=1), *before.stories)
        desk = {"stories": chosen, "sections": ("food",), "audience": Audience(countries=("SG",))}
        issues.save(session, issue, before.model_copy(update=desk), base=1, editor_id=None, now=office.now)
    (place / "01-notice.toml").write_text(NOTICE.replace("A notice", "Another"), encoding="utf-8")

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        folder.revise(session, office.settings, issue, place, editor_id=None, now=office.now)

    content = _content(office, issue_id)
    assert [(one.story_id, one.revision) for one in content.stories] == [(1, 2), (2, 1)]
    assert (content.sections, content.audience) == (("food",), Audience(countries=("SG",)))
