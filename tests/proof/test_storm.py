"""Ten kills on every test run; `python -m tests.proof.storm --kills N` for more."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.proof import storm


@pytest.mark.slow
def test_ten_kills_lose_nobody_and_mail_nobody_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdict = storm.run(tmp_path, kills=10)

    with capsys.disabled():
        print(f"\n{verdict}")  # noqa: T201 - the proof is meant to be read
    assert verdict.kills == 10
    assert (verdict.lost, verdict.doubled) == (0, 0)
    assert verdict.uncertain <= storm.CONNECTIONS * verdict.kills
    assert verdict.on_wire_kills >= 7  # otherwise the storm hit nothing and proves nothing


@pytest.mark.slow
def test_kills_on_postgresql_lose_nobody_and_mail_nobody_twice(tmp_path: Path, postgres_engine: Engine) -> None:
    url = postgres_engine.url.render_as_string(hide_password=False)

    verdict = storm.run(tmp_path, kills=3, url=url)

    assert verdict.kills == 3
    assert (verdict.lost, verdict.doubled) == (0, 0)
    assert verdict.uncertain <= storm.CONNECTIONS * verdict.kills
