"""What the Graph API said to one call, or that it said nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

Json = Mapping[str, object]
"""One JSON object of an answer."""


@dataclass(frozen=True)
class Made:
    """The page has the post."""

    remote_id: str
    permalink: str
    status: int = 200
    trace: str = ""


@dataclass(frozen=True)
class Refused:
    """The server named an error; `verdicts` knows what it means."""

    code: int
    subcode: int = 0
    message: str = ""  # the server's words, without secrets
    said: str = ""  # its words for people, where it has any
    status: int = 400
    trace: str = ""
    wait: timedelta = timedelta()  # how long the server asks us to stay away
    body: str = ""  # the beginning of the answer, without secrets


@dataclass(frozen=True)
class Unsent:
    """The request provably never left: no connection was made, or there is no token to call with."""

    reason: str = "unreachable"  # unreachable, no_token, late


@dataclass(frozen=True)
class Unclear:
    """The request may have been carried out: no answer, or one that says nothing."""

    reason: str
    status: int | None = None
    code: int | None = None
    subcode: int | None = None
    trace: str = ""
    body: str = ""


Failure = Refused | Unsent | Unclear
Answer = Made | Failure


@dataclass(frozen=True)
class Seen:
    """The page's published posts that carry the link, newest first; none is no proof that there is none."""

    posts: tuple[Made, ...]
