"""The reason of a refusal: every published wording that we know, and what must never count as a dead address."""

from pathlib import Path

import pytest

from subscribers import bounces

LINES = [
    tuple(part.strip() for part in line.split("|", 3))
    for line in (Path(__file__).parent / "replies.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("reason", "status", "host", "reply"), LINES, ids=[line[3][:60] for line in LINES])
def test_a_reply_gets_the_reason_its_writer_means(reason: str, status: str, host: str, reply: str) -> None:
    assert bounces.reason_of(reply, status=status, host=host) == reason
