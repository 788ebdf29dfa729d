"""What others read in our messages is what we wrote, and they find the signatures good."""

import ctypes
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from newsletter import database
from newsletter.config import Settings
from newsletter.message.dkim.signing import SigningKey
from tests.conftest import ROOT, copied
from tests.newsletter import newsroom
from tests.newsletter.message.dkim import verifiers
from tests.newsletter.message.dkim.conftest import Signatory, known
from tests.newsletter.message.test_letters import EXPECTED as LETTER_FIELDS
from tests.newsletter.message.test_segments import EXPECTED as ISSUE_FIELDS
from tests.verifiers import opendkim, samples
from tests.verifiers.samples import Sample

HERE = Path(__file__).parent
PACKAGES = Path(os.environ.get("NEWSLETTER_TEST_NODE") or ROOT / ".venv" / "parsers" / "node_modules")


@pytest.fixture(scope="module")
def signatory() -> Signatory:
    rsa2048 = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return known([SigningKey("nl-ed25519", Ed25519PrivateKey.generate()), SigningKey("nl-rsa", rsa2048)])


@pytest.fixture(scope="module")
def written(
    sample_settings: Settings,
    migrated_file: Path,
    now: datetime,
    signatory: Signatory,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Sample]:
    settings = sample_settings.model_copy(update={"data_folder": tmp_path_factory.mktemp("samples")})
    with copied(migrated_file, settings) as engine:
        office = newsroom.open_office(engine, settings, now)
        with database.writing(engine) as session:
            return list(samples.every(session, office, signatory.signer))


@pytest.fixture(scope="module")
def paths(written: list[Sample], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("mails")
    found = []
    for number, sample in enumerate(written):
        path = folder / f"{number:03}.eml"
        path.write_bytes(sample.raw)
        found.append(str(path))
    return found


@pytest.fixture(scope="module")
def library() -> ctypes.CDLL:
    found = opendkim.library()
    if found is None:
        _missing("the library of OpenDKIM (Debian: opendkim-tools)")
        raise AssertionError
    return found


def test_the_sample_is_written_in_every_language_with_pdfs_and_letters(written: list[Sample]) -> None:
    kinds = Counter((sample.title.split(",")[0], len(sample.said["attachments"])) for sample in written)

    assert {language for language, _ in kinds} == {"en", "ja", "en+ja", "ja+en", "letter 1", "letter 2"}
    assert {count for _, count in kinds} == {0, 3}


def test_opendkim_finds_every_signature_good(
    written: list[Sample], signatory: Signatory, library: ctypes.CDLL, tmp_path: Path
) -> None:
    for sample in written:
        assert opendkim.verify(library, sample.raw, signatory.dns, tmp_path) == [True, True], sample.title


def test_dkimpy_finds_every_signature_good(written: list[Sample], signatory: Signatory) -> None:
    for sample in written[::8]:
        assert verifiers.dkimpy(sample.raw, signatory.dns) == [True, True], sample.title


@pytest.mark.parametrize(
    "falsify",
    [
        lambda raw: raw[:-20] + b"x" + raw[-19:],
        lambda raw: b"Subject: x\r\n" + raw,
        lambda raw: b"From: x@example.com\r\n" + raw,
        lambda raw: raw.replace(b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", b"", 1),
        lambda raw: raw.replace(b"List-Unsubscribe: <http", b"List-Unsubscribe: <https", 1),
    ],
)
def test_opendkim_finds_a_falsified_message_bad(
    falsify: Callable[[bytes], bytes],
    written: list[Sample],
    signatory: Signatory,
    library: ctypes.CDLL,
    tmp_path: Path,
) -> None:
    falsified = falsify(written[0].raw)

    assert falsified != written[0].raw
    assert opendkim.verify(library, falsified, signatory.dns, tmp_path) == [False, False]


def test_perl_reads_what_we_wrote(written: list[Sample], paths: list[str]) -> None:
    perl = shutil.which("perl")
    if perl is None or subprocess.run([perl, "-MEmail::MIME", "-e1"], check=False, capture_output=True).returncode:
        _missing("Perl's Email::MIME (Debian: libemail-mime-perl)")
        return

    _compare(written, _read([perl, str(HERE / "read_mail.pl"), *paths]))


def test_node_reads_what_we_wrote(written: list[Sample], paths: list[str]) -> None:
    node = shutil.which("node")
    if node is None or not (PACKAGES / "mailparser").is_dir():
        _missing("Node's mailparser (npm install --prefix .venv/parsers mailparser@3.14.2)")
        return

    _compare(written, _read([node, str(HERE / "read_mail.cjs"), *paths]))


def _missing(what: str) -> None:
    if os.environ.get("NEWSLETTER_TEST_VERIFIERS") == "required":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def _read(command: list[str]) -> list[dict[str, Any]]:
    environment = {**os.environ, "NODE_PATH": str(PACKAGES)}
    ran = subprocess.run(command, check=True, capture_output=True, env=environment, timeout=60)
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def _compare(written: list[Sample], read: list[dict[str, Any]]) -> None:
    """Fail where a reader finds other words, other people, other files, or a field that is not ours."""
    for sample, found in zip(written, read, strict=True):
        names = Counter(found.pop("names"))
        assert names == _fields(sample), sample.title
        for kind in ("text", "html"):
            found[kind] = found[kind] and found[kind].replace("\r\n", "\n")
        assert found == sample.said, sample.title


def _fields(sample: Sample) -> Counter[str]:
    expected = Counter({"DKIM-Signature": 2}) + (LETTER_FIELDS if "letter" in sample.title else ISSUE_FIELDS)
    if sample.said["html"] is None:
        expected += Counter(["Content-Transfer-Encoding"])
    return Counter(name.lower() for name in expected.elements())
