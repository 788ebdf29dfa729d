"""Ten kills on every test run, on each database, and a few cuts of the power; `make storm` for more."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.proof import moments, power, storm
from tests.proof.ground import Zygote
from tests.proof.judge import Verdict
from tests.proof.storm import Storm

KILLS = 10
ENOUGH = 7
"""Kills that find messages on the wire; `storm` asks for more on a machine that has nothing else to do."""


def _holds(verdict: Verdict) -> bool:
    assert verdict.wrong == []
    assert (verdict.lost, verdict.doubled) == (0, 0)
    return 0 < verdict.uncertain <= verdict.most_uncertain


def _has_hit(blown: Storm) -> bool:
    assert blown.hits >= ENOUGH  # otherwise it proves nothing
    return len(set(moments.STEPS) & set(blown.steps)) > 3  # of the six that are tried


@pytest.mark.slow
def test_ten_kills_lose_nobody_and_mail_nobody_twice(
    tmp_path: Path, zygote: Zygote, capsys: pytest.CaptureFixture[str]
) -> None:
    blown = storm.run(tmp_path, zygote, kills=KILLS)

    with capsys.disabled():
        print(f"\n{blown.verdict}")  # noqa: T201 - the proof is meant to be read
    assert _holds(blown.verdict)
    assert _has_hit(blown)


@pytest.mark.proof
def test_ten_kills_on_postgresql_lose_nobody_and_mail_nobody_twice(
    tmp_path: Path, zygote: Zygote, postgres_engine: Engine
) -> None:
    url = postgres_engine.url.render_as_string(hide_password=False)

    blown = storm.run(tmp_path, zygote, kills=KILLS, url=url)

    assert _holds(blown.verdict)
    assert _has_hit(blown)


@pytest.mark.proof
def test_after_a_power_cut_claimed_rows_are_uncertain_and_nothing_else_changes(tmp_path: Path, zygote: Zygote) -> None:
    assert _holds(power.run(tmp_path, zygote, cuts=2))
