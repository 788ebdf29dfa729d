"""Pages for readers."""

from newsletter.web.public import archive, confirm, images, subscribe, topics, unsubscribe

routers = (images.router, confirm.router, unsubscribe.router, topics.router, subscribe.router, archive.router)
