"""An import brings nobody back, takes nobody without evidence, and overrides nobody's own choice."""

import csv
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from newsletter import database
from subscribers import address, audience, bits, consent, lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.errors import TransferError
from subscribers.models import Subscriber, Subscription
from subscribers.transfer import cells, columns, exporting, importing
from subscribers.transfer.importing import Mapping, Result, Row
from tests.subscribers import people
from tests.subscribers.people import KEY

DAY = timedelta(days=1)
LINK = Evidence(method="link")
FAIR = "paper form, NATAS fair 2026, binder 3"
ALL = Mapping(
    email="email", name="name", language="language", country="country", topics="topics", interests="interests",
    source="source", consent="consent", languages=("en", "ja"),
)  # fmt: skip


def row(email: str = "taro@example.org", line: int = 2, fault: str = "", **values: str) -> Row:
    return Row(line, {"email": email, "consent": FAIR, **values}, fault)


def apply(session: Session, publication: int, *rows: Row, now: datetime, basis: str = "", **more: Any) -> Result:
    return importing.apply(
        session, publication, rows, mapping=ALL, bits=bits.load(session, publication),
        evidence=Evidence(method="import", source="fair.csv", actor="desk"), basis=basis, suppression_key=KEY,
        now=now, **more,
    )  # fmt: skip


def reasons(result: Result) -> list[str]:
    return [rejected.reason for rejected in result.refused]


def find(session: Session, publication: int, email: str = "taro@example.org") -> Subscription:
    session.expire_all()
    found = lifecycle.find(session, publication, address.parse(email))
    assert found is not None
    return found


def test_a_row_becomes_a_reader_with_evidence_on_record(any_engine: Engine, publication: int, now: datetime) -> None:
    given = row(name="山田太郎", language="JA", country="jp", topics="fairs, Food", interests="TH、vn", source="natas")
    with database.writing(any_engine) as session:
        result = apply(session, publication, given, now=now)

        subscription = find(session, publication)
        known = bits.load(session, publication)
        assert (result.added, result.changed, result.unchanged, result.refused) == (1, 0, 0, [])
        assert (subscription.state, subscription.source, subscription.confirmed_at) == ("active", "natas", None)
        assert known.topic_keys(subscription.topics) == ["fairs", "food"]
        assert set(known.country_codes(subscription.interests)) == {"TH", "VN"}
        subscriber = subscription.subscriber
        assert (subscriber.name, subscriber.language, subscriber.country) == ("山田太郎", "ja", "JP")
        (entry,) = consent.story(session, subscriber.subject)
        assert entry.event == "imported"
        assert entry.payload is not None
        assert (entry.payload["consent"], entry.payload["line"]) == (FAIR, 2)
        assert entry.payload["evidence"] == {"method": "import", "source": "natas", "actor": "desk"}
        assert audience.count(session, publication) == 1


def test_a_row_that_says_little_gets_all_topics_and_the_first_language(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    with database.writing(any_engine) as session:
        apply(session, publication, row(), now=now)

        subscription = find(session, publication)
        assert bits.load(session, publication).topic_keys(subscription.topics) == [
            "fairs", "food", "industry", "government",
        ]  # fmt: skip
        assert (subscription.interests, subscription.subscriber.language) == (0, "en")


@pytest.mark.parametrize("said", ["", " ", "no", "No", "0", "いいえ", "-", "yes", "TRUE", "同意済", "○"])
def test_without_evidence_nobody_is_taken(engine: Engine, publication_id: int, now: datetime, said: str) -> None:
    with database.writing(engine) as session:
        result = apply(session, publication_id, row(consent=said), now=now)

        assert reasons(result) == ["consent"]
        assert session.scalar(select(func.count(Subscriber.id))) == 0


@pytest.mark.parametrize(("said", "taken"), [("", True), ("yes", True), ("no", False), ("未同意", False)])
def test_evidence_for_the_file_counts_unless_the_row_says_no(
    engine: Engine, publication_id: int, now: datetime, said: str, *, taken: bool
) -> None:
    with database.writing(engine) as session:
        result = apply(session, publication_id, row(consent=said), now=now, basis=FAIR)

        assert result.added == taken
        assert reasons(result) == [] if taken else ["consent"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(email="taro"), "address-incomplete"),
        (row(email=""), "address-empty"),
        (row(email="ta ro@example.org"), "address-characters"),
        (row(language="fr"), "language"),
        (row(language="en+fr"), "language"),
        (row(country="Japan"), "country"),
        (row(topics="fairs gardening"), "topic"),
        (row(interests="XX"), "interest"),
        (row(fault="cells"), "cells"),
        (row(fault="quoting"), "quoting"),
    ],
)
def test_one_bad_row_is_refused_with_a_reason_and_nothing_else_is_lost(
    engine: Engine, publication_id: int, now: datetime, bad: Row, reason: str
) -> None:
    good = [row(f"r{number}@example.org") for number in range(3)]
    with database.writing(engine) as session:
        result = apply(session, publication_id, good[0], bad, *good[1:], now=now)

        assert result.added == 3
        assert [(rejected.row, rejected.reason) for rejected in result.refused] == [(bad, reason)]
        assert reason in importing.REASONS


def test_nobody_who_is_gone_comes_back(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        who = {
            reason: people.reader(session, publication, now, f"{reason}@example.org")
            for reason in ("left", "bounced", "complained", "erased", "paused", "filtered")
        }
        lifecycle.leave(session, who["left"], suppression_key=KEY, evidence=LINK, now=now)
        lifecycle.hold(session, who["bounced"], suppression_key=KEY, evidence=LINK, reason="5.1.1", now=now)
        lifecycle.complain(session, who["complained"], suppression_key=KEY, evidence=LINK, now=now)
        lifecycle.erase(session, who["erased"].subscriber, suppression_key=KEY, evidence=LINK, now=now)
        who["paused"].state, who["filtered"].state = "paused", "filtered"
        before = session.scalar(select(func.count(Subscriber.id)))

        result = apply(session, publication, *(row(f"{reason.upper()}@example.org") for reason in who), now=now)

        assert sorted(reasons(result)) == sorted(who)
        assert (result.added, result.changed) == (0, 0)
        assert audience.count(session, publication) == 0
        assert session.scalar(select(func.count(Subscriber.id))) == before
        assert set(reasons(result)) <= set(importing.REASONS)


def test_a_suppression_alone_keeps_somebody_out(any_engine: Engine, publication: int, now: datetime) -> None:
    hashed = tokens.address_hash(KEY, "taro@example.org")
    with database.writing(any_engine) as session:
        suppression.suppress(session, publication, hashed, reason="complained", now=now)

        assert reasons(apply(session, publication, row(), now=now)) == ["complained"]


def test_evidence_opens_a_request_that_waits(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        people.ask(session, publication, people.wish(), now)

        result = apply(session, publication, row(name="Taro", topics="food"), now=now + DAY)

        subscription = find(session, publication)
        assert result.added == 1
        assert (subscription.state, subscription.state_at, subscription.subscriber.name) == (
            "active",
            now + DAY,
            "Taro",
        )


def test_what_a_reader_chose_wins_over_the_file(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        people.reader(session, publication, now)

        result = apply(session, publication, row(name="X", language="ja", topics="industry"), now=now)

        subscription = find(session, publication)
        assert (result.unchanged, result.changed) == (1, 0)
        assert (subscription.topics, subscription.subscriber.name) == (0b11, "Taro Yamada")


def test_what_was_imported_can_be_corrected_until_the_reader_chooses(
    any_engine: Engine, publication: int, now: datetime
) -> None:
    with database.writing(any_engine) as session:
        apply(session, publication, row(name="Tarp", topics="fairs"), now=now)

        corrected = apply(session, publication, row(name="Taro", topics=""), now=now)
        same = apply(session, publication, row(name="Taro"), now=now)
        lifecycle.change(session, find(session, publication), evidence=LINK, now=now, topics=0b10)
        too_late = apply(session, publication, row(name="X", topics="industry"), now=now)

        subscription = find(session, publication)
        assert (corrected.changed, same.unchanged, too_late.unchanged) == (1, 1, 1)
        assert (subscription.topics, subscription.subscriber.name) == (0b10, "Taro")
        assert [entry.event for entry in consent.story(session, subscription.subscriber.subject)] == [
            "imported", "imported", "changed",
        ]  # fmt: skip


def test_an_address_twice_in_a_file_is_taken_once(any_engine: Engine, publication: int, now: datetime) -> None:
    seen: set[str] = set()
    with database.writing(any_engine) as session:
        first = apply(session, publication, row(), row(" TARO@example.org", line=3), now=now, seen=seen)
        later = apply(session, publication, row(line=700), now=now, seen=seen)

        assert (first.added, reasons(first), reasons(later)) == (1, ["duplicate"], ["duplicate"])


def test_imports_and_requests_at_the_same_moment_agree(any_engine: Engine, publication: int, now: datetime) -> None:
    emails = [f"r{number}@example.org" for number in range(60)]
    start, failures = threading.Barrier(4), []

    def guarded(act: Any) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001 - any failure of a thread is to be seen
            failures.append(error)

    def bring(order: list[str]) -> None:
        with database.writing(any_engine) as session:
            apply(session, publication, *(row(email) for email in order), now=now)

    def ask() -> None:
        for email in emails[::7]:
            with database.writing(any_engine) as session:
                people.ask(session, publication, people.wish(email), now)

    acts = [lambda: bring(emails), lambda: bring(emails[::-1]), ask, ask]
    threads = [threading.Thread(target=guarded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with database.reading(any_engine) as session:
        assert session.scalar(select(func.count(Subscriber.id))) == len(emails)
        assert audience.count(session, publication) == len(emails)


def test_ten_thousand_rows_are_all_taken(tmp_path: Path, engine: Engine, publication_id: int, now: datetime) -> None:
    path = tmp_path / "many.csv"
    rows = [["email", "consent"], *([f"r{number}@readers.example.org", FAIR] for number in range(10_000))]
    cells.write(path, rows)
    table, total = importing.read(path), Result()

    for batch in importing.batches(table.rows):
        with database.writing(engine) as session:
            total.add(apply(session, publication_id, *batch, now=now))

    assert total.added == 10_000


def test_a_file_may_say_that_a_reader_wants_both_languages(any_engine: Engine, publication: int, now: datetime) -> None:
    with database.writing(any_engine) as session:
        apply(session, publication, row(language="JA + en"), now=now)
        both = find(session, publication).subscriber
        assert (both.language, both.second_language) == ("ja", "en")

        assert apply(session, publication, row(name="Taro"), now=now).changed == 1
        session.expire_all()
        assert (both.language, both.second_language) == ("ja", "en")


def test_an_export_can_be_imported_elsewhere(
    tmp_path: Path, any_engine: Engine, publication: int, now: datetime
) -> None:
    path = tmp_path / "out.csv"
    rows = [
        row("+taro@example.org", name='=HYPERLINK("http://x.test")', language="ja", topics="food", interests="TH"),
        row("a..b@docomo.ne.jp", name="'quoted", country="JP", language="ja+en"),
        row("gone@example.org"),
    ]
    with database.writing(any_engine) as session:
        known = bits.load(session, publication)
        apply(session, publication, *rows, now=now)
        gone = find(session, publication, "gone@example.org")
        lifecycle.erase(session, gone.subscriber, suppression_key=KEY, evidence=LINK, now=now)

        count = cells.write(path, exporting.rows(session, publication, known, states=("active", "erased")))
        table = importing.read(path)
        again = importing.apply(
            session, publication, table.rows, mapping=importing.guess(table.header, languages=("en", "ja")),
            bits=known, evidence=Evidence(method="import"), basis=FAIR, suppression_key=KEY, now=now,
        )  # fmt: skip

    assert count == 3
    assert (again.unchanged, again.changed, again.added, again.refused) == (2, 0, 0, [])
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [cell for record in list(csv.reader(file))[1:] for cell in record]
    assert not [cell for cell in written if cell.startswith(("=", "+", "-", "@"))]


def test_a_reject_file_can_be_mended_and_imported(
    tmp_path: Path, engine: Engine, publication_id: int, now: datetime
) -> None:
    source, rejected = tmp_path / "in.csv", tmp_path / "rejected.csv"
    source.write_text("email,name,consent\ntaro@,=1+1,on paper\nok@example.org,OK,on paper\n", encoding="utf-8")
    with database.writing(engine) as session:
        table = importing.read(source)
        result = apply(session, publication_id, *table.rows, now=now)

        cells.write(rejected, importing.rejects(table.header, result.refused, {"address-incomplete": "no domain"}))
        mended = rejected.read_text(encoding="utf-8-sig").replace("taro@", "taro@example.org")
        rejected.write_text(mended, encoding="utf-8")
        second = importing.read(rejected)
        result = apply(session, publication_id, *second.rows, now=now)

        assert "2,no domain" in mended
        assert second.header == ("email", "name", "consent", "rejected_line", "rejected_reason")
        assert result.added == 1
        assert find(session, publication_id).subscriber.name == "=1+1"
        header = next(importing.rejects(second.header, [], {}))
        assert header == ["email", "name", "consent", "rejected_line", "rejected_reason"]


def test_columns_are_guessed_in_both_languages() -> None:
    english = columns.guess(["E-Mail", "Full_Name", "Lang", "Evidence"], languages=["en"])
    japanese = columns.guess(["氏名", "メールアドレス", "言語", "同意の記録", "備考"], languages=["ja"])

    assert (english.email, english.name, english.language, english.consent) == (
        "E-Mail", "Full_Name", "Lang", "Evidence",
    )  # fmt: skip
    assert (japanese.email, japanese.name, japanese.consent) == ("メールアドレス", "氏名", "同意の記録")
    assert japanese.languages == ("ja",)


def test_a_file_without_addresses_or_a_named_column_is_refused() -> None:
    with pytest.raises(TransferError, match="found: name, phone"):
        columns.guess(["name", "phone"], languages=["en"])
    with pytest.raises(TransferError, match="no column named 'mail2'"):
        importing.check(Mapping(email="mail2"), ["mail", "name"])
    importing.check(Mapping(email="mail", name="name"), ["mail", "name"])
