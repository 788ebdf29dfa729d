"""What every section of the settings is made of."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from newsletter.errors import SettingsError

Port = Annotated[int, Field(ge=0, le=65535)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], Line]
"""The same thing said in each language: {"en": ..., "ja": ...}."""

MAX_BITS = 62  # topics and countries are bits of a signed 64-bit column
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts to which plain text may be spoken."""


class Section(BaseModel):
    """A frozen part of the tree that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(Section):
    """A section whose secrets may be given by files next to `config.toml`."""

    @staticmethod
    def read(value: SecretStr | None, file: Path | None) -> str:
        """Return the secret given directly or by file, or an empty string; raise SettingsError."""
        if value is not None:
            return value.get_secret_value()
        if file is None:
            return ""
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            message = (
                f"The secret file {file} cannot be read: {error.strerror}. Make it readable or correct the setting."
            )
            raise SettingsError(message) from error
        except UnicodeDecodeError as error:
            message = f"The secret file {file} is not text (UTF-8). Name the file that holds the secret alone."
            raise SettingsError(message) from error
