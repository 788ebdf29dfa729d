"""One revision as readers will get it: all that is rendered for an approval, outside any write transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from newsletter import issues, links
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.freezing import choices, rows
from newsletter.issues import views
from newsletter.links import Found
from newsletter.models import ArchivePage, Edition, Issue, Post
from newsletter.rendering.views import IssueView
from subscribers import audience, bits


@dataclass(frozen=True)
class Frozen:
    """One revision as readers will get it, not yet stored."""

    revision: int
    day: date  # printed in it
    editions: tuple[Edition, ...]
    pages: tuple[ArchivePage, ...]
    posts: tuple[Post, ...]
    links: tuple[Found, ...] = ()  # where the short addresses of the editions lead


def render(session: Session, settings: Settings, issue: Issue) -> Frozen:
    """Return every edition that occurs in the audience, the full ones, the public pages and the posts.

    Reads only, and may take seconds: call it outside a write transaction where others wait for one.
    """
    content = issues.content(session, issue)
    held, known = views.chosen(session, content), bits.load(session, issue.publication_id)
    among = views.among(content)
    groups = audience.groups(session, issue.publication_id, among)
    spoken = [language for language in settings.publication.languages if language in content.texts]

    def view(language: str, story_ids: Sequence[int]) -> IssueView:
        chosen = [pair for pair in held if pair[0] in story_ids]
        return views.compose(settings, issue, content, chosen, language)

    @cache
    def weigh(language: str) -> list[Choice]:
        return views.weigh(held, known, language)

    whole = {language: view(language, [story_id for story_id, _ in held]) for language in spoken}
    made = [
        rows.edition(settings, issue, view(language, story_ids), story_ids, language)
        for language, story_ids in choices.needed(weigh, groups, spoken, among=among.languages)
    ]
    origins = links.origins(settings, held)
    targets = dict.fromkeys(target for one in made for target in one.targets)
    return Frozen(
        revision=issue.head,
        day=views.day(settings, issue, content),
        editions=tuple(one.edition for one in made),
        pages=tuple(rows.page(settings, issue, whole[language]) for language in spoken),
        posts=tuple(rows.post(settings, issue, whole[one]) for one in settings.facebook.languages if one in whole),
        links=tuple(Found(target, origins.get(target)) for target in targets),
    )
