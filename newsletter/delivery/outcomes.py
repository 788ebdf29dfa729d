"""What came of one message."""

from dataclasses import dataclass

from newsletter.delivery.replies import Reply


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took it."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: the server said so, or the connection broke before the message was whole. Try again later."""

    reply: Reply | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: the server said so."""

    reply: Reply | None
    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """The whole message left us and no answer came: it may have arrived. Only a person may send it again."""

    why: str


Outcome = Accepted | Deferred | Refused | Unclear
