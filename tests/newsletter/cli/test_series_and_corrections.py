"""Series and corrections by command."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter import config, database, stories
from tests.newsletter import newsroom
from tests.newsletter.cli.conftest import Run
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import Ground
from tests.newsletter.series.ground import RULE

pytestmark = pytest.mark.usefixtures("made")


@pytest.fixture
def ground(run: Run, config_file: Path, now: datetime) -> Ground:
    assert run("issue", "list").code == 0  # makes the database
    settings = config.load(config_file)
    engine = database.connect(settings.database)
    found = lay.lay(newsroom.open_office(engine, settings, now))
    lay.put_right(found)
    return found


def test_a_story_is_corrected_by_command(run: Run, ground: Ground) -> None:
    assert "FIT" in run("correction", "list").out

    notes = ("--note", "en=The last day was wrong.", "--note", "ja=最終日に誤りがありました。")
    begun = run("correction", "begin", 1, "--story", ground.fair, *notes)
    assert "en: The last day was wrong." in begun.out
    assert "ja: 最終日に誤りがありました。" in begun.out
    ran = run("correction", "approve", 1, "--by", "approver@example.org")

    assert ran.code == 0, ran
    assert "Correction 1 is approved. Told by a short mail: 3 people; get the right words at once: 2 people." in ran.out
    assert run("tick").code == 0
    assert "applied" in run("correction", "list").out
    assert run("correction", "drop", 1).code == 1


def test_a_story_put_right_after_the_correction_was_begun_is_taken_as_it_is_now(run: Run, ground: Ground) -> None:
    notes = ("--note", "en=The title was wrong.", "--note", "ja=題名に誤りがありました。")
    run("correction", "begin", 1, "--story", ground.fair, *notes)
    with database.writing(ground.office.engine) as session:
        story, titles = stories.get(session, ground.fair), {"en": "FIT again", "ja": "再びFIT"}
        told = {code: text.model_copy(update={"title": titles[code]}) for code, text in lay.RIGHT.texts.items()}
        content = lay.RIGHT.model_copy(update={"texts": told})
        stories.save(session, story, content, base=story.head, editor_id=None, now=lay.AFTER)

    ran = run("correction", "approve", 1, "--by", "approver@example.org")

    assert ran.code == 0, ran
    assert "Correction 1 is approved." in ran.out


def test_notes_that_do_not_agree_are_found_before_anybody_is_asked(run: Run, ground: Ground) -> None:
    run("correction", "begin", 1, "--story", ground.fair, "--note", "en=The last day was wrong.")

    ran = run("correction", "approve", 1, "--by", "approver@example.org")

    assert ran.code == 3
    assert "English does not" in ran.out  # the wording made by itself names the dates, the English does not


def test_a_note_without_a_language_is_refused_with_an_example(run: Run, ground: Ground) -> None:
    ran = run("correction", "begin", 1, "--story", ground.fair, "--note", "wrong")

    assert ran.code == 1
    assert "write it like en=" in ran.err


def test_a_series_is_added_from_a_file_agreed_to_and_started(run: Run, ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "calendar.json"
    file.write_text(RULE.model_copy(update={"approval": "standing"}).model_dump_json(), encoding="utf-8")
    until = f"{datetime.now(UTC).year + 1}-01-01"

    assert "Series 1 is kept" in run("series", "add", file).out
    assert run("series", "agree", 1, "--by", "approver@example.org", "--until", until).code == 0
    assert "Series 1 is running." in run("series", "start", 1).out
    assert "running" in run("series", "list").out
    assert json.loads(run("series", "show", 1).out)["approval"] == "standing"
    assert "stopped" in run("series", "stop", 1).out
    assert ground.issue_id


@pytest.mark.parametrize(("text", "said"), [("at = 25:00", "not valid TOML"), ('at = "noon"', "rhythm")])
def test_a_rule_that_cannot_be_read_is_refused_with_a_reason(run: Run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "rule.toml"
    file.write_text(text, encoding="utf-8")

    ran = run("series", "add", file)

    assert ran.code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err
