"""What the guide tells at this moment: how the issue is doing, and how far each of the five things is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsletter import urls
from newsletter.delivery import progress, whys
from newsletter.models import Delivery, Issue, Post
from newsletter.sandbox.demo import frames
from newsletter.sandbox.demo.cast import Office
from newsletter.words import Words
from subscribers import tokens
from subscribers.models import Subscriber, Subscription

PARTS = ("sent", "refused", "withdrawn", "uncertain", "given_up", "cancelled")
NEWCOMER = ("mai@readers.example.org", {"en": "Mai Sato", "ja": "佐藤 舞"})


@dataclass(frozen=True)
class Status:
    """The band at the top."""

    sentence: str
    enlisted: int = 0
    done: int = 0
    parts: list[tuple[str, int]] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One thing to try; either an action of the guide or a link."""

    title: str
    text: str
    button: str
    action: str = ""
    link: str = ""
    result: str = ""
    findings: list[str] = field(default_factory=list)


@dataclass
class Tried:
    """What the newcomer has done in this run of the demo."""

    wrote: bool = False
    findings: list[str] = field(default_factory=list)
    sent_issue: int | None = None
    skipped_by: int | None = None


def status(session: Session, issue: Issue | None, t: Words) -> Status:
    """Return the band for the newest issue."""
    if issue is None:
        return Status(t("status.none"))
    counts = progress.count(session, issue.id)
    enlisted = sum(counts.values())
    parts = [(name, counts.get(name, 0)) for name in PARTS]
    done = sum(count for _, count in parts)
    if enlisted > done:
        parts.append(("open", enlisted - done))
    posts = session.scalars(select(Post).where(Post.issue_id == issue.id).order_by(Post.language))
    lines = [
        t("status.post", language=t(f"languages.{post.language}"), state=t(f"post_states.{post.state}"))
        for post in posts
    ]
    return Status(_sentence(issue, enlisted, done, counts, t), enlisted, done, parts, lines if enlisted else [])


def _sentence(issue: Issue, enlisted: int, done: int, counts: dict[str, int], t: Words) -> str:
    if issue.paused_at:
        return t("status.paused", number=issue.number, reason=whys.told(issue.paused_reason, t.language))
    if issue.state == "closed":
        return t("status.closed", number=issue.number, sent=counts.get("sent", 0))
    if not enlisted:
        due = min((release.due_at for release in issue.releases), default=None)
        seconds = max(0, round((due - datetime.now(UTC)).total_seconds())) if due else 0
        return t("status.waiting", number=issue.number, seconds=seconds)
    return t("status.sending", number=issue.number, done=done, enlisted=enlisted)


def steps(session: Session, office: Office, tried: Tried, language: str, t: Words) -> list[Step]:
    """Return the five things to try, each as far as it is."""
    name = NEWCOMER[1][language]
    newcomer = _newcomer(session)
    by_form = session.scalar(
        select(func.count())
        .select_from(Subscription)
        .join(Subscriber)
        .where(Subscription.state == "active", Subscription.source == "web", Subscriber.email.not_like("reader%"))
    )
    return [
        _letter(office, tried, newcomer, name, t),
        Step(
            t("steps.form.title"),
            t("steps.form.text"),
            t("steps.form.button"),
            link=urls.subscribe(office.settings, language),
            result=t("steps.form.result", count=by_form) if by_form else "",
        ),
        Step(
            t("steps.mistake.title"),
            t("steps.mistake.text"),
            t("steps.mistake.button"),
            action="mistake",
            result=t("steps.mistake.result") if tried.findings else "",
            findings=tried.findings,
        ),
        Step(
            t("steps.next.title"),
            t("steps.next.text"),
            t("steps.next.again" if tried.sent_issue else "steps.next.button"),
            action="next",
            result=t("steps.next.result", number=tried.sent_issue) if tried.sent_issue else "",
        ),
        _unsubscribe(session, office, newcomer, name, t),
    ]


def _letter(office: Office, tried: Tried, newcomer: Subscription | None, name: str, t: Words) -> Step:
    title, text = t("steps.letter.title"), t("steps.letter.text", name=name, address=office.settings.office.address)
    if newcomer is not None and newcomer.confirmed_at is not None:
        return Step(title, text, "", result=t("steps.letter.active", name=name))
    if newcomer is not None and (letter := frames.last_to(office, NEWCOMER[0])):
        link = frames.message_url(office, letter)
        return Step(title, text, t("steps.letter.open"), link=link, result=t("steps.letter.answered"))
    if tried.wrote:
        return Step(title, text, "", result=t("steps.letter.sent"))
    return Step(title, text, t("steps.letter.button"), action="letter")


def _unsubscribe(session: Session, office: Office, newcomer: Subscription | None, name: str, t: Words) -> Step:
    title, text = t("steps.unsubscribe.title"), t("steps.unsubscribe.text", name=name)
    if newcomer is None or newcomer.confirmed_at is None:
        return Step(title, text, "", result=t("steps.unsubscribe.waiting", name=name))
    if newcomer.state == "active":
        token = tokens.unsubscribe_token(office.keys.unsubscribe, newcomer.id)
        link = urls.unsubscribe(office.settings, token)
        return Step(title, text, t("steps.unsubscribe.button"), link=link)
    skipping = session.scalar(
        select(Issue.number)
        .where(
            Issue.state.in_(("sending", "closed")),
            Issue.created_at > newcomer.state_at,
            ~select(Delivery.id).where(Delivery.issue_id == Issue.id, Delivery.subscription_id == newcomer.id).exists(),
        )
        .order_by(Issue.number)
        .limit(1)
    )
    words = "steps.unsubscribe.skipped" if skipping else "steps.unsubscribe.left"
    return Step(title, text, "", result=t(words, name=name, **({"number": skipping} if skipping else {})))


def _newcomer(session: Session) -> Subscription | None:
    return session.scalar(select(Subscription).join(Subscriber).where(Subscriber.email == NEWCOMER[0]))
