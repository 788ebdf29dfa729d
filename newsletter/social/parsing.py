"""Graph answers taken apart: errors, usage headers, lists of posts; pure, and without secrets."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests import Response

from newsletter.social.answers import Failure, Json, Refused, Unclear

BODY_CHARACTERS = 2000
"""How much of an answer is kept for the staff."""


def answer(response: Response, *, secrets: tuple[str, ...]) -> Json | Failure:
    """Return the JSON object of a success, or what went wrong; `secrets` are cut out of every text."""
    body = _scrub(response.text, secrets)[:BODY_CHARACTERS]
    try:
        content = response.json()
    except requests.JSONDecodeError:
        return Unclear("no_json", status=response.status_code, body=body)
    error = content.get("error") if isinstance(content, dict) else None
    if isinstance(error, dict):
        return _failure(response, error, body, secrets)
    if not isinstance(content, dict) or response.status_code != requests.codes.ok:
        return Unclear("odd_answer", status=response.status_code, body=body)
    return content


def _failure(response: Response, error: Mapping[str, object], body: str, secrets: tuple[str, ...]) -> Failure:
    status, trace = response.status_code, _scrub(str(error.get("fbtrace_id") or ""), secrets)[:64]
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    if status >= requests.codes.server_error or not code:
        return Unclear("server_error", status=status, code=code, subcode=subcode, trace=trace, body=body)
    return Refused(
        code=code,
        subcode=subcode,
        message=_scrub(str(error.get("message") or ""), secrets)[:BODY_CHARACTERS],
        said=_scrub(str(error.get("error_user_msg") or ""), secrets)[:BODY_CHARACTERS],
        status=status,
        trace=trace,
        wait=_wait(response),
        body=body,
    )


def _wait(response: Response) -> timedelta:
    """Return the longest `estimated_time_to_regain_access` (minutes) of X-Business-Use-Case-Usage."""
    header = response.headers.get("X-Business-Use-Case-Usage", "")
    minutes = re.findall(r'"estimated_time_to_regain_access"\s*:\s*(\d{1,6})', header)
    return timedelta(minutes=max(map(int, minutes), default=0))


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _scrub(text: str, secrets: tuple[str, ...]) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, "[secret]")
    return re.sub(r"EAA[0-9A-Za-z]{20,}", "[secret]", text)  # any Graph token, also another one


def carries(post: Any, link: str) -> bool:
    """Return whether the card of `post` leads to `link`; a post without a card must name it in its text."""
    if not isinstance(post, dict) or post.get("is_published") is False:
        return False
    path = unquote(urlsplit(link).path).strip("/") or link
    cards = [unquote(address) for address in _addresses(post.get("attachments")) if address]
    if cards:
        return any(path in card for card in cards)
    return path in unquote(str(post.get("message") or ""))


def _addresses(attachments: Any) -> Iterator[str]:
    entries = attachments.get("data") if isinstance(attachments, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        target = entry.get("target")
        yield str(entry.get("unshimmed_url") or "")
        yield str(entry.get("url") or "")
        yield str(target.get("url") or "") if isinstance(target, dict) else ""


def next_page(listing: Json) -> str:
    """Return the cursor of the next page; the `next` address itself holds the token and is not used."""
    paging: Any = listing.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return ""
    return str(paging.get("cursors", {}).get("after") or "")
