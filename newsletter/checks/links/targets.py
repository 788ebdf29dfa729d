"""The addresses of links: read strictly, so that what is asked is what was looked at."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

SCHEMES = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024
"""Below it live mail, log-ins and the like: of those only the web's own ports are asked."""
RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
"""Names kept for samples (RFC 2606, RFC 6761): never asked, and nothing to complain of."""
_AS_WRITTEN = "%/:=&?~#+!$,;'@()*[]|"


class TargetError(ValueError):
    """That address cannot be asked."""


@dataclass(frozen=True)
class Target:
    """Where one request goes."""

    scheme: str
    host: str  # in ASCII, as it is resolved, named in the request and looked for in the certificate
    port: int
    path: str  # with its query

    @property
    def authority(self) -> str:
        """Return host and port as the request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == SCHEMES[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Return the whole address."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def reserved(self) -> bool:
        """Return whether the host is one kept for samples."""
        name = self.host.rstrip(".")
        return any(name == one or name.endswith(f".{one}") for one in RESERVED)


def read(url: str) -> Target:
    """Return the target of an address; raise TargetError for what is no plain http or https address.

    Names and passwords before the host are refused: they exist to make an address look like another.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        raise TargetError
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError from error
    if parts.scheme not in SCHEMES or "@" in parts.netloc or not parts.hostname:
        raise TargetError
    target = Target(
        scheme=parts.scheme,
        host=_ascii(parts.hostname),
        port=SCHEMES[parts.scheme] if port is None else port,
        path=quote(parts.path or "/", safe=_AS_WRITTEN)
        + (f"?{quote(parts.query, safe=_AS_WRITTEN)}" * bool(parts.query)),
    )
    if target.port not in SCHEMES.values() and target.port < FIRST_FREE_PORT:
        raise TargetError
    return target


def follow(target: Target, location: str) -> Target:
    """Return where a redirect leads; raise as `read` does."""
    try:
        return read(urljoin(target.url, location.strip()))
    except ValueError as error:
        raise TargetError from error


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise TargetError from error
