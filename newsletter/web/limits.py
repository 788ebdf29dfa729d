"""How often one network may post a form, and who is at the other end of a request."""

import ipaddress

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException

from newsletter.web.context import Context

IPV4_NETWORK_BITS = 24
IPV6_NETWORK_BITS = 64
"""What one household or office usually has; changing addresses inside it wins nothing."""

RETRY_AFTER_SECONDS = 60


class Gate:
    """Counts passages per network and purpose over the last minute, in this process."""

    def __init__(self, per_minute: int) -> None:
        """Let `per_minute` through for each network and purpose."""
        self._limit = RateLimitItemPerMinute(per_minute)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admits(self, purpose: str, network: str) -> bool:
        """Return whether this one may pass, and count it."""
        return self._limiter.hit(self._limit, purpose, network)


def check(request: Request, purpose: str) -> None:
    """Count a request of the sender's network; raise status 429 where there were too many in a minute."""
    gate: Gate = request.app.state.gate
    if not gate.admits(purpose, network(client(request))):
        raise HTTPException(429, headers={"retry-after": str(RETRY_AFTER_SECONDS)})


def client(request: Request) -> str:
    """Return the sender's IP address.

    Each trusted proxy appends the address it was called from to X-Forwarded-For; further left
    is what the sender wrote and proves nothing.
    """
    context: Context = request.app.state.context
    own = request.client.host if request.client else ""
    hops = context.settings.web.trusted_proxies
    if not hops:
        return own
    forwarded = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
    return forwarded[-hops] if len(forwarded) >= hops and forwarded[-hops] else own


def network(address: str) -> str:
    """Return the network that `address` belongs to, or the text itself where it is no IP address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    bits = IPV4_NETWORK_BITS if parsed.version == 4 else IPV6_NETWORK_BITS  # noqa: PLR2004 - IP version 4
    return str(ipaddress.ip_network(f"{parsed}/{bits}", strict=False))
