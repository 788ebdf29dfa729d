"""What docs/editors.md and docs/folder.md show and list is true."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image as Pixels
from sqlalchemy import Engine

from newsletter import checks, content, database, folder, issues
from newsletter.checks.running import CHECKS
from newsletter.config import Settings
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
FORM = (ROOT / "docs" / "folder.md").read_text(encoding="utf-8")
NOT_WRITTEN_BY_EDITORS = {"texts", "hash", "width", "height"}


def _examples() -> dict[str, str]:
    blocks = re.findall(r"```toml\n(# (\S+)\n.*?)```", FORM, re.DOTALL)
    return {name: text for text, name in blocks}


def test_the_complete_example_is_one(
    engine: Engine, settings: Settings, publication_id: int, now: datetime, tmp_path: Path
) -> None:
    for name, text in _examples().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    Pixels.new("RGB", (30, 20), "red").save(tmp_path / "pictures" / "booth.jpg")

    with database.writing(engine) as session:
        issue = folder.load(session, settings, publication_id, tmp_path, editor_id=None, now=now)
        found = checks.run(session, settings, issue)
        held = issues.chosen(session, issues.content(session, issue))

    assert [story.kind for _, story in held] == ["fair"]
    assert [finding for finding in found if finding.check != "audience"] == []


@pytest.mark.parametrize(
    "model",
    [
        content.Fair,
        content.FairText,
        content.Food,
        content.FoodText,
        content.Industry,
        content.IndustryText,
        content.Report,
        content.Notice,
        content.Picture,
        content.IssueText,
    ],
)
def test_every_field_is_documented(model: type[content.Content]) -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", FORM, re.MULTILINE))

    assert set(model.model_fields) - NOT_WRITTEN_BY_EDITORS <= listed


def test_every_check_is_listed_in_its_order() -> None:
    table = GUIDE.split("## What is checked")[1].split("In the words")[0]

    listed = re.findall(r"^\| (\w+) \|", table, re.MULTILINE)

    assert listed[1:] == [check.__name__.rsplit(".", 1)[-1] for check in CHECKS]


def test_the_mistakes_it_shows_are_told_like_that(
    engine: Engine, settings: Settings, publication_id: int, now: datetime, tmp_path: Path
) -> None:
    examples = _examples()
    spoilt = examples["01-fit-bangkok.toml"].replace('topic = "fairs"', 'topic = "fair"')
    head, tail = spoilt.rsplit("body =", 1)
    (tmp_path / "01-fit-bangkok.toml").write_text(f"{head}bdy ={tail}", encoding="utf-8")
    (tmp_path / "issue.toml").write_text(examples["issue.toml"], encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    Pixels.new("RGB", (30, 20), "red").save(tmp_path / "pictures" / "booth.jpg")

    with pytest.raises(Exception, match="there is no topic") as caught, database.writing(engine) as session:
        folder.load(session, settings, publication_id, tmp_path, editor_id=None, now=now)

    for line in str(caught.value).splitlines():
        assert line in FORM
