"""Publish the posts whose archive page is public, and look for those in doubt."""

from jobs.tasks.deps import Deps
from newsletter import database
from newsletter.social import facebook, posts


def publish_posts(deps: Deps) -> int:
    """Publish what is due and read the page for posts in doubt; return how many posts changed."""
    with database.writing(deps.engine) as session:
        posts.recover(session, deps.now())
    if not deps.settings.facebook.connected:
        return 0
    return posts.publish_due(deps.engine, deps.settings, facebook.Client(deps.settings.facebook), now=deps.now)
