"""Logs carry ids, never addresses; also when something breaks."""

import logging
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog

from newsletter.cli import logs
from newsletter.config import LogSettings


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_trace_tells_where_it_broke_and_no_value(
    style: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(LogSettings(format=style, level="info"))

    _break("tan@example.test")

    printed = capsys.readouterr().err
    assert "ZeroDivisionError" in printed
    assert "tan@example.test" not in printed


def _break(address: str) -> None:
    try:
        _ = len(address) // 0
    except ZeroDivisionError:
        structlog.get_logger().exception("broken")
