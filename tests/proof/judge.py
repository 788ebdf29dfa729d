"""What a storm has done to every reader: the sink's record beside the database's, and the reports beside both."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from newsletter import database
from newsletter.delivery.outbox import FINAL
from newsletter.models import Delivery, Issue, Letter
from subscribers.models import Subscription
from tests.proof.newsroom import Newsroom

UNSENT = ("refused", "withdrawn", "cancelled", "given_up")


@dataclass
class Verdict:
    """What a storm has shown."""

    most_uncertain: int
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    sent: int = 0
    wrong: list[str] = field(default_factory=list)  # what contradicts the record in any other way

    def __str__(self) -> str:
        return f"lost {self.lost} doubled {self.doubled} uncertain {self.uncertain} kills {self.kills}"

    @property
    def holds(self) -> bool:
        """Return whether the promises were kept."""
        return not (self.lost or self.doubled or self.wrong) and self.uncertain <= self.most_uncertain


def judge(newsroom: Newsroom, record: Path, verdict: Verdict) -> None:
    """Write into the verdict what has become of every message that was due."""
    accepted = [line.split() for line in record.read_text(encoding="utf-8").splitlines()]
    copies = Counter(identity.strip("<>").split("@")[0] for identity, _ in accepted)
    verdict.doubled += sum(count - 1 for count in copies.values())
    with database.reading(newsroom.engine) as session:
        issues = session.scalars(select(Issue).order_by(Issue.id)).all()
        deliveries = session.scalars(select(Delivery).order_by(Delivery.id)).all()
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
        active = set(session.scalars(select(Subscription.id).where(Subscription.state == "active")))
    slugs = {issue.id: issue.slug for issue in issues}
    known = {f"{slugs[one.issue_id]}.{one.subscription_id}" for one in deliveries} | {_letter(one) for one in letters}
    verdict.wrong += [f"nobody knows message {name}" for name in copies if name not in known]
    for one in deliveries:
        _weigh(verdict, one, copies[f"{slugs[one.issue_id]}.{one.subscription_id}"])
        left_at = newsroom.left.get(one.subscription_id or 0)
        if left_at and one.marked_at and one.state != "withdrawn" and one.marked_at > left_at:
            verdict.wrong.append(f"delivery {one.id} was sent after its reader had left")
    for letter in letters:
        _weigh(verdict, letter, copies[_letter(letter)])
    for issue in issues:
        mine = [one for one in deliveries if one.issue_id == issue.id]
        verdict.lost += len(active - {one.subscription_id for one in mine})  # never enlisted
        _read_report(verdict, issue, mine, copies)


def _letter(letter: Letter) -> str:
    written = int(letter.created_at.timestamp() * 1_000_000)
    return f"letter.{letter.id}.{written:x}"


def _weigh(verdict: Verdict, row: Delivery | Letter, copies: int) -> None:
    """Lost: called sent, and never arrived; or called nothing at all."""
    verdict.sent += row.state == "sent"
    verdict.uncertain += row.state == "uncertain"
    if row.state not in FINAL or (row.state == "sent" and not copies):
        verdict.lost += 1
    elif row.state in UNSENT and copies:
        verdict.wrong.append(f"{row.__tablename__} {row.id} is {row.state}, and has arrived")


def _read_report(verdict: Verdict, issue: Issue, deliveries: list[Delivery], copies: Counter[str]) -> None:
    """Let the closing report say the same as the sink: what arrived was sent, or is uncertain."""
    if issue.report is None:
        verdict.wrong.append(f"issue {issue.id} was not closed")
        return
    told = json.loads(issue.report)
    seen = Counter(one.state for one in deliveries)
    arrived = {one.state: 0 for one in deliveries} | Counter(
        one.state for one in deliveries if copies[f"{issue.slug}.{one.subscription_id}"]
    )
    if told["sent"] != arrived.get("sent", 0):
        verdict.wrong.append(f"issue {issue.id} reports {told['sent']} sent, the sink has {arrived['sent']}")
    if not told["adds_up"] or told["enlisted"] != len(deliveries) or any(told[one] != seen[one] for one in FINAL):
        verdict.wrong.append(f"issue {issue.id} reports {told}, the rows say {dict(seen)}")
