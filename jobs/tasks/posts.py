"""Publish the posts whose archive page is public, and look for those in doubt."""

from jobs.tasks.deps import Deps
from newsletter import journal
from newsletter.social import facebook, posts


def publish_posts(deps: Deps) -> int:
    """Publish what is due, look for posts in doubt, hand over what no page takes; return how many posts changed."""
    if journal.is_held(deps.engine):
        return 0
    client = facebook.Client(deps.settings.facebook)
    return posts.publish_due(deps.engine, deps.settings, client, now=deps.now)
