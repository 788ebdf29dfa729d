"""The issue's own words in the form of a correction: introduction, subject and preheader, in each language."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from newsletter import corrections, issues, revisions
from newsletter.content import IssueContent
from newsletter.folder import markdown
from newsletter.models import Correction, Issue

FIELDS = ("introduction", "subject", "preheader")
LINE = 300
"""Characters of a line (`content.Line`)."""


@dataclass(frozen=True)
class Own:
    """What stands in the fields of one language."""

    introduction: str  # Markdown
    subject: str
    preheader: str


def shown(session: Session, correction: Correction) -> dict[str, Own]:
    """Return what the fields hold: what was told, or the words that take its place."""
    content, own = _told(session, correction), corrections.own_words_of(correction)
    now = {language: text.model_copy(update=dict(own.get(language, {}))) for language, text in content.texts.items()}
    return {
        language: Own(revisions.markdown(text.introduction), text.subject, text.preheader)
        for language, text in now.items()
    }


def typed(session: Session, correction: Correction, sent: FormData) -> dict[str, dict[str, str]] | None:
    """Return the words of a form; None for one without these fields.

    An introduction that nobody touched stays as it was told, whatever its Markdown would become.
    """
    told = _told(session, correction).texts
    fields = {language: [name for name in FIELDS if f"{name}-{language}" in sent] for language in told}
    if not any(fields.values()):
        return None
    words: dict[str, dict[str, str]] = {}
    for language, names in fields.items():
        words[language] = {name: str(sent[f"{name}-{language}"]).strip() for name in names}
        written = words[language].pop("introduction", None)
        if written is not None and not _same(written, revisions.markdown(told[language].introduction)):
            words[language]["introduction"] = markdown.html(written, language)
    return words


def as_typed(held: Own, language: str, sent: FormData) -> Own:
    """Return the fields of one language as somebody filled them in."""
    return replace(held, **{name: str(sent.get(f"{name}-{language}", getattr(held, name))) for name in FIELDS})


def refused(session: Session, correction: Correction, sent: FormData) -> str:
    """Return what is wrong with typed words: `markdown`, `subject`, `long`; empty: nothing."""
    for language in _told(session, correction).texts:
        if markdown.refused(str(sent.get(f"introduction-{language}", ""))):
            return "markdown"
        if not str(sent.get(f"subject-{language}", "x")).strip():
            return "subject"
        if any(len(str(sent.get(f"{name}-{language}", ""))) > LINE for name in ("subject", "preheader")):
            return "long"
    return ""


def _told(session: Session, correction: Correction) -> IssueContent:
    issue = session.get_one(Issue, correction.issue_id)
    return issues.content(session, issue, correction.base_revision or issue.frozen_revision)


def _same(a: str, b: str) -> bool:
    return a.split() == b.split()
