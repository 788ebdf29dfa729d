"""Templates filled in; whatever goes wrong inside one is told with the file and the line of it."""

import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemLoader

from newsletter.errors import NewsletterError, TemplateError

NOTED = 2
"""Places named: where it went wrong, and what included or called that."""


def fill(environment: Environment, name: str, names: Mapping[str, Any]) -> str:
    """Return the text of template `name` with `names` in it.

    Raises TemplateError that names the template's file and line, also where the mistake is in an included file,
    a macro, or in what one template hands to another: 'mail/parts/fair.html.j2, line 12: 'vew' is undefined'.
    """
    try:
        return environment.get_template(name).render(names)
    except Exception as error:
        # A template is the operator's own text, and its mistakes are of every class: a filter that gets a
        # wrong value raises TypeError, two that include each other RecursionError.
        raise TemplateError(told(environment, error, name)) from error


def told(environment: Environment, error: BaseException, name: str = "a template") -> str:
    """Return one line: the place, who led there, and what is wrong; `name` is told where no line is known."""
    places = list(_places(environment, error)) or [name]
    led = f" (from {', '.join(places[1:NOTED])})" if places[1:] else ""
    return f"{places[0]}{led}: {_reason(error)}"


def _places(environment: Environment, error: BaseException) -> Iterator[str]:
    """Yield the templates on the way to the error, the innermost first, each file once."""
    seen = []
    if isinstance(error, jinja2.TemplateSyntaxError):  # its place is not a frame: it never ran
        seen.append((error.name or error.filename or "?", error.lineno))
    frames = traceback.extract_tb(error.__traceback__)
    seen += [(_own(environment, frame.filename), frame.lineno or 0) for frame in reversed(frames)]
    named = set()
    for name, line in seen:
        if name and name not in named:
            named.add(name)
            yield f"{name}, line {line}"


def _own(environment: Environment, filename: str) -> str:
    """Return a file's name among the templates, or an empty string for what is none."""
    folders = environment.loader.searchpath if isinstance(environment.loader, FileSystemLoader) else []
    for folder in folders:
        if Path(filename).is_relative_to(folder):
            return Path(filename).relative_to(folder).as_posix()
    return ""


def _reason(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "templates include or call each other without end."
    if isinstance(error, UnicodeDecodeError):
        return "a template is not saved as UTF-8."
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template {error.name}."
    text = str(error).strip().rstrip(".") or type(error).__name__
    ours = isinstance(error, jinja2.TemplateError | NewsletterError)
    return f"{text}." if ours else f"{text} ({type(error).__name__})."
