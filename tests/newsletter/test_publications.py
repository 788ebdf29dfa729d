"""Topics and countries keep their bits for ever."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter import database, publications
from newsletter.config import PublicationSettings, Settings, TopicSettings
from newsletter.errors import SettingsError
from subscribers import bits


def with_topics(settings: Settings, *keys: str) -> PublicationSettings:
    topics = tuple(TopicSettings(key=key, title={"en": key, "ja": key}) for key in keys)
    return settings.publication.model_copy(update={"topics": topics})


def synced(engine: Engine, settings: PublicationSettings, now: datetime) -> dict[str, int]:
    with database.writing(engine) as session:
        publication = publications.sync(session, settings, now=now)
        return bits.load(session, publication.id).topics


def test_a_topic_taken_out_and_put_back_keeps_its_bit(any_engine: Engine, settings: Settings, now: datetime) -> None:
    first = synced(any_engine, with_topics(settings, "fairs", "food"), now)
    synced(any_engine, with_topics(settings, "food"), now)
    synced(any_engine, with_topics(settings, "food", "music"), now)

    last = synced(any_engine, with_topics(settings, "music", "fairs", "food"), now)

    assert last["fairs"] == first["fairs"]
    assert len(set(last.values())) == 3


def test_masks_and_names_are_the_same_thing(bits: bits.Bits) -> None:
    assert bits.topic_keys(bits.topic_mask(["food", "fairs"])) == ["fairs", "food"]
    assert bits.country_codes(bits.country_mask(["TH", "SG"])) == ["SG", "TH"]


def test_an_unknown_topic_has_no_mask(bits: bits.Bits) -> None:
    with pytest.raises(KeyError):
        bits.topic_mask(["sumo"])


def test_running_out_of_bits_is_one_sentence(engine: Engine, settings: Settings, now: datetime) -> None:
    synced(engine, with_topics(settings, *(f"t{number}" for number in range(62))), now)

    with pytest.raises(SettingsError, match="no bit is left"):
        synced(engine, with_topics(settings, "one-more"), now)
