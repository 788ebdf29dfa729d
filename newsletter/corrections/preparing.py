"""The slow part of asking: the corrected issue and the short one rendered, while nobody has to wait."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from newsletter import checks, issues, links, urls
from newsletter.config import Settings
from newsletter.content import IssueContent, StoryChoice
from newsletter.corrections import changes, concerning, drafts, redating, texts
from newsletter.corrections.concerning import Concern
from newsletter.errors import InvalidContentError
from newsletter.findings import Finding
from newsletter.freezing import rows
from newsletter.freezing.rows import Made
from newsletter.issues import views
from newsletter.issues.views import Chosen
from newsletter.links import Found
from newsletter.models import ArchivePage, Correction, Edition, Issue, Post
from newsletter.rendering.views import IssueView
from subscribers import languages

STALE_FACTS = ("past", "deadline")
"""Checks that stop an issue but not a correction: it is about what was told, which may be over by now."""
NOT_ASKED = ("sending", "audience", "post")
"""Checks of what a correction does not have: a send time, an audience of its own choice, an announcement."""
STORYLESS = "choice"
"""A check of an issue without stories, which the short mail about an introduction may be."""
_LACKING = {
    "none": "Choose the stories that are corrected.",
    "same": "Nothing has changed in the stories that are to be corrected. Put them right first.",
}


@dataclass(frozen=True)
class Prepared:
    """What would be frozen, and from which states it was made."""

    findings: list[Finding]
    base: int  # the revision of the issue that readers know
    head: int  # the newest one when this was rendered
    version: int  # of the correction
    short_head: int
    content: IssueContent  # what takes the place of the base
    editions: tuple[Edition, ...]  # of the issue, one for each that is out
    pages: tuple[ArchivePage, ...]
    posts: tuple[Post, ...]
    short: tuple[Edition, ...]
    links: tuple[Found, ...]  # where the short addresses of the editions lead
    short_links: tuple[Found, ...]

    @property
    def faulty(self) -> bool:
        """Return whether an error was found; nothing is rendered then."""
        return any(finding.severity == "error" for finding in self.findings)


def prepare(
    session: Session, settings: Settings, correction: Correction, *, now: datetime, speak: str = "en"
) -> Prepared:
    """Check and render a correction; reads only, and may take seconds. Findings are worded in `speak`.

    A language that waits although its printed day is over gets that of `now`. Raises InvalidContentError
    where a language has no note or nothing is corrected.
    """
    issue, short = session.get_one(Issue, correction.issue_id), drafts.short_of(session, correction)
    base, concern = issue.frozen_revision or issue.head, concerning.of(correction)
    _demand_whole(session, correction, now=now)
    content = redating.redated(issue, _corrected(session, issue, correction), now=now)
    tongues = drafts.tongues(session, correction)
    looked = checks.run(session, settings, short, speak=speak) if concern.is_anybodys else []
    found = [one for one in looked if _concerns(one, tongues)]
    unasked = (*NOT_ASKED, STORYLESS) if concern.introductions else NOT_ASKED
    findings = [_softened(one) for one in found if one.check not in unasked]
    faulty = any(one.severity == "error" for one in findings)
    held = issues.chosen(session, content)
    anew = [pair for pair in held if pair[0] in concern.stories]
    made = [] if faulty else _editions(session, settings, issue, content, held)
    told = [] if faulty else _short(session, settings, issue, short, concern=concern, held=anew)
    whole = {} if faulty else _whole(settings, issue, content, held)
    spoken = settings.facebook.languages
    return Prepared(
        findings=findings,
        base=base,
        head=issue.head,
        version=correction.version,
        short_head=short.head,
        content=content,
        editions=tuple(one.edition for one in made),
        links=_found(settings, made, held),
        pages=tuple(rows.page(settings, issue, view) for view in whole.values()),
        posts=tuple(rows.post(settings, issue, whole[one]) for one in spoken if one in whole),
        short=tuple(one.edition for one in told),
        short_links=_found(settings, told, anew),
    )


def lacking(session: Session, correction: Correction, *, now: datetime) -> str:
    """Return the word for what must be done before approval may be asked, or an empty one.

    none: nothing is chosen; same: nothing has changed in what is; notes: a language does not say what was wrong.
    """
    issue = session.get_one(Issue, correction.issue_id)
    chosen, own = drafts.stories_of(correction), texts.of(correction)
    if not (chosen or own or redating.overdue(issue, now=now)):
        return "none"
    if chosen and not any(one.differs for one in changes.changed(session, issue) if one.story_id in chosen):
        return "same"
    notes = drafts.notes_of(correction)
    return "" if all(notes.get(one) for one in drafts.tongues(session, correction)) else "notes"


def _demand_whole(session: Session, correction: Correction, *, now: datetime) -> None:
    word, notes = lacking(session, correction, now=now), drafts.notes_of(correction)
    if word == "notes":
        missing = [language for language in drafts.tongues(session, correction) if not notes.get(language)]
        message = f"Say in {', '.join(missing)} what was wrong."
        raise InvalidContentError(message)
    if word:
        raise InvalidContentError(_LACKING[word])


def _corrected(session: Session, issue: Issue, correction: Correction) -> IssueContent:
    told = issues.content(session, issue, issue.frozen_revision)
    heads = {one.story_id: one.revision for one in changes.changed(session, issue)}
    wanted = drafts.stories_of(correction)
    choices = tuple(
        StoryChoice(story_id=one.story_id, revision=heads[one.story_id]) if one.story_id in wanted else one
        for one in told.stories
    )
    return texts.applied(told.model_copy(update={"stories": choices}), texts.of(correction))


def _editions(
    session: Session, settings: Settings, issue: Issue, content: IssueContent, held: Sequence[Chosen]
) -> list[Made]:
    """Render each edition of the frozen revision again, with the same stories in their corrected words."""
    made = []
    for old in drafts.known_editions(session, issue, revision=issue.frozen_revision):
        story_ids = json.loads(old.stories)
        chosen = [pair for pair in held if pair[0] in story_ids]
        view = views.compose(settings, issue, content, chosen, old.language)
        made.append(rows.edition(settings, issue, view, story_ids, old.language))
    return made


def _short(
    session: Session, settings: Settings, issue: Issue, short: Issue, *, concern: Concern, held: Sequence[Chosen]
) -> list[Made]:
    """Render the short issue once for each language and set of corrected stories that any reader holds."""
    content = issues.content(session, short)
    made: dict[tuple[str, tuple[int, ...]], Made] = {}
    for old in drafts.known_editions(session, issue):
        told = concern.told(old)
        if told is None or (old.language, told) in made:
            continue
        chosen = [pair for pair in held if pair[0] in told]
        view = _as_correction(views.compose(settings, short, content, chosen, old.language), settings, issue)
        made[old.language, told] = rows.edition(settings, short, view, told, old.language)
    return list(made.values())


def _found(settings: Settings, made: Sequence[Made], held: Sequence[Chosen]) -> tuple[Found, ...]:
    origins = links.origins(settings, held)
    return tuple(Found(target, origins.get(target)) for target in dict.fromkeys(t for one in made for t in one.targets))


def _whole(settings: Settings, issue: Issue, content: IssueContent, held: Sequence[Chosen]) -> dict[str, IssueView]:
    return {language: views.compose(settings, issue, content, held, language) for language in content.texts}


def _as_correction(view: IssueView, settings: Settings, issue: Issue) -> IssueView:
    """Return what templates see of a correction: its own words, under the number and address of the issue."""
    second = _as_correction(view.second, settings, issue) if view.second is not None else None
    return replace(
        view,
        number=issue.number,
        kind="correction",
        corrects=issue.number,
        page_url=urls.issue_page(settings, view.language, issue.slug),
        other_pages={other: urls.issue_page(settings, other, issue.slug) for other in view.other_pages},
        second=second,
    )


def _concerns(finding: Finding, tongues: Sequence[str]) -> bool:
    """Return whether a finding is about a language in which a corrected story is told."""
    return not finding.language or any(one in tongues for one in languages.of(finding.language))


def _softened(finding: Finding) -> Finding:
    return replace(finding, severity="warning") if finding.check in STALE_FACTS else finding
