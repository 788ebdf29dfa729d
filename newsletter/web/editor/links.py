"""The addresses of the desk, without scheme and host."""

from dataclasses import dataclass
from urllib.parse import urlencode

from newsletter import urls
from newsletter.config import Settings


@dataclass(frozen=True)
class DeskLinks:
    """What templates call `desk`."""

    settings: Settings

    def at(self, *parts: object, **query: object) -> str:
        """Return the address of the page `parts` name, as in `desk.at("issues", 3, done="asked")`."""
        path = "/".join(str(part) for part in ("desk", *parts))
        asked = urlencode({name: value for name, value in query.items() if value not in ("", None)})
        return urls.path(f"{self.settings.web.base_url}/{path}") + (f"?{asked}" if asked else "")

    def issue(self, issue_id: int, *parts: object, **query: object) -> str:
        """Return an issue's page, or one below it."""
        return self.at("issues", issue_id, *parts, **query)

    def own(self, path: str) -> str:
        """Return `path` if it is a page of the desk, else the list of issues: a log-in leads nowhere else."""
        home = self.at("issues")
        inside = path.startswith(f"{self.at()}/") and path.isprintable() and path.isascii() and "\\" not in path
        return path if inside and "//" not in path else home
