"""Looking at links touches nothing inside the office, waits for nobody, and tells what readers would meet."""

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from newsletter.checks import links
from newsletter.checks.links import addresses, targets
from newsletter.checks.links.targets import TargetError
from tests.newsletter.checks.sites import Site, status

CERTIFICATES = Path(__file__).parent.parent / "delivery" / "certificates"


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a web server."""
    site = Site({"/": status(200)})
    yield site
    site.close()


def _outcome(url: str, *, loopback: bool = True, seconds: float = 3) -> str:
    (probed,) = links.probe([url], loopback=loopback, seconds=seconds)
    return probed.outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (200, "fine"), (204, "fine"), (401, "login"), (403, "closed"), (404, "gone"), (410, "gone"),
        (429, "closed"), (500, "failing"), (503, "closed"), (999, "closed"),
    ],
)  # fmt: skip
def test_an_answer_is_told_by_its_status(site: Site, code: int, outcome: str) -> None:
    site.answers["/page"] = status(code)

    assert _outcome(site.url("/page")) == outcome


def test_an_early_hint_is_not_taken_for_the_answer(site: Site) -> None:
    site.answers["/page"] = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + status(404)

    assert _outcome(site.url("/page")) == "gone"


@pytest.mark.parametrize(
    ("code", "outcome"), [(301, "moved"), (308, "moved"), (302, "fine"), (303, "fine"), (307, "fine")]
)
def test_only_a_lasting_move_on_the_same_site_is_told(site: Site, code: int, outcome: str) -> None:
    site.answers["/old"] = status(code, "/new?a=1")
    site.answers["/new?a=1"] = status(200)

    (probed,) = links.probe([site.url("/old")], loopback=True)

    assert (probed.outcome, probed.final) == (outcome, site.url("/new?a=1"))


def test_a_redirect_to_another_site_is_told(site: Site) -> None:
    site.answers["/old"] = status(
        302, site.url("/", host="localhost.localdomain").replace("localhost.localdomain", "127.1")
    )

    assert _outcome(site.url("/old")) == "elsewhere"


def test_redirects_that_lead_to_nothing_or_in_a_circle_or_on_and_on_end(site: Site) -> None:
    site.answers |= {"/a": status(302, "/b"), "/b": status(302, "/a"), "/dead": status(301, "/missing")}
    site.answers |= {f"/{hop}": status(302, f"/{hop + 1}") for hop in range(50)}

    assert _outcome(site.url("/a")) == "circle"
    assert _outcome(site.url("/dead")) == "gone"
    assert _outcome(site.url("/0")) == "circle"
    assert len(site.asked) < 15


@pytest.mark.parametrize(
    "where",
    [
        "http://10.0.0.1/", "http://192.168.1.1/admin", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/",
        "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:a9fe:a9fe]/", "http://[fd00::1]/",
        "http://[fe80::1]/", "http://[64:ff9b::a00:1]/", "http://[2002:a00:1::]/", "http://[2001:0:a00:1::]/",
        "http://0xa000001/", "http://167772161/", "http://10.1/", "//10.0.0.1/", "http://224.0.0.1/", "http://[ff02::1]/",
        "http://255.255.255.255/", "http://198.18.0.1/", "http://192.88.99.1/",
    ],
)  # fmt: skip
def test_a_redirect_into_the_offices_own_network_is_not_followed(site: Site, where: str) -> None:
    site.answers["/trap"] = status(302, where)

    assert _outcome(site.url("/trap"), seconds=2) == "private"


@pytest.mark.parametrize(
    "where",
    ["file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "ftp://example.net/", "javascript:alert(1)", "http://[::1"],
)
def test_a_redirect_to_what_is_no_web_page_is_not_followed(site: Site, where: str) -> None:
    site.answers["/trap"] = status(302, where)

    assert _outcome(site.url("/trap")) == "unreadable"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "１２７.0.0.1"])
def test_this_machine_is_not_asked_however_it_is_written(site: Site, host: str) -> None:
    assert _outcome(site.url("/", host=host), loopback=False) == "private"
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://good.example@127.0.0.1/", "http://user:word@127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
        "ftp://127.0.0.1/", "http://127.0.0.1\\@evil.invalid/", "http://127.0.0.1:25/", "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/", "http://[::1", "http:///path", "http://a b/", "http://127.0.0.1/\r\nX: y", "//host/",
        "mailto:a@example.org", "", "http://\ud800/", "http://" + "あ" * 70 + "/",
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_not_asked(url: str) -> None:
    assert _outcome(url) == "unreadable"


@pytest.mark.parametrize("name", ["flood", "drip", "silent"])
def test_a_server_that_never_comes_to_an_end_is_left(site: Site, name: str) -> None:
    site.answers["/trap"] = getattr(site, name)

    assert _outcome(site.url("/trap"), seconds=0.3) == "no_answer"


def test_a_body_without_end_is_not_read(site: Site) -> None:
    site.answers["/huge"] = site.endless

    assert _outcome(site.url("/huge")) == "fine"


@pytest.mark.parametrize("said", [b"", b"220 mail ESMTP\r\n", b"\x16\x03\x01\x02", b"HTTP/1.1 abc\r\n\r\n"])
def test_what_speaks_no_http_gives_no_answer(site: Site, said: bytes) -> None:
    site.answers["/odd"] = said

    assert _outcome(site.url("/odd")) == "no_answer"


def test_the_name_is_resolved_once_and_that_answer_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        resolved.append(host)
        answer = "127.0.0.1" if host == "127.0.0.1" or resolved.count(host) == 1 else "10.0.0.1"
        return real(answer, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    assert _outcome(site.url("/", host="rebind.city.jp")) == "fine"
    assert resolved.count("rebind.city.jp") == 1
    assert f"Host: rebind.city.jp:{site.port}" in site.heads[0]


def test_one_private_address_among_others_is_enough_to_stay_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def mixed(_host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        return [*real("127.0.0.1", port, *args, **kwargs), *real("10.0.0.1", port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)

    assert _outcome(site.url("/", host="two.city.jp")) == "private"
    assert site.asked == []


def test_a_name_that_does_not_exist_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert _outcome("https://no-such-place.city.jp/") == "no_name"


def test_a_server_without_a_valid_certificate_is_told(site: Site) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    site.secured = context

    assert _outcome(site.url().replace("http:", "https:")) == "certificate"
    assert site.asked == []


def test_a_server_that_speaks_no_tls_gives_no_answer(site: Site) -> None:
    assert _outcome(site.url().replace("http:", "https:")) == "no_answer"


@pytest.mark.parametrize("url", ["https://www.example.org/a", "http://office.test/", "http://x.example./"])
def test_names_kept_for_samples_are_never_asked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)

    assert _outcome(url) == "sample"


def test_a_round_ends_in_time_and_leaves_out_what_it_did_not_get_to(site: Site) -> None:
    site.answers["/trap"] = site.silent
    urls = [site.url(f"/trap?{number}") for number in range(4)]
    site.answers |= {f"/trap?{number}": site.silent for number in range(4)}

    found = links.probe([*urls, site.url("/")], loopback=True, seconds=0.3, round_seconds=0.5)

    assert [one.outcome for one in found] == ["no_answer", "no_answer"]


def test_each_address_is_asked_once_and_in_ascii(site: Site) -> None:
    site.answers["/%E8%A6%B3%E5%85%89?q=%E9%A3%9F"] = status(200)
    url = site.url("/観光?q=食#here")

    found = links.probe([url, url], loopback=True)

    assert [(one.target, one.outcome) for one in found] == [(url, "fine")]
    assert site.asked == ["/%E8%A6%B3%E5%85%89?q=%E9%A3%9F"]
    assert "Cookie" not in site.heads[0]


@pytest.mark.parametrize("public", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14"])
def test_public_addresses_may_be_asked(public: str) -> None:
    assert addresses.is_public(ip_address(public))


def test_international_names_are_asked_in_ascii() -> None:
    assert targets.read("https://日本.jp/道?a=b").url == "https://xn--wgv71a.jp/%E9%81%93?a=b"
    with pytest.raises(TargetError):
        targets.read("https://" + "日" * 80 + ".jp/")
