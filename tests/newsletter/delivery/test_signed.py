"""What arrives at the mail server carries our signatures, and they hold after the way there."""

from collections import Counter
from datetime import UTC, datetime

from newsletter import database
from newsletter.config import DkimSettings, Settings
from newsletter.delivery import sender
from newsletter.keys import Keys
from newsletter.message.dkim import keyfiles, records
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import pointed
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import serving
from tests.newsletter.message.dkim import verifiers


def test_issues_and_letters_arrive_with_signatures_that_hold(office: Office, settings: Settings, keys: Keys) -> None:
    made = [keyfiles.make(settings.data_folder, f"nl-{kind}", kind) for kind in ("rsa", "ed25519")]
    dns = {record.name: record.value for record in (records.of(key, "example.org") for key in made)}
    dkim = DkimSettings(signing="own", selectors=("nl-rsa", "nl-ed25519"))
    with database.writing(office.engine) as session:
        offices.add_letter(session, datetime.now(UTC), text=".\n..\nA line\n.\n", html="<p>A letter</p>\n.\n")

    with serving() as server:
        signing = pointed(settings.model_copy(update={"dkim": dkim}), server.port)
        sender.run(signing, keys, stop=lambda: False, drain=True)

    assert Counter(server.addressees())["guest@example.org"] == 1
    assert len(server.taken) == 4
    for received in server.taken:
        assert verifiers.dkimpy(received.data, dns) == [True, True]
