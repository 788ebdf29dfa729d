"""The Graph client: publish a post, look for it on the page, have a link read anew."""

import hashlib
import hmac
from urllib.parse import urlsplit

import requests
import structlog
from requests import PreparedRequest, Response
from requests.auth import AuthBase
from urllib3.exceptions import MaxRetryError, NewConnectionError

from newsletter.config import LOOPBACK, FacebookSettings
from newsletter.errors import SettingsError
from newsletter.social import deadline as deadlines
from newsletter.social import parsing, sentences, verdicts
from newsletter.social.answers import Answer, Failure, Json, Made, Seen, Unclear, Unsent

CONNECT_SECONDS = 10
READ_SECONDS = 60
LOOK_SECONDS = 30
"""The longest one page of the list of posts may take."""
LOOK_PAGES = 4
LOOK_LIMIT = 25
POST_FIELDS = "id,permalink_url,created_time"
LIST_FIELDS = "id,created_time,message,permalink_url,is_published,attachments{unshimmed_url,url,target,title}"

log = structlog.get_logger()


class Client:
    """Speaks for one page. Each call has a fresh connection, follows no redirect and is never repeated.

    The token travels in the Authorization header only, so that no URL and no exception holds it;
    it is read for each call, so that a new one in the token file counts at once.
    """

    def __init__(self, settings: FacebookSettings) -> None:
        """Take the `[facebook]` part of the settings."""
        self._settings = settings

    def publish(self, message: str, link: str, *, seconds: float | None = None) -> Answer:
        """Make one visible post with the card of `link`; return what is known of it afterwards.

        `seconds` is the hard end of the call, by default `deadline_seconds`. Only Unsent means that
        there is certainly no post; a refusal may be false (facts: php-graph-sdk#216, koala#699).
        """
        form = {"message": message, "link": link, "fields": POST_FIELDS}
        answer = self._call("POST", f"{self._settings.page_id}/feed", form, seconds or self._settings.deadline_seconds)
        return answer if isinstance(answer, Failure) else self._made(answer)

    def edit(self, remote_id: str, message: str) -> Failure | None:
        """Give a post of ours other words; return why that failed, or nothing. Doing it twice does no harm.

        Graph v26.0, POST /{page-post-id}: an app changes only what it has made, and never the link.
        """
        answer = self._call("POST", remote_id, {"message": message}, LOOK_SECONDS)
        if isinstance(answer, Failure):
            return answer
        return None if answer.get("success") is True else Unclear("unclear_answer", status=200)

    def look(self, link: str) -> Seen | Failure:
        """Return the page's posts that carry `link`, from its 100 newest; a list without it proves nothing."""
        found: list[Made] = []
        after = ""
        for _ in range(LOOK_PAGES):
            fields = {"fields": LIST_FIELDS, "limit": str(LOOK_LIMIT)} | ({"after": after} if after else {})
            answer = self._call("GET", f"{self._settings.page_id}/published_posts", fields, LOOK_SECONDS)
            if isinstance(answer, Failure):
                return answer
            posts = answer.get("data")
            if not isinstance(posts, list):
                return Unclear("no_list")
            found += [self._listed(post) for post in posts if parsing.carries(post, link)]
            after = parsing.next_page(answer)
            if not after:
                break
        return Seen(tuple(found))

    def scrape(self, link: str) -> Failure | None:
        """Have the page behind `link` read anew for its card; return why that failed, or nothing."""
        answer = self._call("POST", "", {"id": link, "scrape": "true"}, LOOK_SECONDS)
        return answer if isinstance(answer, Failure) else None

    def page_name(self) -> str:
        """Return the name of the page, as a test of the connection; raise SettingsError with a sentence."""
        answer = self._call("GET", self._settings.page_id, {"fields": "name"}, LOOK_SECONDS)
        if not isinstance(answer, Failure):
            return str(answer.get("name", ""))
        line = verdicts.row(answer)
        if line.action in ("token", "person"):
            raise SettingsError(sentences.english(line.reason))
        raise SettingsError("Facebook could not be reached, or gave no clear answer. Please try again later.")

    def _call(self, method: str, path: str, fields: dict[str, str], seconds: float) -> Json | Failure:
        try:
            token, secret = self._settings.secret_token(), self._settings.secret_app()
        except SettingsError as error:
            log.error("graph.no_secret", trouble=str(error))  # noqa: TRY400 - the sentence says it all
            return Unsent("no_token")
        if not token or not token.isascii():
            return Unsent("no_token")
        fields = fields | ({"appsecret_proof": proof(secret, token)} if secret else {})
        url = f"{self._settings.graph_base}/{self._settings.graph_version}/{path}"
        try:
            response = _send(method, url, fields, token, seconds)
        except requests.RequestException as error:
            # The exception's own text is never kept: it holds the address with everything in its query.
            log.info("graph.no_answer", call=f"{method} {path}", error=type(error).__name__)
            return Unsent() if _never_sent(error) else Unclear("no_answer")
        self._report_version(response)
        return parsing.answer(response, secrets=(token, secret, fields.get("appsecret_proof", "")))

    def _made(self, answer: Json) -> Made | Unclear:
        remote_id = answer.get("id")
        if not isinstance(remote_id, str) or not remote_id:
            return Unclear("no_id", status=200)
        return Made(remote_id, self._permalink(answer, remote_id))

    def _listed(self, post: Json) -> Made:
        remote_id = str(post.get("id", ""))
        return Made(remote_id, self._permalink(post, remote_id))

    def _permalink(self, post: Json, remote_id: str) -> str:
        return str(post.get("permalink_url") or f"https://www.facebook.com/{remote_id}")

    def _report_version(self, response: Response) -> None:
        served = response.headers.get("facebook-api-version", "")
        if served and served != self._settings.graph_version:
            log.warning("graph.other_version", asked=self._settings.graph_version, served=served)


def proof(app_secret: str, token: str) -> str:
    """Return the `appsecret_proof`: hex HMAC-SHA256 of the token under the app secret."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class _Bearer(AuthBase):
    """Puts the token into the header; as `auth` it also wins over a .netrc of this machine."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _send(method: str, url: str, fields: dict[str, str], token: str, seconds: float) -> Response:
    with deadlines.running(seconds) as deadline, requests.Session() as session:
        session.trust_env = urlsplit(url).hostname not in LOOPBACK  # no proxy to this machine itself
        for scheme in ("http://", "https://"):
            session.mount(scheme, deadlines.Adapter(deadline))
        return session.request(
            method,
            url,
            params=fields if method == "GET" else None,
            data=fields if method != "GET" else None,
            auth=_Bearer(token),
            headers={"Accept": "application/json", "Connection": "close"},
            timeout=(min(CONNECT_SECONDS, seconds), min(READ_SECONDS, seconds)),
            allow_redirects=False,
        )


def _never_sent(error: requests.RequestException) -> bool:
    """Return whether no byte can have reached the server (measured; name resolution is a NewConnectionError)."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
