"""Writing an issue at the desk: words, stories, readers and times; two editors; bad input."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from httpx2 import Response

from newsletter import database, issues, stories
from newsletter.content import Audience, IssueContent, StoryChoice
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, state, text

Making = Callable[[Make], int]
Fields = dict[str, list[str]]


def _content(office: Office, issue_id: int) -> IssueContent:
    with database.reading(office.engine) as session:
        return issues.content(session, issues.get(session, issue_id))


def _head(office: Office, issue_id: int) -> int:
    with database.reading(office.engine) as session:
        return issues.get(session, issue_id).head


def _fields(page: Response) -> Fields:
    """Return what a browser would send of the form as it stands."""
    form = page.text.partition('id="compose"')[2]
    sent: Fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        known = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if known["type" if "type" in known else "name"] in ("checkbox", "radio") and " checked" not in tag:
            continue
        sent.setdefault(known["name"], []).append(unescape(known.get("value", "")))
    for name, value in re.findall(r'<textarea id="([^"]*)"[^>]*>\n(.*?)</textarea>', form, flags=re.DOTALL):
        sent[name] = [unescape(value)]
    return sent


def _open(browser: Browser, issue_id: int) -> Fields:
    page = browser.get(f"/desk/issues/{issue_id}/compose")
    assert page.status_code == 200
    return _fields(page)


def _send(browser: Browser, issue_id: int, fields: Fields, do: str = "save", **changes: str) -> Response:
    changed = fields | {name.replace("__", "."): [value] for name, value in changes.items()} | {"do": [do]}
    return browser.post(f"/desk/issues/{issue_id}/compose", **changed)  # type: ignore[arg-type] # lists are sent one by one


def test_a_form_sent_back_as_it_is_changes_nothing_and_keeps_the_approval(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.approved)

    answer = _send(browser, issue_id, _open(browser, issue_id))

    assert answer.headers["location"] == f"/desk/issues/{issue_id}/compose?done=unchanged"
    assert state(office, issue_id) == "approved"
    assert "Nothing had changed" in text(browser.get(answer.headers["location"]))


def test_words_of_each_language_are_saved_and_markdown_becomes_the_small_html(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)

    _send(
        browser,
        issue_id,
        _open(browser, issue_id),
        subject__en="Fairs\r\n in spring",
        introduction__ja="**春**のフェアです。\r\n\r\n[こちら](https://example.org/)へ。",
    )

    texts = _content(office, issue_id).texts
    assert texts["en"].subject == "Fairs in spring"
    assert texts["ja"].introduction == (
        '<p><strong>春</strong>のフェアです。</p>\n<p><a href="https://example.org/">こちら</a>へ。</p>'
    )


def test_saving_a_change_ends_an_approval_and_the_page_says_so_before(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.scheduled)

    warned = "it ends and has to be asked for again" in text(browser.get(f"/desk/issues/{issue_id}/compose"))
    _send(browser, issue_id, _open(browser, issue_id), subject__en="Other")

    assert warned
    assert state(office, issue_id) == "draft"


@pytest.mark.parametrize("step", [conftest.sending])
def test_what_is_on_its_way_cannot_be_written_on(browser: Browser, office: Office, make: Making, step: Make) -> None:
    issue_id = make(step)

    assert browser.get(f"/desk/issues/{issue_id}/compose").status_code == 409
    assert browser.post(f"/desk/issues/{issue_id}/compose", base="1", do="save", speaks="en").status_code == 409
    assert "compose" not in browser.get(f"/desk/issues/{issue_id}").text.partition("<main")[2]
    assert _head(office, issue_id) == 1


def test_stories_are_added_moved_and_taken_out_without_losing_what_was_typed(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    fair, seminar, notice = (choice.story_id for choice in _content(office, issue_id).stories)
    with database.writing(office.engine) as session:
        second = stories.create(session, office.publication_id, newsroom.FAIR, editor_id=None, now=office.now).id

    page = _send(browser, issue_id, _open(browser, issue_id), f"add:{second}", subject__en="Typed")
    page = _send(browser, issue_id, _fields(page), f"up:{second}")
    page = _send(browser, issue_id, _fields(page), f"drop:{seminar}")
    page = _send(browser, issue_id, _fields(page), "section-down:fairs")
    unsaved = _head(office, issue_id), "Not saved yet." in text(page)
    _send(browser, issue_id, _fields(page))

    content = _content(office, issue_id)
    assert unsaved == (1, True)
    assert [choice.story_id for choice in content.stories] == [second, notice, fair]
    assert content.sections == ("", "fairs")
    assert content.texts["en"].subject == "Typed"


def test_the_button_that_was_pressed_keeps_the_focus(browser: Browser, make: Making) -> None:
    issue_id = make(newsroom.draft)

    page = _send(browser, issue_id, _open(browser, issue_id), "section-down:fairs")

    assert re.search(r'value="section-down:fairs" autofocus', page.text)


@pytest.mark.parametrize("do", ["up:999", "up:x", "section-up:none", "add:999", "drop:-1", "up:", "renew:0"])
def test_a_button_for_what_is_not_there_does_no_harm(browser: Browser, office: Office, make: Making, do: str) -> None:
    issue_id = make(newsroom.draft)

    assert _send(browser, issue_id, _open(browser, issue_id), do).status_code in (200, 404)
    assert _head(office, issue_id) == 1


def test_newer_words_of_a_story_are_offered_and_taken(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    fair = _content(office, issue_id).stories[0].story_id
    with database.writing(office.engine) as session:
        story = stories.get(session, fair)
        changed = newsroom.FAIR.model_copy(update={"status": "changed"})
        stories.save(session, story, changed, base=1, editor_id=None, now=office.now)

    told = text(browser.get(f"/desk/issues/{issue_id}"))
    page = _send(browser, issue_id, _open(browser, issue_id), f"renew:{fair}")
    _send(browser, issue_id, _fields(page))

    assert "One story was changed after this issue took it." in told
    assert _content(office, issue_id).stories[0] == StoryChoice(story_id=fair, revision=2)


def test_all_newer_words_are_taken_by_one_button_on_the_issues_page(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    fair = _content(office, issue_id).stories[0].story_id
    with database.writing(office.engine) as session:
        changed = newsroom.FAIR.model_copy(update={"status": "changed"})
        stories.save(session, stories.get(session, fair), changed, base=1, editor_id=None, now=office.now)

    stale = browser.post(f"/desk/issues/{issue_id}/renew", base="7")
    answer = browser.post(f"/desk/issues/{issue_id}/renew", base="1")

    assert stale.status_code == 409
    assert answer.headers["location"].endswith("done=renewed")
    assert _content(office, issue_id).stories[0].revision == 2


def test_each_language_has_its_time_and_an_empty_one_goes_with_the_other(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    fields = _open(browser, issue_id)

    together = fields["day.en"], fields["day.ja"]
    _send(browser, issue_id, fields, day__ja="2026-12-03", time__ja="09:30")

    content = _content(office, issue_id)
    assert together == (["2026-12-01"], [""])
    assert (content.send_at, content.later) == (SEND_AT, {"ja": datetime(2026, 12, 3, 1, 30, tzinfo=UTC)})
    assert _open(browser, issue_id)["day.ja"] == ["2026-12-03"]


def test_the_earlier_language_is_the_first_whichever_it_is(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)

    _send(browser, issue_id, _open(browser, issue_id), day__ja="2026-11-30", time__ja="10:00")

    content = _content(office, issue_id)
    assert content.send_at == SEND_AT - timedelta(days=1)
    assert content.later == {"en": SEND_AT}


def test_a_time_that_passed_while_nobody_looked_stays_until_it_is_changed(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    passed = office.now - timedelta(days=2)
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        content = issues.content(session, issue).model_copy(update={"send_at": passed})
        issues.save(session, issue, content, base=1, editor_id=None, now=office.now)

    kept = _send(browser, issue_id, _open(browser, issue_id), subject__en="Other")
    refused = _send(browser, issue_id, _open(browser, issue_id), day__en="2026-11-01")

    assert kept.status_code == 303
    assert (refused.status_code, "has passed. Choose a later time." in text(refused)) == (422, True)
    assert _content(office, issue_id).send_at == passed


def test_readers_are_restricted_and_counted_before_it_is_saved(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    fields = _open(browser, issue_id) | {"audience.languages": ["ja", "xx"], "audience.topics": ["industry"]}

    counted = _send(browser, issue_id, fields, "count:")
    _send(browser, issue_id, fields)

    assert "1 person today, of 4 people." in text(counted)
    assert _content(office, issue_id).audience == Audience(languages=("ja",), topics=("industry",))


def test_a_language_can_be_left_out_but_not_all(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    fields = _open(browser, issue_id)

    without = _send(browser, issue_id, fields | {"speaks": []})
    _send(browser, issue_id, fields | {"speaks": ["ja"]})

    assert (without.status_code, "at least one language" in text(without)) == (422, True)
    assert set(_content(office, issue_id).texts) == {"ja"}


def test_two_editors_of_different_fields_need_no_decision(
    browser: Browser, kens_browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    hanas, kens = _open(browser, issue_id), _open(kens_browser, issue_id)

    _send(kens_browser, issue_id, kens, subject__ja="健の件名")
    answer = _send(browser, issue_id, hanas, subject__en="Hana's subject")

    assert answer.headers["location"].endswith("done=merged")
    texts = _content(office, issue_id).texts
    assert (texts["en"].subject, texts["ja"].subject) == ("Hana's subject", "健の件名")


@pytest.mark.parametrize(("choice", "subject"), [("mine", "Hana's"), ("texts.en.subject", "Ken's")])
def test_two_editors_of_one_field_see_both_texts_and_one_decides(  # noqa: PLR0917 - fixtures are passed by name
    browser: Browser, kens_browser: Browser, office: Office, make: Making, choice: str, subject: str
) -> None:
    issue_id = make(newsroom.draft)
    hanas, kens = _open(browser, issue_id), _open(kens_browser, issue_id)
    _send(kens_browser, issue_id, kens, subject__en="Ken's", preheader__ja="健の文")

    clash = _send(browser, issue_id, hanas, subject__en="Hana's", preheader__en="Hana's line")
    answer = _send(browser, issue_id, _fields(clash) | {"keep.1": [choice]})

    assert clash.status_code == 409
    assert "森健 has changed the same words meanwhile" in text(clash)
    assert all(words in text(clash) for words in ("Hana&#39;s", "Ken&#39;s", "News"))
    assert answer.headers["location"].endswith("done=saved")
    texts = _content(office, issue_id).texts
    assert (texts["en"].subject, texts["en"].preheader, texts["ja"].preheader) == (subject, "Hana's line", "健の文")


def test_a_story_taken_out_by_one_and_renewed_by_the_other_is_named(
    browser: Browser, kens_browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(newsroom.draft)
    fair = _content(office, issue_id).stories[0].story_id
    hanas, kens = _open(browser, issue_id), _open(kens_browser, issue_id)
    with database.writing(office.engine) as session:
        changed = newsroom.FAIR.model_copy(update={"status": "changed"})
        stories.save(session, stories.get(session, fair), changed, base=1, editor_id=None, now=office.now)
    _send(kens_browser, issue_id, _fields(_send(kens_browser, issue_id, kens, f"renew:{fair}")))

    clash = _send(browser, issue_id, _fields(_send(browser, issue_id, hanas, f"drop:{fair}")))
    answer = _send(browser, issue_id, _fields(clash) | {"keep.1": [f"stories.{fair}"]})

    assert (clash.status_code, "FIT" in text(clash)) == (409, True)
    assert answer.status_code == 303
    assert StoryChoice(story_id=fair, revision=2) in _content(office, issue_id).stories


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject__en": "x" * 301}, "at most 300 characters"),
        ({"post__ja": "あ" * 5001}, "at most 5,000 characters"),
        ({"introduction__en": "word " * 12_000}, "at most 50,000 characters"),
        ({"introduction__en": "# A heading"}, "cannot be shown there"),
        ({"day__en": "2026-12-01", "time__en": "soon"}, "Please give a day and a time"),
        ({"day__en": "2026-02-30"}, "Please give a day and a time"),
    ],
)
def test_what_cannot_be_saved_is_marked_and_nothing_typed_is_lost(
    browser: Browser, office: Office, make: Making, changes: dict[str, str], sentence: str
) -> None:
    issue_id = make(newsroom.draft)

    answer = _send(browser, issue_id, _open(browser, issue_id), preheader__en="Kept", **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert _fields(answer)["preheader.en"] == ["Kept"]
    assert _head(office, issue_id) == 1


def test_hostile_words_are_data(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.draft)
    hostile = "{{ 7 * 7 }} <script>alert(1)</script> \u202eevil\u202c 🎌 \x00\x07</textarea>"

    _send(browser, issue_id, _open(browser, issue_id), subject__en=hostile, introduction__en=hostile)
    page = browser.get(f"/desk/issues/{issue_id}/compose")

    text_ = _content(office, issue_id).texts["en"]
    assert text_.subject == "{{ 7 * 7 }} <script>alert(1)</script> \u202eevil\u202c 🎌 </textarea>"
    assert "<script" not in text_.introduction
    assert "<script" not in page.text
    assert _fields(page)["subject.en"] == [text_.subject]


@pytest.mark.parametrize("base", ["0", "99", "x", "-1", "99999999999999999999"])
def test_a_base_that_never_was_is_answered_calmly(browser: Browser, office: Office, make: Making, base: str) -> None:
    issue_id = make(newsroom.draft)

    assert _send(browser, issue_id, _open(browser, issue_id), base=base, subject__en="X").status_code == 409
    assert _head(office, issue_id) == 1


@pytest.mark.parametrize("story", ["999:1", "1:99", "1:0"])
def test_a_story_that_is_not_there_is_said(browser: Browser, office: Office, make: Making, story: str) -> None:
    issue_id = make(newsroom.draft)

    answer = _send(browser, issue_id, _open(browser, issue_id), story=story)

    assert (answer.status_code, "no longer there" in text(answer)) == (422, True)
    assert _head(office, issue_id) == 1


def test_a_copy_and_an_outline_lead_to_the_form(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(newsroom.approved)

    offered = text(browser.get("/desk/issues/new"))
    begun = browser.post("/desk/issues/new", outline="monthly")
    copied = browser.post("/desk/issues/copy", issue=str(issue_id))

    assert "The regular issue" in offered
    assert begun.headers["location"] == "/desk/issues/2/compose?done=begun"
    assert copied.headers["location"] == "/desk/issues/3/compose?done=copied"
    assert _content(office, 3).texts == _content(office, issue_id).texts
    assert browser.post("/desk/issues/new", outline="../../config").status_code == 404
    assert browser.post("/desk/issues/copy", issue="9999999999999").status_code == 404
