"""Keys are made, shown and compared by commands whose words an office can pass on."""

import json
from pathlib import Path

from tests.newsletter.cli.conftest import Run
from tests.newsletter.message.dkim.nameserver import serving


def _sign_with(config_file: Path, *selectors: str) -> None:
    text = config_file.read_text(encoding="utf-8").replace('signing = "relay"', 'signing = "own"')
    config_file.write_text(text.replace("selectors = []", f"selectors = {json.dumps(selectors)}"), encoding="utf-8")


def test_keys_are_made_shown_and_compared(run: Run, config_file: Path) -> None:
    made = run("dkim", "make-key", "--selector", "nl1")
    _sign_with(config_file, "nl1-rsa", "nl1-ed25519")
    told = json.loads(run("dkim", "show", "--json").out)

    assert 'selectors = ["nl1-rsa", "nl1-ed25519"]' in made.out
    assert "Nothing in it is secret" in made.out
    assert "PRIVATE" not in made.out
    assert [(one["selector"], one["signs"]) for one in told] == [("nl1-rsa", True), ("nl1-ed25519", True)]
    assert all(one["value"] in made.out and one["zone_line"] in made.out for one in told)
    known = {one["name"]: [one["zone_line"].partition(" IN TXT ")[2]] for one in told}
    known |= {"example.org": ['"v=spf1 ip4:192.0.2.10 -all"'], "_dmarc.example.org": ['"v=DMARC1; p=none"']}
    with serving(known) as port:
        good = run("dkim", "check", "--server", f"127.0.0.1:{port}")
        known[told[0]["name"]] = ['"v=DKIM1; k=rsa; p=AAAA"']
        bad = run("dkim", "check", "--server", f"127.0.0.1:{port}", "--json")
    assert (good.code, good.out.count("good     ")) == (0, 4)
    assert bad.code == 3
    assert [one["state"] for one in json.loads(bad.out)] == ["bad", "good", "good", "good"]


def test_the_next_key_is_prepared_while_the_old_one_signs(run: Run, config_file: Path) -> None:
    run("dkim", "make-key", "--selector", "old", "--type", "ed25519")
    _sign_with(config_file, "old")

    run("dkim", "make-key", "--selector", "new", "--type", "ed25519")

    told = json.loads(run("dkim", "show", "--json").out)
    assert [(one["selector"], one["signs"]) for one in told] == [("old", True), ("new", False)]
    assert "We sign every message with old." in run("dkim", "show").out


def test_the_request_is_told_in_japanese_too(run: Run) -> None:
    made = run("dkim", "make-key", "--selector", "nl1", "--type", "ed25519", "--language", "ja")

    assert "example.org のDNSに、次のレコードをこのとおり追加してください。" in made.out
    assert "  名前：  nl1._domainkey\n" in made.out
    assert "There are no words in fr. Known: en, ja." in run("dkim", "show", "--language", "fr").err


def test_a_key_is_not_made_over_another(run: Run) -> None:
    run("dkim", "make-key", "--selector", "nl1", "--type", "ed25519")

    ran = run("dkim", "make-key", "--selector", "nl1", "--type", "ed25519")

    assert ran.code == 1
    assert "already" in ran.err


def test_a_selector_that_no_name_may_hold_is_one_sentence(run: Run) -> None:
    ran = run("dkim", "make-key", "--selector", "../x")

    assert ran.code == 1
    assert "small letters, digits and hyphens" in ran.err


def test_nothing_starts_with_a_key_that_is_missing(run: Run, config_file: Path, made: None) -> None:  # noqa: ARG001 - the database
    _sign_with(config_file, "nl1")

    for command in ("serve", "work"):
        ran = run(command)
        assert ran.code == 1
        assert "There is no DKIM key nl1" in ran.err


def test_the_doctor_says_that_a_key_is_missing(run: Run, config_file: Path, made: None) -> None:  # noqa: ARG001 - the database
    _sign_with(config_file, "nl1")

    found = {one["thing"]: one for one in json.loads(run("doctor", "--json").out)}

    assert found["DKIM"]["state"] == "bad"
    assert "There is no DKIM key nl1" in found["DKIM"]["sentence"]


def test_without_a_key_the_office_hears_how_to_make_one(run: Run) -> None:
    shown = run("dkim", "show")

    assert "Your mail server signs" in shown.out
    assert "newsletter dkim make-key" in shown.out
    assert "v=spf1" in shown.out
    assert run("dkim", "check", "--server", "x:y").code == 1
