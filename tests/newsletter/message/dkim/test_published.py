"""What the DNS says is compared tag by tag, and a DNS that is silent is not called wrong."""

import socket

import pytest

from newsletter.message.dkim import published, records
from newsletter.message.dkim.records import Record
from newsletter.message.dkim.signing import SigningKey
from tests.newsletter.message.dkim.nameserver import serving

KEY = Record("nl1._domainkey", "example.org", "v=DKIM1; k=ed25519; p=AAAA")


def test_a_record_as_we_print_it_is_found_good(signing_keys: list[SigningKey]) -> None:
    ours = [records.of(key, "example.org") for key in signing_keys]
    known = {record.name: [record.zone_line.partition(" IN TXT ")[2]] for record in ours}

    with serving(known) as port:
        found = [published.judge(one, published.look_up(one.name, server="127.0.0.1", port=port)) for one in ours]

    assert [verdict.state for verdict in found] == ["good", "good"]


@pytest.mark.parametrize(
    ("texts", "state", "said"),
    [
        (["v=DKIM1;k=ed25519;p=AA AA;"], "good", "as it should be"),
        (["k=ed25519; p=AAAA; n=note"], "good", "as it should be"),
        (None, "unknown", "gave no answer"),
        ([], "bad", "Not published yet"),
        (["v=DKIM1; k=ed25519; p=AAA"], "bad", "published key is not ours"),
        (["v=DKIM1; p=AAAA"], "bad", "kind of key is not ours"),
        (["v=DKIM1; k=ed25519; p="], "bad", "has no key"),
        (["v=DKIM2; k=ed25519; p=AAAA"], "bad", "does not begin"),
        (["v=DKIM1; k=ed25519; t=y:s; p=AAAA"], "bad", "only a test"),
        ([KEY.value, KEY.value], "bad", "2 records"),
        (["parked"], "bad", "has no key"),
    ],
)
def test_each_way_to_be_wrong_has_its_sentence(texts: list[str] | None, state: str, said: str) -> None:
    verdict = published.judge(KEY, texts)

    assert (verdict.name, verdict.state) == (KEY.name, state)
    assert said in verdict.sentence


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (["other", "v=spf1 ip4:192.0.2.10 -all"], "good"),
        (["V=SPF1 -all"], "good"),
        (["other"], "bad"),
        (["v=spf1 -all", "v=spf1 ~all"], "bad"),
        (None, "unknown"),
    ],
)
def test_a_policy_stands_there_once(texts: list[str] | None, state: str) -> None:
    assert published.judge_policy("example.org", "v=spf1", texts).state == state


def test_a_name_without_text_has_no_records() -> None:
    with serving({"example.org": []}) as port:
        assert published.look_up("example.org", server="127.0.0.1", port=port) == []
        assert published.look_up("none.example.org", server="127.0.0.1", port=port) == []


def test_a_server_that_is_not_there_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "PATIENCE_SECONDS", 0.2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))

        assert published.look_up("example.org", server="127.0.0.1", port=silent.getsockname()[1]) is None
    assert published.look_up("example.org", server="no address") is None
