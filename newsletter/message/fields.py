"""The places of an edition where a reader's own words go."""

import secrets

NAMES = ("name", "unsubscribe_url", "topics_url", "unsubscribe_address")
"""What a mail template may ask for: the reader's name (may be empty), the two links, and the address to write to."""


def placeholders() -> dict[str, str]:
    """Return a fresh opaque placeholder for each field: letters and digits only, so that no tool changes it.

    They are random so that nothing an editor writes can be one.
    """
    nonce = secrets.token_hex(8)
    return {name: f"zq{nonce}{name.replace('_', '')}qz" for name in NAMES}


_HONORIFICS = ("様", "さま", "殿", "御中", "先生")


def called(name: str, language: str) -> str:
    """Return the name as a mail in `language` calls its reader: with 様 in Japanese, empty where none is known."""
    if language != "ja" or not name.strip() or name.rstrip().endswith(_HONORIFICS):
        return name
    return f"{name} 様"
