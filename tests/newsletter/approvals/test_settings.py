"""The settings of a chain: what cannot be walked is refused with a sentence."""

import re
from pathlib import Path

import pytest

from newsletter import config
from newsletter.approvals import chain
from newsletter.errors import SettingsError
from tests.conftest import ROOT

SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")


def _seats(folder: Path, lines: str) -> config.Settings:
    path = folder / "config.toml"
    path.write_text(re.sub(r"(?ms)^seats = \[.*?^\]\n", f"seats = [\n{lines}\n]\n", SAMPLE), encoding="utf-8")
    return config.load(path)


def test_the_example_in_the_sample_file_works_as_it_stands(tmp_path: Path) -> None:
    example = "\n".join(line[2:] for line in SAMPLE.splitlines() if line.startswith("# { title"))

    head, director = chain.seats(_seats(tmp_path, example))

    assert (head.named("ja"), head.editors, head.deputies) == ("係長", ("head@example.org",), ())
    assert (director.number, director.deputies) == (1, ("deputy@example.org",))


@pytest.mark.parametrize(
    ("seat", "reason"),
    [
        ("{ title = {}, editors = ['a@example.org'] }", "needs a title"),
        ("{ title = { en = ' ' }, editors = ['a@example.org'] }", "needs a title"),
        ("{ title = { en = 'Head' }, editors = [] }", "at least 1 item"),
        ("{ title = { en = 'Head' }, editors = ['A@example.org'], deputies = ['a@example.org'] }", "as deputy"),
        ("{ title = { en = 'Head' }, editors = ['nobody'] }", "valid email"),
        ("{ title = { en = 'Head' }, members = ['a@example.org'] }", "there is no setting"),
    ],
)
def test_a_seat_that_nobody_could_take_is_refused(tmp_path: Path, seat: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        _seats(tmp_path, seat)
