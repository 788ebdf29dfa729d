"""Pages for readers."""

from newsletter.web.public import (
    archive,
    calendar,
    confirm,
    discovery,
    flyers,
    images,
    links,
    logo,
    proofs,
    proposals,
    search,
    stories,
    subscribe,
    topics,
    unsubscribe,
)

routers = (
    discovery.router,
    images.router,
    links.router,
    logo.router,
    flyers.router,
    proofs.router,
    proposals.router,
    confirm.router,
    unsubscribe.router,
    topics.router,
    subscribe.router,
    stories.router,
    calendar.router,
    search.router,
    archive.router,
)
