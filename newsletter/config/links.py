"""The links of mails."""

from newsletter.config.base import Section


class LinksSettings(Section):
    """What becomes of the links of an issue in its mails."""

    count_clicks: bool = True
