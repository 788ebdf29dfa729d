"""What to tell an editor about a post, in a sentence of `templates/words/social.*.toml`."""

from newsletter import words
from newsletter.models import Post


def of(post: Post, language: str) -> str:
    """Return why the post is as it is and what to do, or an empty string where there is nothing to say."""
    return words.load("social", language)(f"reasons.{post.reason}") if post.reason else ""


def english(reason: str) -> str:
    """Return the sentence of one reason in English, which is stored beside it."""
    return words.load("social", "en")(f"reasons.{reason}")
