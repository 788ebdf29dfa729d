"""Which editions an issue needs: the languages and sets of stories that its readers get."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from newsletter.choosing import Choice, stories_for
from subscribers import languages
from subscribers.audience import Group


def needed(
    choices: Callable[[str], Sequence[Choice]],
    groups: Iterable[Group],
    spoken: Sequence[str],
    *,
    among: Collection[str],
) -> list[tuple[str, tuple[int, ...]]]:
    """Return language and stories of each edition.

    Of each language `spoken` there is the complete edition, which is approved and shown; all others, and those in
    two languages, only where readers get them. `among` are the languages readers may get; empty means all.
    """
    readable = [language for language in spoken if not among or language in among]
    read = [replace(group, language=languages.within(group.language, readable)) for group in groups]
    both = sorted({group.language for group in read if languages.BOTH in group.language})
    return [
        (language, stories)
        for language in (*spoken, *both)
        for stories in combinations(choices(language), read, language, complete=language in spoken)
    ]


def combinations(
    choices: Sequence[Choice], groups: Iterable[Group], language: str, *, complete: bool = True
) -> list[tuple[int, ...]]:
    """Return the sets of stories that readers of `language` get, each once, the largest first.

    With `complete` all stories are one of them, whether or not somebody gets them.
    """
    found = {stories_for(choices, group.topics, group.interests) for group in groups if group.language == language}
    if complete:
        found.add(tuple(choice.story_id for choice in choices))
    return sorted(found - {()}, key=lambda ids: (-len(ids), ids))
