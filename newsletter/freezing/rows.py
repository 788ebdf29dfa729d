"""The rows of what is frozen: an edition, a public page and a post, made from what templates see."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter import flyers, links, urls
from newsletter.archive import pages
from newsletter.config import Settings
from newsletter.freezing import seal
from newsletter.models import ArchivePage, Edition, Issue, Post
from newsletter.rendering import editions, environment
from newsletter.rendering.views import IssueView
from newsletter.social import posts, summary


@dataclass(frozen=True)
class Made:
    """An edition, and where its links lead."""

    edition: Edition
    targets: tuple[str, ...]


def edition(settings: Settings, issue: Issue, view: IssueView, story_ids: Sequence[int], language: str) -> Made:
    """Render one edition for readers of `language` ("en+ja"), which holds the stories of `story_ids`."""
    rendered = editions.render(environment.create(), settings, view)
    short = links.shorten(settings, issue.slug, language, rendered.html, rendered.text)
    fields = json.dumps(rendered.fields)
    marked = [flyer for story in view.stories for flyer in story.content.flyers]
    enclosed = flyers.enclosed(marked, view.language)
    row = Edition(
        issue_id=issue.id,
        revision=issue.head,
        language=language,
        stories=json.dumps(list(story_ids)),
        subject=rendered.subject,
        html=short.html,
        text=short.text,
        fields=fields,
        links=json.dumps(links.codes(issue.slug, short.targets)),
        flyers=json.dumps(enclosed),
    )
    row.hash = seal.of_edition(row)
    return Made(row, short.targets)


def page(settings: Settings, issue: Issue, view: IssueView) -> ArchivePage:
    """Render the public page of one language."""
    rendered = pages.render(environment.create(), settings, view)
    row = ArchivePage(
        issue_id=issue.id,
        language=view.language,
        title=rendered.title,
        description=rendered.description,
        body=rendered.body,
        image_hash=rendered.image_hash,
        card=rendered.card,
    )
    row.hash = seal.of_page(row)
    return row


def post(settings: Settings, issue: Issue, view: IssueView) -> Post:
    """Render the post of one language."""
    pictures = (story.content.picture for story in view.stories)
    return Post(
        issue_id=issue.id,
        page=posts.page_of(settings),
        language=view.language,
        purpose=seal.ANNOUNCEMENT,
        text=summary.render(environment.create(), settings, view),
        link=urls.issue_page(settings, view.language, issue.slug),
        marker=issue.slug,
        image_hash=next((picture.hash for picture in pictures if picture), None),
        state="frozen",
        version=0,
    )
