"""The errors Graph gives, in one table, so that a later look at a real page can correct one line."""

from collections.abc import Mapping


class GraphError(Exception):
    """An answer with an error body."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int = 0,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool = False,
        user_message: str = "",
    ) -> None:
        """Take the parts of the error body and the HTTP status."""
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.transient = transient
        self.user_message = user_message

    def body(self, trace: str) -> dict[str, object]:
        """Return the JSON that Graph sends."""
        error: dict[str, object] = {"message": str(self), "type": self.kind, "code": self.code}
        if self.subcode:
            error |= {"error_subcode": self.subcode, "is_transient": self.transient}
        if self.transient:
            error["is_transient"] = True
        if self.user_message:
            error |= {"error_user_title": "Simulation", "error_user_msg": self.user_message}
        return {"error": error | {"fbtrace_id": trace}}

    def headers(self) -> dict[str, str]:
        """Return further header fields: a refused token is told there too."""
        if self.code != 190:  # noqa: PLR2004 - the code of every token error
            return {}
        return {"WWW-Authenticate": f'OAuth "Facebook Platform" "invalid_token" "{self}"'}


def invalid(message: str, *, subcode: int = 0) -> GraphError:
    """Return an error about a parameter."""
    return GraphError(100, f"(#100) {message}", subcode=subcode)


def missing(node: str) -> GraphError:
    """Return the error for an object that is not there, or not to be seen."""
    message = (
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return GraphError(100, message, subcode=33, kind="GraphMethodException")


def unknown_path(path: str) -> GraphError:
    """Return the error for a version or path that does not exist."""
    return GraphError(2500, f"Unknown path components: /{path.lstrip('/')}")


TOKENS: Mapping[str, GraphError] = {
    "expired": GraphError(190, "Error validating access token: Session has expired.", subcode=463),
    "password_changed": GraphError(
        190, "Error validating access token: The session has been invalidated by a password change.", subcode=460
    ),
    "app_removed": GraphError(190, "Error validating access token: The app was removed by the user.", subcode=458),
    "checkpoint": GraphError(190, "The user is enrolled in a blocking checkpoint.", subcode=459),
    "unconfirmed": GraphError(190, "The user is not a confirmed user.", subcode=464),
    "revoked": GraphError(190, "The access token is invalid since it was revoked.", subcode=467),
    "lost_role": GraphError(190, "The user no longer has a role on the page.", subcode=492),
    "not_the_page": GraphError(
        190, "Any of the pages_read_engagement permission(s) must be granted before impersonating a user's page."
    ),
    "missing_permission": GraphError(200, "(#200) The permission(s) pages_manage_posts are not available.", status=403),
}
"""What each state of a token answers, except `valid`."""

NO_TOKEN = GraphError(2500, "An active access token must be used to query information about the current user.")
MALFORMED_TOKEN = GraphError(190, "Invalid OAuth access token - Cannot parse access token")
NO_PROOF = GraphError(100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException")
WRONG_PROOF = GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")
USER_TOKEN = GraphError(200, "(#200) Unpublished posts must be posted to a page as the page itself.", status=403)
DUPLICATE = GraphError(
    506,
    "Duplicate status message",
    subcode=1455006,
    user_message="This status update is identical to the last one you posted.",
)
BAD_TIME = invalid("The specified scheduled publish time is invalid.")
BAD_LINK = GraphError(100, "Invalid parameter", subcode=2061006, user_message="The link is not a web address.")
FACEBOOK_LINK = GraphError(100, "Invalid parameter", subcode=1609008, user_message="Links to Facebook are refused.")
UNREAD_LINK = GraphError(100, "Invalid parameter", subcode=1609005, user_message="The link could not be scraped.")
BAD_PICTURE = GraphError(324, "Missing or invalid image file", subcode=2069019)
BIG_PICTURE = GraphError(324, "Photos should be less than 4 MB", subcode=1366046)
