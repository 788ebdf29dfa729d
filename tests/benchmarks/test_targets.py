"""The targets name sections that exist, and say what was met."""

from typing import Any

import pytest

from tests.benchmarks import targets
from tests.benchmarks.__main__ import SECTIONS
from tests.benchmarks.targets import Target


def test_every_target_is_measured_by_a_section() -> None:
    assert {target.path[0] for target in targets.TARGETS} <= set(SECTIONS)


def test_what_was_not_measured_has_no_verdict() -> None:
    facts: dict[str, Any] = {"tls": {"skipped": "no certificate"}, "audience": {"memory_growth_mb": 12.5}}

    assert [value for _, value in targets.measured(facts)] == [12.5]


@pytest.mark.parametrize(
    ("target", "value", "said"),
    [
        (Target("speed", ("x",), 0.6, 1.0), 0.75, "speed: 0.75, at least 0.6 met; beyond 1 SHORT by 25 %"),
        (
            Target("growth", ("x",), 30, 10, most=True),
            45,
            "growth: 45, at most 30 SHORT by 50 %; beyond 10 SHORT by 350 %",
        ),
        (Target("naive", ("x",), 20), 20, "naive: 20, at least 20 met"),
    ],
)
def test_a_number_is_told_beside_what_it_is_to_be(target: Target, value: float, said: str) -> None:
    assert target.line(value) == said
