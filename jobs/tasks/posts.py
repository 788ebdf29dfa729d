"""Publish the posts whose archive page is public, look for those in doubt, and put right those that are out."""

from jobs.tasks.deps import Deps
from newsletter import journal
from newsletter.corrections import editing
from newsletter.social import facebook, posts


def publish_posts(deps: Deps) -> int:
    """Publish what is due, look for posts in doubt, hand over what no page takes; return how many posts changed."""
    if journal.is_held(deps.engine):
        return 0
    client = facebook.Client(deps.settings.facebook)
    return posts.publish_due(deps.engine, deps.settings, client, now=deps.now)


def edit_posts(deps: Deps) -> int:
    """Give posts that are out the corrected words; return how many say them now."""
    if journal.is_held(deps.engine):
        return 0
    client = facebook.Client(deps.settings.facebook)
    return editing.edit_due(deps.engine, deps.settings, client, now=deps.now)
