"""A library that is not ours says whether signatures hold, with a made-up DNS."""

from collections.abc import Mapping

import dkim  # type: ignore[import-untyped] # has no types

from newsletter.message.dkim import canonical


def dkimpy(message: bytes, dns: Mapping[str, str]) -> list[bool]:
    """Return for each signature, from the top, whether dkimpy finds it good."""

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:  # noqa: ARG001 - dkimpy gives it by name
        return dns.get(name.decode("ascii").rstrip("."), "").encode("ascii") or None

    count = sum(name == b"dkim-signature" for name, _ in map(canonical.field, canonical.parts(message)[0]))
    verifier = dkim.DKIM(message, minkey=2048)
    return [_holds(verifier, number, look_up) for number in range(count)]


def _holds(verifier: "dkim.DKIM", number: int, look_up: object) -> bool:
    try:
        return bool(verifier.verify(idx=number, dnsfunc=look_up))
    except (dkim.DKIMException, ValueError):
        return False
