"""What the pages of stories share: their routers, their forms and their names."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from newsletter.models import Story
from newsletter.rendering.views import AnyStory
from newsletter.web import auth, uploads
from newsletter.web.editor import route
from newsletter.web.editor.desk import Desk

Before = Annotated[int | None, Query(ge=1, le=route.GREATEST_NUMBER)]
"""The number that a page of a list ends before."""


def router() -> APIRouter:
    """Return a router of the desk whose forms are read within limits, once it is known that an editor sends them."""
    made = route.router()
    made.dependencies[:0] = [Depends(auth.signed_in), Depends(uploads.read)]
    return made


def title(content: AnyStory, language: str) -> str:
    """Return a story's title in a language, or in one that it has."""
    titles = {code: text.title for code, text in content.texts.items() if text.title}
    return titles.get(language) or next(iter(titles.values()), "")


def colour(at: Desk, content: AnyStory) -> str:
    """Return the colour name of a story's topic."""
    return {topic.key: topic.colour for topic in at.context.settings.publication.topics}.get(
        content.topic or "", "notice"
    )


def path(at: Desk, story: Story, *parts: object, **query: object) -> str:
    """Return the address of a story's page, or of one below it."""
    return at.links.at("stories", story.id, *parts, **query)
