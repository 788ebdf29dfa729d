"""Search in what was published: every word of the question must be there, the newest story first.

No ranking: a question that half of all stories answer would have to weigh each of them.
"""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from newsletter.archive import terms
from newsletter.models import PublishedStory, StoryWords

LENGTH = 20
"""Results on one page."""
MOST_PAGES = 10
LONGEST_QUESTION = 100
"""Characters; what stands after them is not looked for."""
_AROUND = 60
"""Characters shown before the first word that was found; twice as many after it."""
_WORD = 16
"""Characters within which a space is looked for, so that the part shown begins and ends with a whole word."""

_SHAPE = """
SELECT s.story_id, s.slug, s.kind, s.topic, s.title, s.status, s.published_at, w.plain
FROM {found} JOIN published_story s ON s.id = w.id
WHERE {match} AND s.language = :language AND s.publication_id = :publication
ORDER BY {newest} DESC LIMIT :length OFFSET :past
"""
_COLUMNS = (
    PublishedStory.story_id,
    PublishedStory.slug,
    PublishedStory.kind,
    PublishedStory.topic,
    PublishedStory.title,
    PublishedStory.status,
    PublishedStory.published_at,
    StoryWords.plain,
)
"""Of `_SHAPE`, in its order."""
_SQLITE = _SHAPE.format(
    found="story_search f JOIN story_words w ON w.id = f.rowid", match="f.story_search MATCH :terms", newest="f.rowid"
)
_POSTGRES = _SHAPE.format(found="story_words w", match="w.story_search @@ CAST(:terms AS tsquery)", newest="s.id")


@dataclass(frozen=True)
class Hit:
    """One story that was found, with the words around what was looked for."""

    story_id: int
    slug: str
    kind: str
    topic: str | None
    title: Markup
    status: str
    published_at: datetime
    excerpt: Markup


@dataclass(frozen=True)
class Found:
    """One page of what was found; `more` where another page follows."""

    question: str
    hits: tuple[Hit, ...]
    page: int
    more: bool


def find(session: Session, publication_id: int, language: str, question: str, *, page: int = 1) -> Found:
    """Return the stories of a language in which every word of `question` stands, newest first."""
    question = " ".join(question.split())[:LONGEST_QUESTION]
    page = min(max(page, 1), MOST_PAGES)
    wanted = terms.ask(question, language)
    if not wanted:
        return Found(question, (), page, more=False)
    postgres = session.get_bind().dialect.name == "postgresql"
    rows = session.execute(
        text(_POSTGRES if postgres else _SQLITE).columns(*_COLUMNS),
        {
            "terms": terms.tsquery(wanted) if postgres else terms.fts5(wanted),
            "language": language,
            "publication": publication_id,
            "length": LENGTH + 1,
            "past": LENGTH * (page - 1),
        },
    ).all()
    return Found(
        question=question,
        hits=tuple(_hit(row, question) for row in rows[:LENGTH]),
        page=page,
        more=len(rows) > LENGTH and page < MOST_PAGES,
    )


def excerpt(plain: str, question: str) -> Markup:
    """Return the part of a text where the question's words first stand, these marked."""
    words = terms.shown(question)
    body = plain.partition("\n")[2].replace("\n", " ")
    first = words.search(body) if words else None
    start = max(0, first.start() - _AROUND) if first else 0
    end = (first.end() if first else 0) + 2 * _AROUND
    start = body.find(" ", start, start + _WORD) + 1 or start if start else 0  # no half of a word
    end = body.rfind(" ", end - _WORD, end) if end < len(body) and " " in body[end - _WORD : end] else end
    shown = marked(body[start:end], question)
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(body) else "")


def marked(line: str, question: str) -> Markup:
    """Return a line with the words of the question marked."""
    words = terms.shown(question)
    if words is None:
        return escape(line)
    parts: list[Markup] = []
    end = 0
    for match in words.finditer(line):
        parts += [escape(line[end : match.start()]), Markup("<mark>{}</mark>").format(match.group())]
        end = match.end()
    return Markup("").join([*parts, escape(line[end:])])


def _hit(row: Row[int, str, str, str | None, str, str, datetime, str], question: str) -> Hit:
    return Hit(
        row.story_id,
        row.slug,
        row.kind,
        row.topic,
        marked(row.title, question),
        row.status,
        row.published_at,
        excerpt(row.plain, question),
    )
