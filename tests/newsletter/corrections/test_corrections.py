"""A correction: who waits gets the right words, who has the wrong ones is told once, and nobody else is."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from newsletter import approvals, archive, corrections, database, issues, stories
from newsletter.config import Settings
from newsletter.corrections import Step, moving, reminders
from newsletter.delivery import closing, report
from newsletter.delivery.parcels import Parcels
from newsletter.errors import CheckFailedError, InvalidContentError, NotAllowedError, StaleError, StateError
from newsletter.keys import Keys
from newsletter.models import ArchiveNote, ArchivePage, Correction, Delivery, Edition, Issue, Letter, Post
from subscribers.models import Subscriber, Subscription
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, NOTES, RIGHT, Ground
from tests.newsletter.newsroom import FAIR, Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


@pytest.fixture
def ground(office: Office) -> Ground:
    return lay.lay(office)


@pytest.fixture
def any_ground(any_engine: Engine, settings: Settings, now: datetime) -> Ground:
    return lay.lay(newsroom.open_office(any_engine, settings, now))


def test_who_waits_gets_the_right_words_and_who_has_the_wrong_ones_is_told_once(any_ground: Ground) -> None:
    ground = any_ground
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    assert ground.states(ground.issue_id) == {
        1: ("sent", ("en", 1)),
        2: ("uncertain", ("en", 1)),
        3: ("queued", ("en", 2)),
        4: ("deferred", ("en", 2)),
        5: ("refused", ("en", 1)),
        6: ("sent", ("en", 1)),
        7: ("sent", ("ja", 1)),
        8: ("queued", ("ja", 2)),
    }
    short = lay.short_id(ground, correction_id)
    told = {number: (state, edition[0]) for number, (state, edition) in ground.states(short).items()}
    assert told == {1: ("queued", "en"), 2: ("queued", "en"), 7: ("queued", "ja")}  # 6 never had the fair
    assert lay.sums(ground, ground.issue_id)
    assert lay.sums(ground, short)


def test_the_short_mail_says_what_was_wrong_and_how_it_is(ground: Ground) -> None:
    correction_id = lay.approved(ground)

    with database.reading(ground.office.engine) as session:
        editions = session.scalars(
            select(Edition).where(Edition.issue_id == lay.short_id(ground, correction_id)).order_by(Edition.language)
        ).all()
        english, japanese = editions
        assert english.subject == "Correction: FIT"
        assert NOTES["en"] in english.text
        assert "Saturday 19 December" in english.text
        assert "A notice" not in english.text
        assert NOTES["ja"] in japanese.html
        assert "訂正" in japanese.subject


def test_nothing_changes_before_the_last_seat_has_agreed(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    before = ground.states(ground.issue_id)
    with database.writing(ground.office.engine) as session:
        lay.ask(session, ground, correction_id, lay.prepare(ground, correction_id))

    assert lay.advance(ground, correction_id) is Step.DONE

    assert ground.states(ground.issue_id) == before
    with database.reading(ground.office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        assert issue.frozen_revision == 1
        assert issue.paused_at == AFTER
        assert session.scalars(select(ArchiveNote)).all() == []


def test_page_feed_and_stories_follow_and_say_what_was_put_right(ground: Ground) -> None:
    with database.reading(ground.office.engine) as session:
        before = archive.version(session, ground.office.publication_id)
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    with database.reading(ground.office.engine) as session:
        pages = {page.language: page for page in session.scalars(select(ArchivePage))}
        assert "Saturday 19 December" in pages["en"].body
        assert "12月19日（土）" in pages["ja"].body
        assert {page.updated_at for page in pages.values()} == {AFTER}
        assert {note.language: note.said for note in session.scalars(select(ArchiveNote))} == NOTES
        assert archive.version(session, ground.office.publication_id) > before
        issue = issues.get(session, ground.issue_id)
        held = {one.story_id: one.revision for one in issues.content(session, issue, issue.frozen_revision).stories}
        assert held[ground.fair] == 2
        assert issue.paused_at is None


def test_a_claimed_row_keeps_its_edition_and_holds_the_rest_until_it_is_settled(any_ground: Ground) -> None:
    ground = any_ground
    correction_id = lay.approved(ground)
    _set(ground, 3, state="claimed")

    steps = [lay.advance(ground, correction_id) for _ in range(3)]

    assert steps == [Step.MOVED, Step.WAITS, Step.WAITS]
    assert ground.states(ground.issue_id)[3] == ("claimed", ("en", 1))
    assert ground.states(lay.short_id(ground, correction_id)) == {}
    _set(ground, 3, state="sent")
    assert lay.advance(ground, correction_id) is Step.DONE
    assert sorted(ground.states(lay.short_id(ground, correction_id))) == [1, 2, 3, 7]


def test_a_row_that_comes_back_to_the_queue_is_moved_before_anything_goes_on(ground: Ground) -> None:
    correction_id = lay.approved(ground)
    _set(ground, 3, state="on_wire")
    assert [lay.advance(ground, correction_id) for _ in range(2)] == [Step.MOVED, Step.WAITS]
    _set(ground, 3, state="deferred")

    lay.carry_out(ground, correction_id)

    assert ground.states(ground.issue_id)[3] == ("deferred", ("en", 2))
    assert 3 not in ground.states(lay.short_id(ground, correction_id))


def test_an_issue_that_somebody_let_go_on_is_paused_again_before_anything_moves(ground: Ground) -> None:
    correction_id = lay.approved(ground)
    with database.writing(ground.office.engine) as session:
        issues.resume(session, issues.get(session, ground.issue_id), now=AFTER, editor_id=None)

    assert lay.advance(ground, correction_id) is Step.PAUSED


def test_clocks_that_tick_at_once_tell_nobody_twice(any_ground: Ground) -> None:
    ground = any_ground
    correction_id = lay.approved(ground)
    start, seen = threading.Barrier(3), []

    def tick() -> None:
        start.wait()
        lay.carry_out(ground, correction_id)
        seen.append(True)

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == [True] * 3
    short = lay.short_id(ground, correction_id)
    assert sorted(ground.states(short)) == [1, 2, 7]
    assert lay.sums(ground, short)
    with database.reading(ground.office.engine) as session:
        assert session.scalar(select(func.count()).select_from(ArchiveNote)) == len(NOTES)


def test_what_is_moved_in_parts_is_moved_wholly(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    correction_id = lay.approved(ground)
    monkeypatch.setattr(moving, "MOST", 1)

    steps = [lay.advance(ground, correction_id) for _ in range(4)]

    assert steps == [Step.MOVED, Step.MOVED, Step.MOVED, Step.DONE]
    waiting = [ground.states(ground.issue_id)[number][1][1] for number in (3, 4, 8)]
    assert waiting == [2, 2, 2]


def test_whoever_has_unsubscribed_since_is_left_in_peace(ground: Ground) -> None:
    correction_id = lay.approved(ground)
    with database.writing(ground.office.engine) as session:
        first = session.scalars(select(Subscription).order_by(Subscription.id)).first()
        assert first is not None
        first.state = "left"

    lay.carry_out(ground, correction_id)

    assert sorted(ground.states(lay.short_id(ground, correction_id))) == [2, 7]


def test_the_second_correction_reaches_also_those_who_got_the_first_one_or_the_corrected_edition(
    ground: Ground,
) -> None:
    lay.carry_out(ground, lay.approved(ground))
    _set(ground, 3, state="sent")
    again = RIGHT.model_copy(update={"map_url": "https://maps.example.org/hall"})
    lay.put_right(ground, again)

    second = lay.begin(ground)
    prepared = lay.prepare(ground, second)
    with database.writing(ground.office.engine) as session:
        lay.ask(session, ground, second, prepared)
        _give(session, ground, second)
    lay.carry_out(ground, second)

    assert sorted(ground.states(lay.short_id(ground, second))) == [1, 2, 3, 7]
    assert ground.states(ground.issue_id)[4] == ("deferred", ("en", 3))


def test_a_closed_issue_is_corrected_without_pausing_anything(ground: Ground) -> None:
    with database.writing(ground.office.engine) as session:
        session.execute(update(Delivery).values(state="sent"))
        assert closing.close_if_done(session, ground.office.settings, issues.get(session, ground.issue_id), now=AFTER)
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    assert sorted(ground.states(lay.short_id(ground, correction_id))) == [1, 2, 3, 4, 5, 7]
    with database.reading(ground.office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        assert (issue.state, issue.paused_at) == ("closed", None)


def test_a_short_issue_closes_with_a_report_that_adds_up(ground: Ground) -> None:
    correction_id = lay.approved(ground)
    lay.carry_out(ground, correction_id)
    with database.writing(ground.office.engine) as session:
        short = session.get_one(Issue, lay.short_id(ground, correction_id))
        session.execute(update(Delivery).where(Delivery.issue_id == short.id).values(state="sent"))

        built = closing.close_if_done(session, ground.office.settings, short, now=AFTER)

        assert built is not None
        assert (built.enlisted, built.sent, built.adds_up) == (3, 3, True)
        headings = session.scalars(select(Letter.subject).where(Letter.kind == "report")).all()
        assert not [heading for heading in headings if "-1" in heading]


def test_only_what_was_shown_is_approved_and_only_by_whose_turn_it_is(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    prepared, office = lay.prepare(ground, correction_id), ground.office
    with database.writing(office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)
        correction = corrections.get(session, correction_id)
        shown = correction.frozen_hash or ""
        give = {"now": AFTER, "shown": shown}

        with pytest.raises(NotAllowedError):
            corrections.give(session, office.settings, correction, editor_id=office.editor_id, **give)  # type: ignore[arg-type] # the options of several calls in one dict
        with pytest.raises(StaleError):
            corrections.give(session, office.settings, correction, shown="x", editor_id=office.approver_id, now=AFTER)
        session.execute(update(Edition).where(Edition.revision == 2).values(text=Edition.text + "."))
        with pytest.raises(StateError, match="changed"):
            corrections.give(session, office.settings, correction, editor_id=office.approver_id, **give)  # type: ignore[arg-type] # the options of several calls in one dict


def test_a_refused_correction_is_a_draft_again_with_nothing_of_it_left(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    prepared, office = lay.prepare(ground, correction_id), ground.office
    with database.writing(office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)
        corrections.refuse(
            session,
            office.settings,
            corrections.get(session, correction_id),
            comment="The city is wrong too.",
            editor_id=office.approver_id,
            now=AFTER,
        )

    with database.writing(office.engine) as session:
        assert corrections.get(session, correction_id).state == "draft"
        assert set(session.scalars(select(Edition.revision))) == {1}
        letter = session.scalars(select(Letter).where(Letter.subject.contains("has come back"))).one()
        assert "The city is wrong too." in letter.text
    prepared = lay.prepare(ground, correction_id)
    with database.writing(office.engine) as session:
        lay.ask(session, ground, correction_id, prepared)
        _give(session, ground, correction_id)
    lay.carry_out(ground, correction_id)
    assert sorted(ground.states(lay.short_id(ground, correction_id))) == [1, 2, 7]


def test_a_story_saved_after_rendering_is_not_approved_unseen(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id = lay.begin(ground)
    prepared = lay.prepare(ground, correction_id)
    lay.put_right(ground, FAIR)

    with database.writing(ground.office.engine) as session, pytest.raises(StaleError):
        lay.ask(session, ground, correction_id, prepared)


def test_what_is_not_ready_is_refused_with_a_reason(ground: Ground) -> None:
    office = ground.office
    correction_id = lay.begin(ground)
    with pytest.raises(InvalidContentError, match="Nothing has changed"):
        lay.prepare(ground, correction_id)
    lay.put_right(ground)
    with database.writing(office.engine) as session:
        correction = corrections.get(session, correction_id)
        save = {"base": 1, "editor_id": office.editor_id, "now": AFTER}
        corrections.save(session, office.settings, correction, [ground.fair], {"en": "Only here."}, **save)  # type: ignore[arg-type] # the options of several calls in one dict
        with pytest.raises(StaleError):
            corrections.save(session, office.settings, correction, [ground.fair], NOTES, **save)  # type: ignore[arg-type] # the options of several calls in one dict
        with pytest.raises(InvalidContentError, match="does not hold"):
            corrections.save(session, office.settings, correction, [999], NOTES, **save)  # type: ignore[arg-type] # the options of several calls in one dict
    with pytest.raises(InvalidContentError, match="ja"):
        lay.prepare(ground, correction_id)
    with pytest.raises(StateError, match="already"):
        lay.begin(ground)


def test_an_issue_that_nobody_has_got_is_changed_and_not_corrected(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.scheduled(session, office)
        with pytest.raises(InvalidContentError, match="Change it"):
            corrections.begin(session, office.settings, issue, [], {}, editor_id=None, now=AFTER)


def test_errors_stop_a_correction_and_warnings_want_a_tick(ground: Ground) -> None:
    wrong = RIGHT.model_copy(
        update={"texts": RIGHT.texts | {"en": RIGHT.texts["en"].model_copy(update={"title": "TBD: title"})}}
    )
    lay.put_right(ground, wrong)
    correction_id = lay.begin(ground)
    prepared = lay.prepare(ground, correction_id)

    assert prepared.faulty
    assert prepared.editions == ()
    with database.writing(ground.office.engine) as session, pytest.raises(CheckFailedError):
        lay.ask(session, ground, correction_id, prepared)


def test_no_other_door_of_the_newsroom_lets_a_short_issue_out(ground: Ground) -> None:
    lay.put_right(ground)
    correction_id, office = lay.begin(ground), ground.office
    with database.writing(office.engine) as session:
        short = corrections.short_of(session, corrections.get(session, correction_id))

        for door in (
            lambda: approvals.ask(session, office.settings, short, editor_id=office.editor_id, now=AFTER),
            lambda: approvals.give(session, office.settings, short, editor_id=office.approver_id, now=AFTER),
            lambda: issues.schedule(session, short, AFTER + timedelta(hours=1), now=AFTER, editor_id=None),
            lambda: issues.pause(session, short, "x", now=AFTER, editor_id=None),
        ):
            with pytest.raises((StateError, CheckFailedError)):
                door()  # type: ignore[no-untyped-call] # lambdas have no types


def test_a_post_not_yet_out_says_the_right_words_and_for_one_that_is_out_a_person_is_asked(ground: Ground) -> None:
    with database.writing(ground.office.engine) as session:
        session.execute(update(Post).where(Post.language == "en").values(state="published"))
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    with database.reading(ground.office.engine) as session:
        posts = {(post.language, post.purpose): post for post in session.scalars(select(Post))}
        assert set(posts) == {("en", "announcement"), ("en", "correction"), ("ja", "announcement")}
        assert posts["en", "correction"].state == "by_hand"
        assert NOTES["en"] in posts["en", "correction"].text
        assert posts["ja", "announcement"].version > posts["en", "announcement"].version


@pytest.mark.parametrize(("status", "stopped"), [("cancelled", 1), ("postponed", 1), ("planned", 0)])
def test_a_fair_called_off_stops_its_planned_reminders_and_offers_a_correction(
    ground: Ground, status: str, stopped: int
) -> None:
    office = ground.office
    with database.writing(office.engine) as session:
        announcement = session.scalars(select(Post)).first()
        assert announcement is not None
        shared = {"page": "by-hand", "language": "en", "text": "x", "link": "x", "marker": "x", "version": 0}
        session.add(Post(issue_id=ground.issue_id, purpose="reminder", state="planned", **shared))
        story = stories.get(session, ground.fair)
        told = RIGHT.model_copy(update={"status": status})
        stories.save(session, story, told, base=1, editor_id=None, now=AFTER)

        assert reminders.stop_reminders(session, now=AFTER) == stopped
        assert reminders.stop_reminders(session, now=AFTER) == 0
        (offer,) = corrections.offers(session, office.publication_id)

    assert [one.story_id for one in offer.stories] == [ground.fair]
    assert offer.stories[0].called_off == ("" if status == "planned" else status)
    suggested = corrections.suggest(offer.stories, ["en", "ja"])
    assert {"cancelled": "中止", "postponed": "延期", "planned": "日程に誤り"}[status] in suggested["ja"]


def test_the_reach_is_told_before_anybody_decides(ground: Ground) -> None:
    correction_id = lay.approved(ground)

    with database.reading(ground.office.engine) as session:
        found = corrections.reach(session, corrections.get(session, correction_id))

    assert (found.told, found.waiting) == (3, 2)


def test_the_report_of_the_corrected_issue_still_adds_up(ground: Ground) -> None:
    lay.carry_out(ground, lay.approved(ground))

    with database.reading(ground.office.engine) as session:
        assert report.build(session, issues.get(session, ground.issue_id)).adds_up
        assert session.scalars(select(Correction.state)).all() == ["applied"]


def _give(session: Session, ground: Ground, correction_id: int) -> None:
    office = ground.office
    correction = corrections.get(session, correction_id)
    corrections.give(
        session,
        office.settings,
        correction,
        shown=correction.frozen_hash or "",
        editor_id=office.approver_id,
        now=AFTER,
    )


def _set(ground: Ground, number: int, **values: object) -> None:
    with database.writing(ground.office.engine) as session:
        session.execute(update(Delivery).where(Delivery.id.in_(_delivery(ground, number))).values(**values))


def _delivery(ground: Ground, number: int) -> list[int]:
    with database.reading(ground.office.engine) as session:
        return list(
            session.scalars(
                select(Delivery.id)
                .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
                .where(Delivery.issue_id == ground.issue_id, Subscriber.email == f"reader{number}@example.org")
            )
        )


def test_whoever_reads_both_languages_gets_both_in_one_short_mail(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 20, topics=["fairs"]).subscriber.second_language = "ja"
        session.flush()
    ground = lay.lay(office)
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    short = lay.short_id(ground, correction_id)
    assert ground.states(short)[20] == ("queued", ("en+ja", 1))
    assert lay.sums(ground, short)
    with database.reading(office.engine) as session:
        edition = session.scalars(select(Edition).where(Edition.issue_id == short, Edition.language == "en+ja")).one()
        assert NOTES["en"] in edition.text
        assert NOTES["ja"] in edition.text
        assert Parcels(office.settings, keys)._compiled(session, edition.id).language == "en"  # it can be sent


def test_one_in_doubt_that_turns_out_put_off_gets_the_right_words_too(ground: Ground) -> None:
    lay.carry_out(ground, lay.approved(ground))
    _set(ground, 2, state="deferred")  # a late answer: "not now"

    with database.writing(ground.office.engine) as session:
        assert corrections.stragglers(session) == [ground.issue_id]
        assert corrections.sweep(session, ground.issue_id) == 1
        assert corrections.stragglers(session) == []

    assert ground.states(ground.issue_id)[2] == ("deferred", ("en", 2))
