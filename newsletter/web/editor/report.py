"""The closing report: what became of everybody, in sentences that add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import issues, links, words
from newsletter.delivery import closing, report, telling
from newsletter.delivery.outbox import FINAL
from newsletter.delivery.report import Report, Table
from newsletter.models import Delivery, Issue
from newsletter.rendering.views import AnyStory
from newsletter.social import posts
from newsletter.web.dependencies import Reading
from newsletter.web.editor import route, standing
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.sentences import OPEN, OUTCOMES
from newsletter.words import Words
from subscribers.models import Subscriber

MOST_LETTERS = 72
"""Of an address; the rest of it is behind the link."""
MOST_NAMES = 200
"""People shown by name; more than that is a broken line, and not for a person to go through."""

router = route.router()


@dataclass(frozen=True)
class Grid:
    """Counts by a word and by outcome; outcomes that happened to nobody have no column."""

    columns: list[str]
    rows: list[tuple[str, list[int]]]


@dataclass(frozen=True)
class Doubt:
    """Somebody who may have got the issue."""

    name: str
    email: str


@dataclass(frozen=True)
class Followed:
    """A link of the issue, the title of its story if it has one, and how often it was followed."""

    target: str
    shown: str
    story: str
    count: int
    by_language: dict[str, int]


@router.get("/issues/{issue_id:int}/report")
def show(at: AtDesk, session: Reading, issue_id: int) -> Response:
    """Show what became of an issue, also while some of it is still open."""
    issue = issues.get(session, issue_id)
    built = report.build(session, issue)
    say = words.load("report", at.language)
    doubts = _doubts(session, issue)
    return at.page(
        "report",
        issue=issue,
        state=standing.state_of(issue),
        report=built,
        lines=report.lines(built, at.language),
        times=telling.times(say, built, at.context.settings),
        since=_since(say, issue, built),
        reasons=[(telling.reason(say, word), count) for word, count in built.by_reason.items()],
        by_topic=grid(built.by_topic),
        by_country=grid(built.by_country),
        topics={topic.key: topic.title[at.language] for topic in at.context.settings.publication.topics},
        country=lambda code: telling.country(code, at.language),
        kept=closing.stored(issue),
        failed=built.refused + built.given_up,
        by_language=grid(built.by_language),
        by_domain=grid(built.by_domain),
        doubts=doubts,
        unnamed=built.uncertain - len(doubts),
        posts=posts.of_issue(session, issue_id),
        followed=_followed(session, issue, at.language),
    )


def _since(say: Words, issue: Issue, built: Report) -> str:
    """Return what late answers have changed since the report was mailed; empty: nothing."""
    kept = closing.stored(issue)
    if not kept or issue.state == "sending":
        return ""
    now = {state: int(getattr(built, state)) for state in FINAL}
    moved = [
        say("since_part", what=say(f"part.{state}", count="").strip(), before=kept[state], after=count)
        for state, count in now.items()
        if kept.get(state, count) != count
    ]
    return say("since", parts=say("comma").join(moved)) if moved else ""


def grid(table: Table) -> Grid:
    """Return a table with what is open in one column."""
    names = [*OUTCOMES, "open"]
    counts = {word: [_number(states, name) for name in names] for word, states in table.items()}
    used = [place for place, _ in enumerate(names) if any(row[place] for row in counts.values())]
    return Grid(
        [names[place] for place in used], [(word, [row[place] for place in used]) for word, row in counts.items()]
    )


def _number(states: dict[str, int], name: str) -> int:
    return sum(states.get(state, 0) for state in OPEN) if name == "open" else states.get(name, 0)


def _doubts(session: Session, issue: Issue) -> Sequence[Doubt]:
    """Return who may have got it (DESIGN 5.1), by name; whoever is erased has none."""
    query = (
        select(Subscriber.name, func.coalesce(Subscriber.email, ""))
        .join(Delivery, Delivery.subscriber_id == Subscriber.id)
        .where(Delivery.issue_id == issue.id, Delivery.state == "uncertain", Subscriber.email.is_not(None))
    )
    return [Doubt(name, email) for name, email in session.execute(query.order_by(Delivery.id).limit(MOST_NAMES))]


def _followed(session: Session, issue: Issue, language: str) -> list[Followed]:
    """Return every link of the issue, the most followed first."""
    clicks = links.clicks(session, issue.id)
    if not clicks:
        return []
    held = issues.chosen(session, issues.content(session, issue, issue.frozen_revision))
    titles = {story_id: _title(story, language) for story_id, story in held}
    return [
        Followed(
            one.link.target,
            _shown(one.link.target),
            titles.get(one.link.story_id or 0, ""),
            one.count,
            one.by_language,
        )
        for one in clicks
    ]


def _title(story: AnyStory, language: str) -> str:
    texts = story.texts
    text = texts.get(language) or next(iter(texts.values()), None)
    return text.title if text else ""


def _shown(target: str) -> str:
    """Return an address as people read it: letters instead of their codes, and no longer than a line."""
    words = unquote(target.partition("://")[2]).rstrip("/")
    return words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 1] + "…"
