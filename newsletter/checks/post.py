"""The Facebook post can be made as it stands: it is never cut."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.errors import PostTooLongError, TemplateError
from newsletter.findings import Finding
from newsletter.issues import views
from newsletter.rendering import environment
from newsletter.social import summary


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each language whose post is too long or cannot be rendered."""
    for language in material.complete:
        if language not in material.settings.facebook.languages:
            continue
        view = views.compose(material.settings, material.issue, material.content, material.stories, language)
        try:
            summary.render(environment.create(), material.settings, view)
        except PostTooLongError:
            yield material.error("post.long", language, most=f"{summary.MAX_CHARACTERS:,}")
        except TemplateError as error:
            yield material.error("post.broken", language, reason=str(error))
