"""A post follows the mail, but not for ever."""

from datetime import timedelta

import pytest

from newsletter import database
from newsletter.models import Delivery, Issue, Release
from tests.newsletter.delivery import office as offices
from tests.newsletter.sandbox.simulator import Simulator
from tests.newsletter.social.conftest import Office


@pytest.fixture
def delivery_id(office: Office) -> int:
    """Return a queued delivery of the issue, which is out."""
    now = office.clock()
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, office.issue_id)
        issue.state = "sending"
        session.add(Release(issue_id=issue.id, language="en", state="released", due_at=now, released_at=now))
        reader = offices.add_reader(session, issue.publication_id, "tan@example.org", now)
        delivery = Delivery(
            issue_id=issue.id,
            edition_id=offices.add_edition(session, issue.id, "en", [1]).id,
            subscription_id=reader.id,
            subscriber_id=reader.subscriber_id,
            state="queued",
        )
        session.add(delivery)
        session.flush()
        number = delivery.id
    office.plan()
    return number


@pytest.mark.parametrize("state", ["queued", "claimed", "on_wire"])
@pytest.mark.usefixtures("simulator")
def test_a_post_waits_while_mail_of_its_issue_is_under_way(office: Office, delivery_id: int, state: str) -> None:
    with database.writing(office.engine) as session:
        session.get_one(Delivery, delivery_id).state = state

    assert office.publish() == 0
    assert office.post().state == "planned"


@pytest.mark.parametrize("state", ["sent", "deferred", "uncertain"])
def test_a_post_goes_once_everybody_has_been_written_to(
    office: Office, simulator: Simulator, delivery_id: int, state: str
) -> None:
    with database.writing(office.engine) as session:
        session.get_one(Delivery, delivery_id).state = state

    assert office.publish() == 1
    assert len(simulator.visible()) == 1


@pytest.mark.usefixtures("delivery_id", "simulator")
def test_a_post_waits_no_longer_than_the_setting_says(office: Office) -> None:
    office.clock.time += timedelta(hours=office.settings.facebook.after_mail_hours)

    assert office.publish() == 1


@pytest.mark.usefixtures("delivery_id", "simulator")
def test_a_paused_issue_keeps_its_post_for_when_it_goes_on(office: Office) -> None:
    with database.writing(office.engine) as session:
        session.get_one(Issue, office.issue_id).paused_at = office.clock()
    office.clock.time += timedelta(hours=office.settings.facebook.after_mail_hours)

    paused = office.publish()
    with database.writing(office.engine) as session:
        session.get_one(Issue, office.issue_id).paused_at = None

    assert (paused, office.publish()) == (0, 1)
