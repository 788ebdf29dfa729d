"""One claimed post on its way to the page: look, send once, look again after a refusal, settle."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from newsletter import database
from newsletter.social import outbox, verdicts
from newsletter.social.answers import Answer, Failure, Made, Refused, Seen
from newsletter.social.facebook import Client
from newsletter.social.outbox import Claim
from newsletter.social.verdicts import Verdict

PUT_OFF = timedelta(minutes=1)
"""Until a claim that came to its end before anything was sent is taken up again."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Sender:
    """Carries out committed claims."""

    engine: Engine
    client: Client
    now: Callable[[], datetime]

    def send(self, held: Claim) -> bool:
        """Make the post with at most one `POST /feed`; return whether it is published now."""
        if held.repeated:
            before = self.client.look(held.link)
            if isinstance(before, Failure):
                return self._settle(held, self._judge(held, verdicts.as_unsent(before)), None)
            if self._are_ours(held, before):
                return self._settle(held, Verdict("published", "found_on_page"), None, seen=before.posts)
        if (trouble := self.client.scrape(held.link)) is not None:
            log.info("post.card_not_read", post=held.post_id, trouble=verdicts.row(trouble).reason)
        with database.reading(self.engine) as session:
            mine = outbox.is_mine(session, held, now=self.now())
        if not mine:
            # Where the claim is lost, only the attempt is completed; where it stands, nothing was sent under it.
            return self._settle(held, Verdict("waiting", "put_off", self.now() + PUT_OFF), None)
        return self._publish(held)

    def _publish(self, held: Claim) -> bool:
        sent_at = self.now()
        seconds = (held.deadline_at - sent_at).total_seconds()
        answer = self.client.publish(held.text, held.link, seconds=seconds)
        if isinstance(answer, Made):
            return self._settle(held, Verdict("published", "published"), answer, sent_at=sent_at)
        verdict = self._judge(held, answer)
        return self._settle(held, verdict, answer, seen=self._look_again(held, answer), sent_at=sent_at)

    def _look_again(self, held: Claim, answer: Failure) -> tuple[Made, ...]:
        """Read the page once after a refusal, which may be false (php-graph-sdk#216)."""
        if not isinstance(answer, Refused) or verdicts.row(answer).action == "token":
            return ()
        seen = self.client.look(held.link)
        return seen.posts if isinstance(seen, Seen) else ()

    def _are_ours(self, held: Claim, seen: Seen) -> bool:
        with database.reading(self.engine) as session:
            return bool(outbox.ours(session, held.post_id, seen.posts))

    def _judge(self, held: Claim, failure: Failure) -> Verdict:
        with database.reading(self.engine) as session:
            repeats = outbox.repeats(session, held.post_id, verdicts.row(failure).reason)
        return verdicts.judge(failure, repeats=repeats, now=self.now())

    def _settle(
        self,
        held: Claim,
        verdict: Verdict,
        answer: Answer | None,
        *,
        seen: tuple[Made, ...] = (),
        sent_at: datetime | None = None,
    ) -> bool:
        now = self.now()
        with database.writing(self.engine) as session:
            published = outbox.settle(session, held, verdict, answer=answer, seen=seen, sent_at=sent_at, now=now)
        outcome = "published" if published else verdict.state
        log.info("post.settled", post=held.post_id, attempt=held.attempt_id, outcome=outcome, reason=verdict.reason)
        return published
