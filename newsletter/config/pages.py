"""The public and the editors' pages."""

from typing import Annotated

from pydantic import Field, StringConstraints

from newsletter.config.base import Port, Section


class WebSettings(Section):
    """The public and the editors' pages."""

    host: str
    port: Port
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+[^\s]*[^\s/]$")]
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    page_requests_per_minute: Annotated[int, Field(ge=1)] = 60
