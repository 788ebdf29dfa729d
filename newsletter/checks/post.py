"""The Facebook post can be made as it stands: it says what the issue is about, and it is never cut."""

from collections.abc import Iterator

from newsletter.checks.material import Material
from newsletter.checks.place import Place
from newsletter.errors import PostTooLongError, TemplateError
from newsletter.findings import Finding
from newsletter.rendering import environment
from newsletter.social import summary


def check(material: Material) -> Iterator[Finding]:
    """Yield an error for each post that is too long or cannot be made, a warning for one that says nothing."""
    for language in material.complete:
        if language not in material.settings.facebook.languages:
            continue
        text = material.content.texts[language]
        if not text.post.strip() and not text.preheader:
            yield material.warning("post.bare", language, Place(field="post"))
        try:
            summary.render(environment.create(), material.settings, material.views[language])
        except PostTooLongError:
            yield material.error("post.long", language, Place(field="post"), most=f"{summary.MAX_CHARACTERS:,}")
        except TemplateError as error:
            yield material.error("post.broken", language, Place(field="post"), reason=str(error))
