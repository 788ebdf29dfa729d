"""Outlines to start from."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter import checks, database, issues, stories
from newsletter.config import Settings
from newsletter.content import Audience
from newsletter.errors import NotFoundError, TemplateError
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def test_the_outlines_that_come_with_the_program_are_told_in_both_languages(settings: Settings) -> None:
    found = issues.outlines()

    assert [one.key for one in found] == ["monthly", "fairs", "notice", "blank"]
    for one in found:
        assert all(one.texts[language].title and one.texts[language].lead for language in ("en", "ja"))
        assert set(one.sections) <= {topic.key for topic in settings.publication.topics}


def test_an_issue_begins_with_the_accepted_stories_an_outline_takes(office: Office) -> None:
    with database.writing(office.engine) as session:
        for content in (newsroom.NOTICE, newsroom.FAIR, newsroom.SEMINAR):
            stories.create(session, office.publication_id, content, editor_id=None, now=office.now)
        refused = stories.create(session, office.publication_id, newsroom.FAIR, editor_id=None, now=office.now)
        refused.state = "proposed"
        made = {
            one.key: issues.begin(
                session, office.settings, office.publication_id, one, editor_id=office.editor_id, now=office.now
            )
            for one in issues.outlines()
        }
        held = {key: [one.story_id for one in issues.content(session, issue).stories] for key, issue in made.items()}
        regular = issues.content(session, made["monthly"])
        findings = checks.run(session, office.settings, made["monthly"])

    assert held == {"monthly": [2, 3, 1], "fairs": [2], "notice": [], "blank": []}
    assert made["fairs"].state == "draft"
    assert set(regular.texts) == {"en", "ja"}
    assert {one.language for one in findings if one.check == "placeholder"} == {"en", "ja"}


def test_an_operators_outline_is_offered_too(tmp_path: Path) -> None:
    (tmp_path / "seminar.toml").write_text(
        'order = 5\naudience = { topics = ["industry"], countries = ["SG"] }\n'
        '[texts.en]\ntitle = "Seminar"\nintroduction = """\nOne & <two>.\n\nThree.\n"""\n',
        encoding="utf-8",
    )

    (found,) = issues.outlines(tmp_path)

    assert (found.key, found.told("ja").title) == ("seminar", "Seminar")
    assert found.audience == Audience(topics=("industry",), countries=("SG",))
    assert issues.outline("seminar", tmp_path) == found
    with pytest.raises(NotFoundError, match="Known: seminar"):
        issues.outline("semniar", tmp_path)


def test_paragraphs_of_an_outline_are_data(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('[texts.en]\ntitle = "X"\nintroduction = "A & <b>.\\n\\n{{ 7 * 7 }}"\n', encoding="utf-8")

    with database.writing(office.engine) as session:
        outline = issues.outline("x", tmp_path)
        issue = issues.begin(session, office.settings, office.publication_id, outline, editor_id=None, now=office.now)
        said = issues.content(session, issue).texts["en"].introduction

    assert said == "<p>A &amp; &lt;b&gt;.</p><p>{{ 7 * 7 }}</p>"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[texts.en", "x.toml cannot be read"),
        ("order = 1", "x.toml has a mistake. texts: Field required"),
        ('[texts.en]\ntitle = "X"\nsubjekt = "Y"', "texts.en.subjekt"),
        ('takes = { kinds = ["fare"] }\n[texts.en]\ntitle = "X"', "takes.kinds.0"),
    ],
)
def test_a_mistake_names_the_file_and_the_field(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")

    with pytest.raises(TemplateError, match=sentence.replace(".", r"\.")):
        issues.outlines(tmp_path)
