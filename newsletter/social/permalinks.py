"""The address of a post as a person gives it."""

from urllib.parse import SplitResult, urlsplit

from newsletter.config import LOOPBACK
from newsletter.errors import PermalinkError

MAX_CHARACTERS = 2000


def check(text: str, graph_base: str = "") -> str:
    """Return the address without blanks around it; raise PermalinkError with a sentence.

    It must lead to something on facebook.com, by https; a simulator on this machine
    (`graph_base`) counts as the same place.
    """
    address = text.strip()
    parts = _split(address)
    if parts is None or not address.isprintable() or " " in address or len(address) > MAX_CHARACTERS:
        raise PermalinkError("That is not a web address. Open the post on Facebook, copy its address and paste it.")
    if _is_simulated(parts, graph_base):
        return address
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.username is not None:
        raise PermalinkError("The address of a post begins with https://. Copy it from the browser once more.")
    if host != "facebook.com" and not host.endswith(".facebook.com"):
        message = f"That address leads to {host}, not to facebook.com. Open the post there and copy its address."
        raise PermalinkError(message)
    if not parts.path.strip("/") and not parts.query:
        raise PermalinkError("That is the address of Facebook, not of one post. Click the date of the post, then copy.")
    return address


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # read to refuse what is no number
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname else None


def _is_simulated(parts: SplitResult, graph_base: str) -> bool:
    base = urlsplit(graph_base)
    return base.hostname in LOOPBACK and parts.netloc == base.netloc and bool(parts.path.strip("/"))
