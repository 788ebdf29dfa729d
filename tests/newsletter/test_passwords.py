"""Passwords: what is refused, what fits, and how many may be hashed at once."""

import threading
import time

import pytest

from newsletter import passwords
from newsletter.errors import BusyError

GOOD = "seven fairs in spring"


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("short", "short"),
        ("a" * 11, "short"),
        ("a" * 201, "long"),
        ("abcabcabcabc", "simple"),
        ("ABC@example.org", "simple"),
        (GOOD, None),
        ("さくらまつりのひあたたかい", None),
    ],
)
def test_a_weak_password_is_named_for_what_it_is(password: str, weakness: str | None) -> None:
    assert passwords.weakness(password, email="abc@example.org") == weakness


def test_a_password_fits_its_hash_and_no_other() -> None:
    kept = passwords.hashed(GOOD)

    assert kept.startswith("$argon2id$")
    assert passwords.fits(GOOD, kept)
    assert not passwords.fits(GOOD + " ", kept)
    assert not passwords.fits("", kept)


def test_a_password_typed_in_full_width_letters_is_the_same() -> None:
    kept = passwords.hashed("Sakura-2026-fair")

    assert passwords.fits("Ｓａｋｕｒａ－２０２６－ｆａｉｒ", kept)


def test_nothing_fits_where_no_hash_is_kept() -> None:
    assert not passwords.fits(GOOD, None)
    assert not passwords.fits(GOOD, "not a hash")


def test_the_hash_of_nobody_costs_what_a_real_one_costs() -> None:
    real = passwords.hashed(GOOD).split("$")
    nobody = passwords.NOBODY.split("$")

    assert nobody[:4] == real[:4]
    assert [len(part) for part in nobody] == [len(part) for part in real]


def test_an_endless_password_is_refused_without_work() -> None:
    started = time.perf_counter()

    assert not passwords.fits("x" * 10_000_000, passwords.NOBODY)

    assert time.perf_counter() - started < 0.05


def test_no_more_than_a_few_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    release = threading.Event()
    holders = [threading.Thread(target=_hold, args=(release,)) for _ in range(passwords.PARALLEL)]
    for holder in holders:
        holder.start()

    try:
        with pytest.raises(BusyError):
            passwords.fits(GOOD, None)
    finally:
        release.set()
        for holder in holders:
            holder.join()

    assert not passwords.fits(GOOD, None)  # the slots came back


def _hold(release: threading.Event) -> None:
    with passwords._slot():
        release.wait(10)
