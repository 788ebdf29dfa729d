"""Photos: uploaded unpublished for a later post, or published at once."""

from typing import Any

from newsletter.sandbox.graph import failures, posts
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.store import Store

MAGIC = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"BM": "image/bmp",
}
"""How the accepted kinds of file begin."""


def upload(store: Store, call: Call) -> dict[str, Any]:
    """Keep a photo; return its id, and the post's where it is published."""
    if "scheduled_publish_time" in call.params:
        raise failures.invalid("Photos cannot be scheduled; attach an unpublished one to a scheduled post.")
    content = next(iter(call.files.values()), b"")
    if len(content) > store.setting("photo_megabytes") * 1024 * 1024:
        raise failures.BIG_PICTURE
    media_type = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), "")
    if not media_type:
        raise failures.BAD_PICTURE
    published = call.flag("published", default=True)
    caption, alt = call.params.get("caption", ""), call.params.get("alt_text_custom", "")
    photo = store.run(
        "INSERT INTO photo (media_type, content, alt, created, temporary, used) VALUES (?, ?, ?, ?, ?, ?)",
        media_type,
        content,
        alt,
        store.now(),
        call.flag("temporary"),
        published,
    )
    if not published:
        return {"id": str(photo)}
    return {"id": str(photo), "post_id": posts.publish_photo(store, photo, caption)}
