"""What is known around an issue: links looked at, earlier issues, its audience, its stories' languages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from newsletter import database, issues, stories
from newsletter.checks import (
    audience,
    gathering,
    links,
    past,
    pictures,
    placeholder,
    repeated,
    running,
    subject,
    translation,
)
from newsletter.checks.links import Probed
from newsletter.checks.material import Material, Reached
from newsletter.content import Audience, Flyer, Opening, Picture, StoryChoice
from newsletter.findings import Finding
from newsletter.models import Issue, Probe, Release
from newsletter.rendering.views import AnyStory
from tests.newsletter import newsroom
from tests.newsletter.checks.inspection import Inspection, fair, subjects
from tests.newsletter.newsroom import FAIR, NOTICE, SEMINAR, Office

URL = "https://fair.city.jp/"


def _probed(inspection: Inspection, *found: Probed, contents: Sequence[AnyStory] | None = None) -> list[Finding]:
    with database.writing(inspection.office.engine) as session:
        links.keep(session, found, now=inspection.office.now)
    return list(links.check(inspection.material(contents or [FAIR.model_copy(update={"url": URL})])))


@pytest.mark.parametrize(("speak", "place"), [("en", "FIT (link)"), ("ja", "FITフェア（リンク）")])
def test_whatever_was_found_at_a_link_is_told_at_its_place(inspection: Inspection, speak: str, place: str) -> None:
    inspection.speak = speak
    material = inspection.material([FAIR.model_copy(update={"url": URL})])

    for outcome in set(links.OUTCOMES) - {"fine", "closed", "sample"}:
        probe = Probe(target=URL, outcome=outcome, status=404, final="http://10.0.0.1/")
        (finding,) = links.check(replace(material, probes={URL: probe}))

        assert (finding.check, finding.severity, finding.place) == ("links", "warning", place)
        assert URL in finding.message or "10.0.0.1" in finding.message


def test_what_is_no_web_address_at_all_is_an_error(inspection: Inspection) -> None:
    (finding,) = _probed(inspection, Probed(URL, "unreadable"))

    assert finding.severity == "error"


@pytest.mark.parametrize("outcome", ["fine", "closed", "sample"])
def test_a_link_that_is_right_or_says_nothing_or_was_not_looked_at_raises_no_alarm(
    inspection: Inspection, outcome: str
) -> None:
    elsewhere = FAIR.model_copy(update={"map_url": f"{URL}map"})

    assert _probed(inspection, Probed(URL, outcome, 200), contents=[elsewhere]) == []


def test_links_are_found_in_bodies_and_introductions_and_each_is_looked_at_once(inspection: Inspection) -> None:
    body = f'<p><a href="{URL}a">a</a> <a href="mailto:a@example.org">m</a> <a href="{URL}">b</a></p>'
    introduced = {
        language: text.model_copy(update={"introduction": f'<p><a href="{URL}i">i</a></p>'})
        for language, text in subjects("News", "おたより").items()
    }
    inspection.material([fair(body, body, url=URL)], texts=introduced)
    office = inspection.office

    with database.writing(office.engine) as session:
        due = links.due(session, office.publication_id, older_than=office.now - timedelta(hours=1))
        links.keep(session, [Probed(f"{URL}i", "gone", 404)], now=office.now)
        links.keep(session, [Probed(f"{URL}i", "fine", 200)], now=office.now)
        later = links.due(session, office.publication_id, older_than=office.now - timedelta(hours=1))
        stale = links.due(session, office.publication_id, older_than=office.now + timedelta(hours=1))

    assert due == [f"{URL}i", URL, f"{URL}a"]
    assert later == [URL, f"{URL}a"]
    assert stale == due


def _sent(inspection: Inspection, contents: Sequence[AnyStory], **changes: object) -> Issue:
    with database.writing(inspection.office.engine) as session:
        issue = newsroom.draft(session, inspection.office, contents)
        issue.state, issue.frozen_revision = "closed", 1
        for name, value in changes.items():
            setattr(issue, name, value)
    return issue


def _again(inspection: Inspection, earlier: Issue, revision: int = 1, **changes: object) -> Material:
    """Return what the checks see of a new issue that tells the first story of `earlier`."""
    office = inspection.office
    with database.writing(office.engine) as session:
        told = issues.content(session, issues.get(session, earlier.id)).stories[0].story_id
        issue = newsroom.draft(session, office, [])
        choices = (StoryChoice(story_id=told, revision=revision),)
        content = issues.content(session, issue).model_copy(update={"stories": choices})
        issues.save(session, issue, content, base=1, editor_id=None, now=office.now)
        for name, value in changes.items():
            setattr(issue, name, value)
        session.flush()
        return gathering.gather(session, office.settings, issue, speak="en")


def test_a_story_that_an_issue_before_has_told_is_warned_of(inspection: Inspection) -> None:
    (finding,) = repeated.check(_again(inspection, _sent(inspection, [FAIR])))

    assert (finding.severity, finding.message) == ("warning", "Issue 1 tells this story too.")


def test_a_correction_and_what_never_went_out_repeat_nothing(inspection: Inspection) -> None:
    sent, draft = _sent(inspection, [FAIR]), _sent(inspection, [NOTICE], state="cancelled")

    assert list(repeated.check(_again(inspection, sent, kind="correction"))) == []
    assert list(repeated.check(_again(inspection, draft))) == []


@pytest.mark.parametrize("state", ["asked", "approved", "scheduled"])
def test_a_story_that_another_issue_is_about_to_tell_is_warned_of(inspection: Inspection, state: str) -> None:
    assert repeated_by(inspection, state=state) == ["Issue 1 tells this story too."]


def test_an_issue_of_a_higher_number_that_went_out_first_counts_too(inspection: Inspection) -> None:
    assert repeated_by(inspection, number=12) == ["Issue 12 tells this story too."]


def test_an_issue_broken_off_half_way_has_told_its_stories(inspection: Inspection) -> None:
    out = Release(language="en", state="released", due_at=inspection.office.now, released_at=inspection.office.now)

    assert repeated_by(inspection, state="cancelled", releases=[out]) == ["Issue 1 tells this story too."]


def repeated_by(inspection: Inspection, **changes: object) -> list[str]:
    """Return what is found in an issue that tells what another, changed so, tells."""
    return [one.message for one in repeated.check(_again(inspection, _sent(inspection, [FAIR], **changes)))]


def test_a_fair_that_is_called_off_is_news_again(inspection: Inspection) -> None:
    earlier = _sent(inspection, [FAIR])
    off = FAIR.model_copy(update={"status": "cancelled"})
    with database.writing(inspection.office.engine) as session:
        story = stories.get(session, issues.content(session, issues.get(session, earlier.id)).stories[0].story_id)
        stories.save(session, story, off, base=1, editor_id=None, now=inspection.office.now)

    assert list(repeated.check(_again(inspection, earlier, revision=2))) == []


def test_words_saved_after_the_story_was_chosen_are_pointed_out(inspection: Inspection) -> None:
    material = inspection.material([NOTICE])
    material = replace(material, heads={story_id: 2 for story_id, _ in material.stories})

    (finding,) = repeated.check(material)

    assert "still holds the older words" in finding.message


def test_a_story_chosen_twice_is_an_error(inspection: Inspection) -> None:
    material = inspection.material([NOTICE])
    material = replace(material, stories=material.stories * 2)

    assert [one.severity for one in repeated.check(material)] == ["error"]


def _crowd(inspection: Inspection, count: int) -> None:
    with database.writing(inspection.office.engine) as session:
        for number in range(count):
            newsroom.reader(session, inspection.office, number, language="en" if number % 2 else "ja")


@pytest.mark.parametrize(
    ("before", "readers", "names"),
    [
        (40, 40, []),
        (40, 29, []),
        (40, 27, ["Only 27 people"]),
        (20, 27, ["27 people would get"]),
        (4, 12, []),
        (0, 27, ["27"]),
    ],
)
def test_a_sudden_change_of_the_audience_is_warned_of(
    inspection: Inspection, before: int, readers: int, names: list[str]
) -> None:
    _crowd(inspection, readers)
    material = replace(inspection.material([NOTICE]), before=Reached(7, before))

    found = list(audience.check(material))

    assert len(found) == len(names)
    assert all(name in one.message for name, one in zip(names, found, strict=True))


def test_the_issue_compared_with_is_the_last_one_for_the_same_readers(inspection: Inspection) -> None:
    _sent(inspection, [NOTICE])
    narrow = _sent(inspection, [NOTICE])
    with database.writing(inspection.office.engine) as session:
        issue = issues.get(session, narrow.id)
        content = issues.content(session, issue).model_copy(update={"audience": Audience(languages=("ja",))})
        issue.state = "draft"
        session.flush()
        issues.save(session, issue, content, base=1, editor_id=None, now=inspection.office.now)
        issue.state, issue.frozen_revision = "closed", 2

    assert inspection.material([NOTICE]).before == Reached(1, 0)
    assert inspection.material([NOTICE], audience=Audience(languages=("ja",))).before == Reached(2, 0)


def test_nobody_is_missed_in_a_language_that_the_issue_is_not_for(inspection: Inspection) -> None:
    material = inspection.material([NOTICE], audience=Audience(languages=("ja",)))

    assert [one.language for one in audience.check(material)] == ["ja"]


def test_a_language_that_was_left_behind_is_warned_of_until_it_is_confirmed(inspection: Inspection) -> None:
    office: Office = inspection.office
    changed = NOTICE.model_copy(
        update={"texts": NOTICE.texts | {"en": NOTICE.texts["en"].model_copy(update={"title": "New"})}}
    )
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office, [NOTICE])
        content = issues.content(session, issue)
        story = stories.get(session, content.stories[0].story_id)
        stories.save(session, story, changed, base=1, editor_id=None, now=office.now)
        choices = (StoryChoice(story_id=story.id, revision=2),)
        told = content.model_copy(update={"stories": choices, "texts": subjects("News", "おたより")})
        issues.save(session, issue, told, base=1, editor_id=None, now=office.now)
        before = list(translation.check(gathering.gather(session, office.settings, issue, speak="en")))
        stories.confirm(session, story, "ja", base=2, editor_id=None, now=office.now)
        after = list(translation.check(gathering.gather(session, office.settings, issue, speak="en")))

    assert [(one.severity, one.language) for one in before] == [("warning", "ja")]
    assert "changed after its Japanese words" in before[0].message
    assert after == []


def test_a_story_for_one_language_asks_nothing_of_the_other(inspection: Inspection) -> None:
    only = NOTICE.model_copy(update={"only": "ja", "texts": {"ja": NOTICE.texts["ja"]}})

    assert inspection.find([only, NOTICE]) == []
    assert [one.language for one in inspection.find([only]) if one.severity == "error"] == ["en"]


def test_an_event_must_lie_ahead_of_the_readers_who_get_the_issue_last(inspection: Inspection) -> None:
    late = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)
    month = SEMINAR.model_copy(update={"deadline": date(2026, 12, 21)})

    found = inspection.find([fair(), month], later={"en": late})

    assert [(one.check, one.severity) for one in found] == [("past", "error"), ("deadline", "warning")]


@pytest.mark.parametrize(
    ("day", "opens", "closes", "count"),
    [(17, 10, 18, 0), (16, 10, 18, 1), (21, 10, 18, 1), (18, 18, 10, 1), (18, 10, 10, 1)],
)
def test_opening_hours_lie_within_the_fair(
    inspection: Inspection, day: int, opens: int, closes: int, count: int
) -> None:
    opening = Opening(day=date(2026, 12, day), opens=time(opens), closes=time(closes))

    assert len(list(past.check(inspection.material([fair(openings=(opening,))])))) == count


def _pictured(**alt: str) -> AnyStory:
    picture = Picture(hash="0" * 64, width=10, height=10, alt=alt)
    return NOTICE.model_copy(update={"picture": picture})


@pytest.mark.parametrize("said", ["IMG_0123.JPG", "photo", "写真", "DSC01234", "picture."])
def test_a_description_that_says_nothing_is_an_error(inspection: Inspection, said: str) -> None:
    material = replace(inspection.material([_pictured(en=said, ja="森の中の駅")]), pictures={"0" * 64: 1})

    assert [(one.severity, one.language) for one in pictures.check(material)] == [("error", "en")]


def test_pictures_that_are_too_large_are_warned_of(inspection: Inspection) -> None:
    material = inspection.material([_pictured(en="A station in a wood", ja="森の中の駅")])

    found = [
        list(pictures.check(replace(material, pictures={"0" * 64: size}))) for size in (400_000, 400_001, 2_000_001)
    ]

    assert [len(one) for one in found] == [0, 1, 2]
    assert found[1][0].message.startswith("The picture has 400 KB")


def test_a_flyer_needs_a_title_in_each_language(inspection: Inspection) -> None:
    flyer = Flyer(hash="0" * 64, size=10, title={"en": "Programme"})

    (finding,) = translation.check(inspection.material([NOTICE.model_copy(update={"flyers": (flyer,)})]))

    assert (finding.language, finding.message) == ("ja", "In Japanese this is empty: title of the flyer.")


@pytest.mark.parametrize(
    "said",
    [
        "*|FNAME|*", "%FIRST_NAME%", "«Name»", "${venue}", "{FIRST NAME}", "Title goes here", "___ persons: ____",
        "［写真］", "【要確認】", "〇月〇日", "□□県", "20XX年", "ダミーテキスト", "差し替え予定", "翻訳待ち",
        "Sample text",
    ],
)  # fmt: skip
def test_notes_of_many_kinds_are_leftovers(said: str) -> None:
    assert placeholder.LEFT.search(said)


@pytest.mark.parametrize(
    "said",
    [
        "二〇二〇年に一〇〇円", "Group [1] and [sic]", "100%OFF", "R&D", "（写真）会場の様子", "【写真】", "×印",
        "2×3", "XX", "10〇", "the place. Add your name to the list.", "要確認の事項", "確認中です", "$5 {a}",
        "a < b > c",
        "Really?? Yes...",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(said: str) -> None:
    assert placeholder.LEFT.search(said) is None


@pytest.mark.parametrize("said", ["{{" * 25_000, "[insert " * 6_000, "_ " * 25_000, "〇 " * 25_000, "<name " * 8_000])
def test_a_text_as_long_as_may_be_saved_is_looked_through(said: str) -> None:
    assert placeholder.LEFT.search(said + "TBD")


@pytest.mark.parametrize("said", ["Venue: TBA", "日程（調整中）", "to be confirmed"])
def test_what_is_still_open_is_a_warning(inspection: Inspection, said: str) -> None:
    found = inspection.find([fair(f"<p>{said}</p>", f"<p>{said}</p>")])

    assert {(one.check, one.severity) for one in found} == {("placeholder", "warning")}


@pytest.mark.parametrize(
    ("line", "preheader", "names"),
    [
        ("THE BIG FAIR IN BANGKOK", "x", ["capital"]), ("JNTO and JETRO", "x", []), ("News", "News", ["says the same"]),
        ("a" * 60, "x", []), ("a" * 61, "x", ["“" + "a" * 60 + "”"]), ("あ" * 30, "x", []),
        ("あ" * 31, "x", ["“" + "あ" * 30 + "”"]),
    ],
)  # fmt: skip
def test_subject_and_preview_line_are_looked_at(
    inspection: Inspection, line: str, preheader: str, names: list[str]
) -> None:
    texts = subjects(line, "おたより")
    texts["en"] = texts["en"].model_copy(update={"preheader": preheader})

    found = list(subject.check(inspection.material(texts=texts)))

    assert len(found) == len(names)
    assert all(name in one.message for name, one in zip(names, found, strict=True))


def test_a_post_that_says_nothing_of_the_issue_is_warned_of(inspection: Inspection) -> None:
    bare = {
        language: text.model_copy(update={"preheader": ""}) for language, text in subjects("News", "おたより").items()
    }

    found = running.examine(inspection.material(texts=bare))

    assert [(one.check, one.language) for one in found if one.check == "post"] == [("post", "en"), ("post", "ja")]


def test_a_mail_in_both_languages_is_looked_at_where_somebody_asks_for_it(inspection: Inspection) -> None:
    alone = inspection.material([NOTICE])
    with database.writing(inspection.office.engine) as session:
        newsroom.reader(session, inspection.office, 1, language="ja").subscriber.second_language = "en"

    both = inspection.material([NOTICE])

    assert list(alone.editions) == ["en", "ja"]
    assert list(both.editions) == ["en", "ja", "ja+en"]
    assert both.spoken("ja+en") == "Japanese and English"
    assert list(audience.check(both)) == []
    assert running.examine(both) == []
