"""What a publisher does after each answer to `POST /feed`: the table, as data, and its reading; pure.

The table is that of Meta's error guide with what the field reports beyond it (seen 2026-11-24);
the numbers decide, never the HTTP status. Whatever the table does not name may have made a post.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from newsletter.social.answers import Failure, Refused, Unclear, Unsent

Action = Literal["doubt", "retry", "scrape", "wait", "token", "person", "ask"]
"""doubt: a post may exist, read the page. retry: nothing was sent, soon again. scrape: have our link read
anew, once more. wait: stay away for a while. token: stay away until somebody reconnects the page.
person: refused, a person decides. ask: probably made earlier, a person looks."""

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""The waits after a call that was never sent; then a person is asked."""
THROTTLES = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8))
"""The waits after a throttle where the server names no longer one."""
SPAM_GUARD = timedelta(hours=24)
TOKEN_CHECK = timedelta(hours=1)
"""How often a call is tried with a token that was refused; a new token file is read at the next one."""
SCRAPE_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Row:
    """One line of the table; `reason` names its sentence in `templates/words/social.*.toml`.

    It fits where every given part fits: one of `codes`, one of `subcodes`, `phrase` in the message;
    `numbers` may come as code or as subcode.
    """

    reason: str
    action: Action
    codes: Container[int] = ()
    subcodes: Container[int] = ()
    numbers: Container[int] = ()
    phrase: str = ""

    def fits(self, refusal: Refused) -> bool:
        """Return whether this line is about `refusal`."""
        if self.numbers:
            return refusal.code in self.numbers or refusal.subcode in self.numbers
        return (
            (refusal.code in self.codes)
            and (not self.subcodes or refusal.subcode in self.subcodes)
            and self.phrase in f"{refusal.message} {refusal.said}".lower()
        )


TABLE = (
    Row("link_unread", "scrape", numbers=(1609005,)),
    Row("facebook_link", "person", numbers=(1609008,)),
    Row("bad_link", "person", numbers=(2061006,)),
    Row("bad_format", "person", numbers=(1349125,)),
    Row("outage", "doubt", numbers=(1363047, 1609010)),
    Row("bad_image", "person", numbers=(2069019, 1366046)),
    Row("photos_repeated", "doubt", numbers=(1366051,)),
    Row("page_authorization", "person", numbers=(1404078,)),
    Row("spam_guard", "wait", codes=(368,), subcodes=(1390008,)),
    Row("confirm_identity", "person", codes=(368,), subcodes=(4854002,)),
    Row("repeated", "ask", codes=(368,), subcodes=(1404082,)),
    Row("page_limited", "person", codes=(368,), subcodes=(1346003, 1404102, 1404112)),
    Row("app_secret", "person", codes=(100,), phrase="appsecret_proof"),
    Row("bad_time", "person", codes=(100,), phrase="scheduled publish time"),
    Row("bad_format", "person", codes=(100,), phrase="name parameter too long"),
    Row("wrong_page", "person", codes=(100,), subcodes=(33,)),
    Row("invalid", "person", codes=(100,)),
    Row("not_the_page", "person", codes=(190,), phrase="impersonating a user's page"),
    Row("log_in", "person", codes=(190,), subcodes=(459, 464)),
    Row("lost_role", "person", codes=(190,), subcodes=(492,)),
    Row("app_removed", "token", codes=(190,), subcodes=(458,)),
    Row("password_changed", "token", codes=(190,), subcodes=(460,)),
    Row("token_expired", "token", codes=(190,), subcodes=(463,)),
    Row("token_refused", "token", codes=(102, 190)),
    Row("outage", "doubt", codes=(1, 2)),
    Row("app_settings", "person", codes=(3,)),
    Row("throttled", "wait", codes=(4, 17, 32, 341, 613, 80001)),
    Row("permission", "person", codes=(10,)),
    Row("signature", "person", codes=(104,)),
    Row("permission", "person", codes=range(200, 300)),
    Row("duplicate", "doubt", codes=(506,)),
    Row("configuration", "person", codes=(2500,)),
    Row("programming", "person", codes=(3001,), subcodes=(1504028,)),
)

UNKNOWN = Row("unknown_answer", "doubt")
NO_ANSWER = Row("no_answer", "doubt")
UNCLEAR_ANSWER = Row("unclear_answer", "doubt")
UNREACHABLE = Row("unreachable", "retry")
NO_TOKEN = Row("no_token", "token")


@dataclass(frozen=True)
class Verdict:
    """What becomes of the post: its state, when to come back to it, and the name of its sentence."""

    state: Literal["planned", "waiting", "failed", "in_doubt", "needs_person", "published", "by_hand", "cancelled"]
    reason: str
    due_at: datetime | None = None
    whole_page: bool = False  # nothing else may be tried on this page before `due_at` either


def row(failure: Failure) -> Row:
    """Return the line of the table for `failure`."""
    if isinstance(failure, Refused):
        return next((line for line in TABLE if line.fits(failure)), UNKNOWN)
    if isinstance(failure, Unclear):
        return NO_ANSWER if failure.status is None else UNCLEAR_ANSWER
    return NO_TOKEN if failure.reason == "no_token" else UNREACHABLE


def judge(failure: Failure, *, repeats: int, now: datetime) -> Verdict:
    """Return what becomes of a post after `failure`; `repeats` counts the waits for the same reason before it."""
    line = row(failure)
    if line.action == "doubt":
        return Verdict("in_doubt", line.reason, now)
    if line.action == "ask":
        return Verdict("needs_person", line.reason)
    if line.action == "token":
        return Verdict("waiting", line.reason, now + TOKEN_CHECK, whole_page=True)
    if line.action == "wait":
        return Verdict("waiting", line.reason, now + _stay_away(line, failure, repeats), whole_page=True)
    again = {"retry": RETRIES, "scrape": (SCRAPE_AGAIN,)}.get(line.action, ())
    if repeats < len(again):
        return Verdict("waiting", line.reason, now + again[repeats])
    return Verdict("failed", line.reason)


def as_unsent(failure: Failure) -> Failure:
    """Return what a failed read before sending means: the post was not sent, so nothing is in doubt."""
    return Unsent() if row(failure).action in ("doubt", "ask", "scrape") else failure


def _stay_away(line: Row, failure: Failure, repeats: int) -> timedelta:
    if line.reason == "spam_guard":
        return SPAM_GUARD
    asked = failure.wait if isinstance(failure, Refused) else timedelta()
    return max(asked, THROTTLES[min(repeats, len(THROTTLES) - 1)])
