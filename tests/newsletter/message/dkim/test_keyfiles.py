"""Keys are made once, kept from others, never replaced, and a useless one is one sentence at the start."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from newsletter.config import DkimSettings, Settings
from newsletter.errors import SettingsError, StateError
from newsletter.message.dkim import keyfiles, records, seal
from newsletter.message.dkim.keyfiles import Kind
from tests.newsletter.message.dkim import verifiers
from tests.newsletter.message.test_segments import compiled, reader

DATA = b"what is signed"


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_is_found_again_and_signs_the_same(tmp_path: Path, kind: Kind) -> None:
    made = keyfiles.make(tmp_path, "nl1", kind)

    again = keyfiles.load(tmp_path, "nl1")

    assert again.algorithm == f"{kind}-sha256"
    assert again.sign(DATA) == made.sign(DATA)
    assert keyfiles.kept(tmp_path) == ["nl1"]
    assert (tmp_path / "dkim" / "nl1.pem").stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    made = keyfiles.make(tmp_path, "nl1", "ed25519")

    with pytest.raises(StateError, match="left as it is"):
        keyfiles.make(tmp_path, "nl1", "ed25519")

    assert keyfiles.load(tmp_path, "nl1").sign(DATA) == made.sign(DATA)
    assert [path.name for path in (tmp_path / "dkim").iterdir()] == ["nl1.pem"]


def _written(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "dkim" / "nl1.pem"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def _pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, encryption: KeySerializationEncryption | None = None
) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


SHORT = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
CURVE = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "holds no private key"),
        (b"\xff\xfe-----BEGIN", "holds no private key"),
        (_pem(CURVE, BestAvailableEncryption(b"x")), "without a password"),
        (_pem(CURVE), "neither Ed25519 nor RSA"),
        (_pem(SHORT), "2048 to 4096 bits"),
    ],
)
def test_a_file_that_is_no_key_for_signing_is_one_sentence(tmp_path: Path, content: bytes, complaint: str) -> None:
    _written(tmp_path, content)

    with pytest.raises(SettingsError, match=complaint):
        keyfiles.load(tmp_path, "nl1")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_key_that_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    keyfiles.make(tmp_path, "nl1", "ed25519")
    (tmp_path / "dkim" / "nl1.pem").chmod(mode)

    with pytest.raises(SettingsError, match="chmod 600"):
        keyfiles.load(tmp_path, "nl1")


def test_a_missing_or_unreadable_key_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Restore it from your backup, or make one"):
        keyfiles.load(tmp_path, "nl1")

    (tmp_path / "dkim" / "nl1.pem").mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        keyfiles.load(tmp_path, "nl1")


def own(settings: Settings, **changes: object) -> Settings:
    """Return settings under which we sign."""
    return settings.model_copy(update={"dkim": DkimSettings.model_validate({"signing": "own", **changes})})


def test_we_sign_where_the_settings_say_so(settings: Settings) -> None:
    keys = [keyfiles.make(settings.data_folder, f"nl-{kind}", kind) for kind in ("rsa", "ed25519")]
    dns = {record.name: record.value for record in (records.of(key, "example.org") for key in keys)}
    message = compiled().build(reader())

    signed = seal.of(own(settings, selectors=["nl-rsa", "nl-ed25519"]))(message)

    assert seal.of(settings)(message) is message
    assert verifiers.dkimpy(signed, dns) == [True, True]


def test_the_old_key_signs_until_the_settings_name_the_new_one(settings: Settings) -> None:
    for selector in ("old", "new"):
        keyfiles.make(settings.data_folder, selector, "ed25519")
    message = compiled().build(reader())

    before, after = (seal.of(own(settings, selectors=[selector]))(message) for selector in ("old", "new"))

    assert b" s=old;" in before
    assert b" s=old;" not in after
    assert b" s=new;" in after


def test_the_domain_is_that_of_from_or_above_it(settings: Settings) -> None:
    publication = settings.publication.model_copy(update={"from_address": "news@mail.example.org"})
    far = settings.model_copy(update={"publication": publication})

    assert seal.domain(far) == "mail.example.org"
    assert seal.domain(own(far, selectors=["nl1"], domain="example.org")) == "example.org"
    for other in ("example.com", "ample.org", "news.mail.example.org"):
        with pytest.raises(SettingsError, match="the two must match"):
            seal.domain(own(far, selectors=["nl1"], domain=other))


def test_a_domain_in_another_script_is_signed_as_the_dns_writes_it(settings: Settings) -> None:
    publication = settings.publication.model_copy(update={"from_address": "news@Bücher.example"})

    assert seal.domain(settings.model_copy(update={"publication": publication})) == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"selectors": []}, "newsletter dkim make-key"),
        ({"selectors": ["a", "a"]}, "named twice"),
        ({"selectors": ["../keys"]}, "should match pattern"),
        ({"selectors": ["a"], "headers": ["Received"]}, "changes on the way"),
        ({"selectors": ["a"], "headers": ["Bad: x"]}, "should match pattern"),
        ({"selectors": ["a"], "domain": "example.org; l=0"}, "should match pattern"),
        ({"selectors": ["a"], "domain": "org"}, "should match pattern"),
    ],
)
def test_settings_that_cannot_be_kept_are_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        DkimSettings.model_validate({"signing": "own", **changes})


def test_a_record_is_split_where_a_string_of_it_would_be_too_long(tmp_path: Path) -> None:
    record = records.of(keyfiles.make(tmp_path, "nl1", "rsa"), "example.org")

    start, *strings, end = record.zone_line.split('"')
    assert (start, end) == ("nl1._domainkey.example.org. IN TXT ", "")
    assert "".join(strings[::2]) == record.value
    assert [len(one) for one in strings[::2]] == [255, len(record.value) - 255]
    assert record.value.startswith("v=DKIM1; k=rsa; p=")
