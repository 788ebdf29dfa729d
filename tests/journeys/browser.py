"""A reader without a browser: opens pages, fills in the one form of a page, presses its button."""

import urllib.parse
import urllib.request
from dataclasses import dataclass

from lxml import html


@dataclass(frozen=True)
class Page:
    """A page that was answered with 200."""

    url: str
    text: str

    def form(self, **answers: str | list[str]) -> "Page":
        """Submit the page's first form that posts, with what it already holds and these answers."""
        tree = html.fromstring(self.text, base_url=self.url)
        form = next(form for form in tree.forms if form.method == "POST")
        filled = [(name, value) for name, value in form.form_values() if name not in answers]
        for name, answer in answers.items():
            filled += [(name, value) for value in ([answer] if isinstance(answer, str) else answer)]
        target = urllib.parse.urljoin(self.url, form.get("action") or self.url)
        return post(target, urllib.parse.urlencode(filled).encode(), origin=target)


def get(url: str) -> Page:
    """Open a page; an answer that is not a success raises HTTPError."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return Page(answer.url, answer.read().decode("utf-8"))


def post(url: str, body: bytes, *, origin: str = "") -> Page:
    """Post a urlencoded body, as a form does with `origin`, as a mail program does without."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if origin:
        parts = urllib.parse.urlsplit(origin)
        headers["Origin"] = f"{parts.scheme}://{parts.netloc}"
    request = urllib.request.Request(url, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return Page(answer.url, answer.read().decode("utf-8"))
