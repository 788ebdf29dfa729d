"""The issue's own words that a correction changes.

A wrong introduction is told to everybody who has it. Subject and preheader have been read by whoever got
them: they change only for those who still wait, and on the public page.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from newsletter import issues, revisions
from newsletter.content import IssueContent, IssueText
from newsletter.errors import InvalidContentError
from newsletter.issues import drafts as written
from newsletter.models import Correction, Edition, Issue
from newsletter.revisions import Change
from subscribers import languages

FIELDS = ("subject", "preheader", "introduction")
Texts = Mapping[str, Mapping[str, str]]
"""By language, and in it by name of `FIELDS`."""


def of(correction: Correction) -> dict[str, dict[str, str]]:
    """Return the words that change, and nothing else."""
    texts: dict[str, dict[str, str]] = json.loads(correction.texts or "{}")
    return texts


def introduced(correction: Correction) -> tuple[str, ...]:
    """Return the languages whose introduction changes."""
    return tuple(language for language, words in of(correction).items() if "introduction" in words)


def applied(told: IssueContent, texts: Texts) -> IssueContent:
    """Return what an issue says with these words in the place of its own."""
    changed = {
        language: text.model_copy(update=dict(texts[language])) if language in texts else text
        for language, text in told.texts.items()
    }
    return told.model_copy(update={"texts": changed})


def kept(told: IssueContent, texts: Texts) -> str:
    """Return what is stored of typed words: those that differ from what was told.

    Raises InvalidContentError for a language the issue does not speak and for a subject left empty.
    """
    if strange := set(texts) - set(told.texts):
        message = f"The issue has no words in {', '.join(sorted(strange))}."
        raise InvalidContentError(message)
    clean = written.clean(applied(told, {one: _validated(told, one, words) for one, words in texts.items()}))
    found = {language: _differing(told.texts[language], clean.texts[language]) for language in texts}
    return json.dumps({language: words for language, words in found.items() if words}, ensure_ascii=False)


def differences(session: Session, correction: Correction, language: str) -> list[Change]:
    """Return what changes in the issue's own words, told in `language`."""
    issue = session.get_one(Issue, correction.issue_id)
    told = issues.content(session, issue, correction.base_revision or issue.frozen_revision)
    before, after = (IssueContent(texts=one.texts) for one in (told, applied(told, of(correction))))
    return revisions.diff(before, after, language)


def beside(correction: Correction, editions: Iterable[Edition]) -> set[str]:
    """Return the languages in which something has to be said of a changed introduction.

    Those are its own, and those that readers of both get in the same mail.
    """
    changed = set(introduced(correction))
    read = (set(languages.of(edition.language)) for edition in editions)
    return changed.union(*(one for one in read if one & changed))


def _validated(told: IssueContent, language: str, words: Mapping[str, str]) -> dict[str, Any]:
    if strange := set(words) - set(FIELDS):
        message = f"A correction cannot change {', '.join(sorted(strange))}."
        raise InvalidContentError(message)
    if not words.get("subject", told.texts[language].subject).strip():
        raise InvalidContentError("An issue needs a subject in each language.")
    return IssueText.model_validate(told.texts[language].model_dump() | dict(words)).model_dump(include=set(FIELDS))


def _differing(told: IssueText, now: IssueText) -> dict[str, str]:
    return {name: getattr(now, name) for name in FIELDS if getattr(now, name) != getattr(told, name)}
