"""A folder becomes an issue, or every mistake in it is told at once with its place."""

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image as Pixels
from sqlalchemy import Engine, func, select

from newsletter import database, folder, issues, stories
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.errors import InvalidContentError
from newsletter.models import Image, Issue, Revision, Story

ISSUE = """
send_at = 2026-12-01T10:00:00

[en]
subject = "News"
introduction = "Hello **you**"

[ja]
subject = "おたより"
introduction = \"\"\"
こんにちは。
お元気ですか。
\"\"\"
"""
FAIR = """
kind = "fair"
topic = "fairs"
countries = ["TH"]
starts = 2026-12-17
ends = 2026-12-20
url = "https://www.example.org/fit"
picture = "booth.png"
credit = "J.CLAIR Singapore"
sample = true

[en]
title = "FIT"
participants = ["Aichi", "Kochi"]
alt = "A booth"
caption = "Our booth"
body = "Come and *see*."

[ja]
title = "FITフェア"
participants = ["愛知県", "高知県"]
alt = "ブース"
caption = "当事務所のブース"
body = "ぜひお越しください。"
"""
NOTICE = """
kind = "notice"
[en]
title = "A notice"
[ja]
title = "お知らせ"
"""


@dataclass(frozen=True)
class Desk:
    """A folder and the database it is read into."""

    engine: Engine
    settings: Settings
    publication_id: int
    now: datetime
    place: Path

    def load(self) -> Issue:
        with database.writing(self.engine) as session:
            return folder.load(session, self.settings, self.publication_id, self.place, editor_id=None, now=self.now)

    def change(self, file: str, old: str, new: str) -> None:
        path = self.place / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def keys(self) -> list[str]:
        with database.reading(self.engine) as session:
            return list(session.scalars(select(Story.key).order_by(Story.id)))


@pytest.fixture
def desk(engine: Engine, settings: Settings, publication_id: int, now: datetime, tmp_path: Path) -> Desk:
    place = tmp_path / "december"
    (place / "pictures").mkdir(parents=True)
    Pixels.new("RGB", (30, 20), "red").save(place / "pictures" / "booth.png")
    (place / "issue.toml").write_text(ISSUE, encoding="utf-8")
    (place / "01-fit.toml").write_text(FAIR, encoding="utf-8")
    (place / "02-notice.toml").write_text(NOTICE, encoding="utf-8")
    return Desk(engine, settings, publication_id, now, place)


def test_a_folder_becomes_a_draft(desk: Desk) -> None:
    issue = desk.load()

    with database.reading(desk.engine) as session:
        content = issues.content(session, issue)
    assert (issue.number, issue.state) == (1, "draft")
    assert content.send_at == datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    assert content.texts["en"].introduction == "<p>Hello <strong>you</strong></p>"
    assert content.texts["ja"].introduction == "<p>こんにちは。お元気ですか。</p>"
    assert desk.keys() == ["01-fit", "02-notice"]


def test_a_story_keeps_its_facts_words_and_picture(desk: Desk) -> None:
    issue = desk.load()

    with database.reading(desk.engine) as session:
        fair = stories.content(session, issues.content(session, issue).stories[0].story_id)
        picture = session.scalars(select(Image)).one()
    assert isinstance(fair, Fair)
    assert (fair.starts, fair.ends) == (date(2026, 12, 17), date(2026, 12, 20))
    assert (fair.countries, fair.sample) == (("TH",), True)
    assert fair.texts["ja"].participants == ("愛知県", "高知県")
    assert fair.texts["en"].body == "<p>Come and <em>see</em>.</p>"
    assert fair.picture is not None
    assert (fair.picture.hash, fair.picture.credit) == (picture.hash, "J.CLAIR Singapore")
    assert fair.picture.alt == {"en": "A booth", "ja": "ブース"}
    assert fair.picture.caption == {"en": "Our booth", "ja": "当事務所のブース"}


def test_stories_come_in_the_order_of_the_list_and_others_stay_out(desk: Desk) -> None:
    shutil.copy(desk.place / "02-notice.toml", desk.place / "03-later.toml")
    desk.change("issue.toml", "send_at", 'stories = ["02-notice.toml", "01-fit"]\nsend_at')

    desk.load()

    assert desk.keys() == ["02-notice", "01-fit"]


def test_pictures_may_lie_beside_all_issues(desk: Desk) -> None:
    (desk.place / "pictures").rename(desk.place.parent / "pictures")

    assert desk.load().number == 1


def test_a_file_from_windows_is_read(desk: Desk) -> None:
    text = b"\xef\xbb\xbf" + NOTICE.replace("\n", "\r\n").encode()
    (desk.place / "02-notice.toml").write_bytes(text)

    assert desk.load().number == 1


FIT, ABOUT = "01-fit.toml", "issue.toml"
MISTAKES = [
    (FIT, '"fair"', '"fare"', "01-fit.toml, line 2, kind: write kind = one of fair, food"),
    (FIT, 'kind = "fair"', "", "01-fit.toml, kind: write kind = one of"),
    (FIT, '"fairs"', '"fair"', "line 3, topic: there is no topic 'fair'. Did you mean fairs?"),
    (FIT, '["TH"]', '["TX"]', "line 4, countries: there is no country 'TX'. Known: BN, ID"),
    (FIT, '["TH"]', '"TH"', "line 4, countries: write a list in square brackets"),
    (FIT, "2026-12-17", '"soon"', "line 5, starts: write a day, without quotation marks"),
    (FIT, "ends =", "end =", "line 6, end: a story of kind fair has no field 'end' there. Did you mean ends?"),
    (FIT, "https://", "javascript:", "line 7, url: write the whole address, beginning with https://"),
    (FIT, "booth.png", "boot.png", "line 8, picture: there is no file pictures/boot.png"),
    (FIT, "booth.png", "../issue.toml", "picture: give the name of a file in the folder pictures"),
    (FIT, 'title = "FITフェア"', "", "line 19, [ja] title: this is missing."),
    (FIT, 'body = "ぜひ', 'bdy = "ぜひ', "[ja] bdy: a story of kind fair has no field 'bdy' there. Did you mean body?"),
    (FIT, '"Come and', '"# Come and', "line 17, [en] body: headings (# ...) cannot be shown in a letter."),
    (FIT, '"Come and *see*."', "5", "line 17, [en] body: write words in quotation marks"),
    (FIT, "[ja]", "[jp]", "01-fit.toml, [jp]: there is no such part. Known: en, ja."),
    (FIT, 'title = "FIT"', 'title = "FIT', "01-fit.toml: not readable as TOML"),
    (FIT, "sample = true", 'sample = "yes?"', "sample: write true or false"),
    (FIT, "sample = true", 'status = "off"', "status: write one of 'planned', 'changed', 'postponed' or 'cancelled'."),
    (ABOUT, "10:00:00", "25:00:00", "issue.toml: not readable as TOML"),
    (ABOUT, "2026-12-01T10:00:00", "2026-12-01", "line 2, send_at: write a day and a time"),
    (ABOUT, "send_at", "sendat", "line 2, sendat: there is nothing of that name here. Did you mean send_at?"),
    (ABOUT, 'subject = "News"', "", "line 4, [en] subject: this is missing."),
    (ABOUT, "subject =", "subjct =", "[en] subjct: there is no field 'subjct' here. Did you mean subject?"),
    (ABOUT, "Hello **you**", "> Hello", "[en] introduction: quotations (> ...) cannot be shown"),
    (ABOUT, "send_at", 'stories = ["01-fti"]\nsend_at', "there is no story file 01-fti.toml. Did you mean 01-fit?"),
    (ABOUT, "send_at", 'stories = ["01-fit", "01-fit"]\nsend_at', "stories: 01-fit is named twice."),
    (ABOUT, "send_at", 'stories = "01-fit"\nsend_at', "stories: write a list of file names"),
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_with_its_place_and_keeps_nothing(desk: Desk, mistake: tuple[str, str, str, str]) -> None:
    file, old, new, told = mistake
    desk.change(file, old, new)

    with pytest.raises(InvalidContentError) as caught:
        desk.load()

    assert told in str(caught.value)
    with database.reading(desk.engine) as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Story, Issue, Image)] == [0, 0, 0]


def test_all_mistakes_are_told_at_once(desk: Desk) -> None:
    desk.change("issue.toml", 'subject = "News"', "")
    desk.change("01-fit.toml", '["TH"]', '["TX"]')
    desk.change("02-notice.toml", "お知らせ", "お知らせ" * 100)

    with pytest.raises(InvalidContentError) as caught:
        desk.load()

    told = str(caught.value).splitlines()
    assert [line.split(",")[0] for line in told] == ["issue.toml", "01-fit.toml", "02-notice.toml"]
    assert told[2].endswith("this is too long; 300 characters are the most.")


@pytest.mark.parametrize(("time", "told"), [("2026-03-29T02:30:00", "skip"), ("2026-10-25T02:30:00", "twice")])
def test_a_send_time_that_the_clocks_skip_or_show_twice_is_told(desk: Desk, time: str, told: str) -> None:
    berlin = desk.settings.office.model_copy(update={"time_zone": "Europe/Berlin"})
    berlin.__dict__.pop("zone", None)  # the zone that was looked up before
    desk = replace(desk, settings=desk.settings.model_copy(update={"office": berlin}))
    desk.change("issue.toml", "2026-12-01T10:00:00", time)

    with pytest.raises(InvalidContentError, match=f"line 2, send_at: The clocks in Europe/Berlin .*{told}"):
        desk.load()


def test_a_send_time_may_name_its_own_zone(desk: Desk) -> None:
    desk.change("issue.toml", "2026-12-01T10:00:00", "2026-12-01T10:00:00+09:00")

    issue = desk.load()

    with database.reading(desk.engine) as session:
        assert issues.content(session, issue).send_at == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("file", "text"), [("issue.toml", ""), ("02-notice.toml", 'kind = "notice"')])
def test_a_file_without_words_is_told(desk: Desk, file: str, text: str) -> None:
    (desk.place / file).write_text(text, encoding="utf-8")

    with pytest.raises(InvalidContentError, match=rf"{file}: no words yet. Add a part \[en\]"):
        desk.load()


def test_a_file_in_an_old_encoding_is_named(desk: Desk) -> None:
    (desk.place / "02-notice.toml").write_bytes(NOTICE.encode("cp932"))

    with pytest.raises(InvalidContentError, match=r"02-notice.toml: not saved as UTF-8"):
        desk.load()


def test_a_file_that_is_no_picture_is_named(desk: Desk) -> None:
    (desk.place / "pictures" / "booth.png").write_text("no picture", encoding="utf-8")

    with pytest.raises(InvalidContentError, match="line 8, picture: The picture cannot be read"):
        desk.load()


def test_a_folder_without_an_issue_is_named(desk: Desk) -> None:
    (desk.place / "issue.toml").unlink()

    with pytest.raises(InvalidContentError, match=r"no file issue.toml"):
        desk.load()


def test_a_story_in_one_language_is_read_and_left_to_the_checks(desk: Desk) -> None:
    desk.change("02-notice.toml", '[ja]\ntitle = "お知らせ"', "")

    assert desk.load().state == "draft"


def test_a_changed_folder_revises_its_issue_and_keeps_what_says_the_same(desk: Desk) -> None:
    issue_id = desk.load().id
    desk.change("02-notice.toml", "A notice", "Another notice")
    (desk.place / "03-new.toml").write_text(NOTICE, encoding="utf-8")

    with database.writing(desk.engine) as session:
        issue = issues.get(session, issue_id)
        folder.revise(session, desk.settings, issue, desk.place, editor_id=None, now=desk.now)

    with database.reading(desk.engine) as session:
        issue = issues.get(session, issue_id)
        chosen = issues.content(session, issue).stories
        heads = [(story.key, story.head) for story in session.scalars(select(Story).order_by(Story.id))]
        assert issue.head == 2
        assert heads == [("01-fit", 1), ("02-notice", 2), ("03-new", 1)]
        assert [choice.revision for choice in chosen] == [1, 2, 1]
        assert stories.content(session, chosen[1].story_id).texts["en"].title == "Another notice"
        assert session.scalar(select(func.count()).select_from(Revision)) == 6
