"""Pages for readers."""

from newsletter.web.public import archive, images

routers = (images.router, archive.router)
