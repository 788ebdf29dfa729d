"""One story on a page as readers will see it, before it is public."""

from typing import Any

from newsletter.archive import pages
from newsletter.rendering.views import AnyStory, StoryView
from newsletter.web.context import Context


def names(context: Context, content: AnyStory, language: str) -> dict[str, Any]:
    """Return what `web/one.html.j2` needs beside the names of every page; no story where it has no words."""
    topics = {topic.key: topic for topic in context.settings.publication.topics}
    return {
        **pages.story_names(context.settings, language),
        "calendar_of": lambda _story: "",  # its calendar entry is not public yet
        "story": StoryView(0, language, content) if language in content.texts else None,
        "topic": topics.get(content.topic or ""),
    }
