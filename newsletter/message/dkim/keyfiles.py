"""Private keys in the data folder, one file a selector, readable by their owner only."""

from pathlib import Path
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from newsletter import keys
from newsletter.errors import SettingsError, StateError
from newsletter.message.dkim.signing import SigningKey

FOLDER = "dkim"
ENDING = ".pem"
RSA_BITS = 2048
MOST_RSA_BITS = 4096  # longer ones need not be verified (RFC 8301 3.2)

Kind = Literal["rsa", "ed25519"]


def make(data_folder: Path, selector: str, kind: Kind) -> SigningKey:
    """Make a key and keep it, durably; raise StateError where the selector has one: that one is never replaced."""
    key: RSAPrivateKey | Ed25519PrivateKey
    if kind == "rsa":
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        key = Ed25519PrivateKey.generate()
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    path = _path(data_folder, selector)
    if not keys.write_once(path, text):
        message = f"There is a key {selector} already ({path}); it was left as it is. Choose another --selector."
        raise StateError(message)
    return SigningKey(selector, key)


def load(data_folder: Path, selector: str) -> SigningKey:
    """Return the key of a selector; raise SettingsError where it is missing, open to others, or no key for signing."""
    path = _path(data_folder, selector)
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except FileNotFoundError as error:
        message = (
            f"There is no DKIM key {selector} ({path}). Restore it from your backup, or make one with"
            " newsletter dkim make-key, or correct dkim.selectors."
        )
        raise SettingsError(message) from error
    except OSError as error:
        message = f"The DKIM key {path} cannot be read: {error.strerror}. Make it readable for the program."
        raise SettingsError(message) from error
    if mode & 0o077:
        message = f"The DKIM key {path} can be read by others. Close it with: chmod 600 {path}"
        raise SettingsError(message)
    return SigningKey(selector, _private(text, path))


def kept(data_folder: Path) -> list[str]:
    """Return the selectors that have a key here, in order."""
    return sorted(path.name.removesuffix(ENDING) for path in (data_folder / FOLDER).glob(f"*{ENDING}"))


def _path(data_folder: Path, selector: str) -> Path:
    return data_folder / FOLDER / f"{selector}{ENDING}"


def _private(text: bytes, path: Path) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = f"The file {path} holds no private key in PEM form without a password. Restore it from your backup."
        raise SettingsError(message) from error
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, RSAPrivateKey) and RSA_BITS <= key.key_size <= MOST_RSA_BITS:
        return key
    message = f"The key {path} is neither Ed25519 nor RSA with {RSA_BITS} to {MOST_RSA_BITS} bits. Make another."
    raise SettingsError(message)
