"""Who publishes what: the office and its publication."""

from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import EmailStr, Field, StringConstraints, field_validator, model_validator

from newsletter.config.base import MAX_BITS, CountryCode, Key, Section, Words


class Office(Section):
    """Who publishes."""

    name: Words
    full_name: Words
    postal_address: str
    telephone: str = ""
    address: EmailStr
    data_contact: EmailStr
    country: CountryCode
    time_zone: str

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return ZoneInfo(self.time_zone)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            message = f"there is no time zone named {value!r}; write it like Asia/Singapore"
            raise ValueError(message) from error
        return value


class TopicSettings(Section):
    """One thing a subscriber may choose."""

    key: Key
    title: Words
    colour: Literal["fairs", "food", "industry", "notice"] = "notice"


class PublicationSettings(Section):
    """The newsletter itself."""

    key: Key
    title: Words
    tagline: Words
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    from_address: EmailStr
    list_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")]
    bounce_address: EmailStr
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=MAX_BITS)]
    topics: Annotated[tuple[TopicSettings, ...], Field(max_length=MAX_BITS)]

    def topic(self, key: str) -> TopicSettings:
        """Return the topic of that key; raise KeyError."""
        return {topic.key: topic for topic in self.topics}[key]

    @model_validator(mode="after")
    def _every_language_is_spoken(self) -> "PublicationSettings":
        keys = [topic.key for topic in self.topics]
        if len(set(keys)) != len(keys):
            message = "two topics have the same key"
            raise ValueError(message)
        for language in self.languages:
            for words in (self.title, self.tagline, *(topic.title for topic in self.topics)):
                if language not in words:
                    message = f"a title or tagline of the publication has no words in {language!r}"
                    raise ValueError(message)
        return self
