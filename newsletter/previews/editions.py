"""Which edition a reader gets: the one that was sent, the frozen one, or of a draft the one it would be now."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import choosing, flyers, issues
from newsletter.config import Settings
from newsletter.delivery import enlisting
from newsletter.issues import views
from newsletter.models import Delivery, Edition, Issue
from newsletter.previews.readers import Reader
from newsletter.rendering import editions, environment
from subscribers import audience, bits, languages
from subscribers.audience import Group
from subscribers.models import Subscription


@dataclass(frozen=True)
class Picked:
    """What a reader gets; without an edition `reason` says why: inactive, not_meant or nothing."""

    edition: Edition | None
    reason: str = ""


def fitting(session: Session, settings: Settings, issue: Issue, reader: Reader) -> Picked:
    """Return what a reader gets of an issue. Of a draft it is rendered here, which takes a moment.

    Raises InvalidContentError and TemplateError where a draft cannot be laid out.
    """
    sent = _sent(session, issue, reader)
    if sent is not None:
        return Picked(sent)
    if reader.state != "active":
        return Picked(None, "inactive")
    content = issues.content(session, issue, issue.frozen_revision)
    among = views.among(content)
    meant = audience.readers(issue.publication_id).where(*audience.restriction(session, issue.publication_id, among))
    if session.execute(meant.where(Subscription.id == reader.subscription_id)).first() is None:
        return Picked(None, "not_meant")
    spoken = [one for one in content.texts if not among.languages or one in among.languages]
    read = languages.within(reader.language, spoken)
    found = read and _found(session, settings, issue, reader, read)
    return Picked(found) if found else Picked(None, "nothing")


def drafted(
    session: Session, settings: Settings, issue: Issue, language: str, story_ids: Collection[int] | None = None
) -> Edition:
    """Return an edition of the newest revision as it is now, with all stories or those; it is not stored.

    Its links are as they were written: short ones are made when it is frozen. Raises as `fitting` does.
    """
    view = views.view(session, settings, issue, language, story_ids)
    rendered = editions.render(environment.create(), settings, view)
    marked = [flyer for story in view.stories for flyer in story.content.flyers]
    held = views.weigh(views.chosen(session, issues.content(session, issue)), _bits(session, issue), language)
    stories = [choice.story_id for choice in held if story_ids is None or choice.story_id in story_ids]
    return Edition(
        issue_id=issue.id,
        revision=issue.head,
        language=language,
        stories=json.dumps(stories),
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        fields=json.dumps(rendered.fields),
        flyers=json.dumps(flyers.enclosed(marked, view.language)),
        hash=hashlib.sha256(rendered.html.encode()).hexdigest(),
    )


def _sent(session: Session, issue: Issue, reader: Reader) -> Edition | None:
    return session.scalar(
        select(Edition)
        .join(Delivery, Delivery.edition_id == Edition.id)
        .where(Delivery.issue_id == issue.id, Delivery.subscription_id == reader.subscription_id)
    )


def _found(session: Session, settings: Settings, issue: Issue, reader: Reader, read: str) -> Edition | None:
    known = _bits(session, issue)
    if issue.frozen_revision is None:
        choices = views.weigh(views.chosen(session, issues.content(session, issue)), known, read)
        story_ids = choosing.stories_for(choices, reader.topics, reader.interests)
        return drafted(session, settings, issue, read, story_ids) if story_ids else None
    group = Group(read, reader.topics, reader.interests, 1)
    edition_id = enlisting.edition_of(
        read,
        group,
        lambda language: views.choices(session, issue, known, language),
        enlisting.of_issue(session, issue.id),
    )
    return session.get(Edition, edition_id) if edition_id is not None else None


def _bits(session: Session, issue: Issue) -> bits.Bits:
    return bits.load(session, issue.publication_id)
