"""CSS written into the elements, since many mail clients drop a mail's style sheet."""

import logging
import os

# premailer keeps what it parsed in one small cache for everything (128 entries), in which the style
# sheet does not survive one document: 66 editions took 8.3 s, and take 3.1 s with a cache that holds.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")

from premailer import Premailer


def inline(html: str) -> str:
    """Return the document with its plain `<style>` written into the elements.

    Rules that inlining would lose or break (media queries, `[data-ogsc]`) belong in a
    `<style data-premailer="ignore">`, which is kept as it is. Not idempotent: call it once.
    Nothing is fetched, and addresses and placeholders are left alone.
    """
    inliner = Premailer(
        html,
        strip_important=False,  # by default it breaks every dark and narrow rule
        keep_style_tags=False,
        allow_network=False,
        preserve_internal_links=True,
        align_floating_images=False,
        disable_basic_attributes=["width", "height"],  # by default width: 100% overwrites the width Outlook needs
        disable_validation=True,  # cssutils does not know mso-*
        cssutils_logging_level=logging.CRITICAL,
    )
    return str(inliner.transform(pretty_print=False))
