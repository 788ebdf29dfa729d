"""Who may do what: tokens, the proof, and the two kinds of token."""

import hashlib
import hmac

from newsletter.sandbox.graph import failures
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.store import Store

PERMISSIONS = ("pages_show_list", "pages_read_engagement", "pages_manage_posts", "pages_read_user_content")


def identify(store: Store, call: Call) -> str:
    """Return whose token it is, page or user; raise GraphError for a bad one or a bad proof."""
    if not call.token:
        raise failures.NO_TOKEN
    which = token_kind(store, call.token)
    if not which:
        raise failures.MALFORMED_TOKEN
    state = store.setting(f"{which}_token")
    if state in failures.TOKENS and state != "missing_permission":
        raise failures.TOKENS[state]
    _check_proof(store, call)
    return which


def page_only(store: Store, which: str) -> None:
    """Raise GraphError unless the page itself speaks, and may publish."""
    if which != "page":
        raise failures.USER_TOKEN
    if store.setting("page_token") == "missing_permission":
        raise failures.TOKENS["missing_permission"]


def token_kind(store: Store, token: str) -> str:
    """Return page, user, or nothing for a token that is not ours."""
    kinds = ("page", "user")
    return next((kind for kind in kinds if hmac.compare_digest(store.setting(f"{kind}_token_value"), token)), "")


def is_app_token(store: Store, token: str) -> bool:
    """Return whether it is APP_ID|APP_SECRET."""
    return token == f"{store.setting('app_id')}|{store.setting('app_secret_value')}"


def _check_proof(store: Store, call: Call) -> None:
    given = call.params.get("appsecret_proof", "")
    if not given:
        if store.setting("require_proof"):
            raise failures.NO_PROOF
        return
    secret = str(store.setting("app_secret_value"))
    if not hmac.compare_digest(hmac.new(secret.encode(), call.token.encode(), hashlib.sha256).hexdigest(), given):
        raise failures.WRONG_PROOF
