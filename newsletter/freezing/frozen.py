"""One revision as readers will get it: all that is rendered for an approval, outside any write transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from newsletter import issues
from newsletter.config import Settings
from newsletter.freezing import rows
from newsletter.freezing.choices import combinations
from newsletter.issues import views
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


def render(session: Session, settings: Settings, issue: Issue) -> Frozen:
    """Return every edition that occurs in the audience, the full ones, the public pages and the posts.

    Reads only, and may take seconds: call it outside a write transaction where others wait for one.
    """
    content = issues.content(session, issue)
    held = views.chosen(session, content)
    choices = views.weigh(held, bits.load(session, issue.publication_id))
    groups = audience.groups(session, issue.publication_id)
    languages = [language for language in settings.publication.languages if language in content.texts]

    def view(language: str, story_ids: Sequence[int]) -> IssueView:
        chosen = [pair for pair in held if pair[0] in story_ids]
        return views.compose(settings, issue, content, chosen, language)

    full = tuple(choice.story_id for choice in choices)
    whole = {language: view(language, full) for language in languages}
    return Frozen(
        revision=issue.head,
        day=views.day(settings, issue, content),
        editions=tuple(
            rows.edition(settings, issue, view(language, story_ids), story_ids)
            for language in languages
            for story_ids in combinations(choices, groups, language)
        ),
        pages=tuple(rows.page(settings, issue, whole[language]) for language in languages),
        posts=tuple(rows.post(settings, issue, whole[one]) for one in settings.facebook.languages if one in whole),
    )
