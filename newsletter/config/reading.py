"""Reading `config.toml` and the environment, with one sentence for each mistake."""

import difflib
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSourceError

from newsletter.config.tree import Settings
from newsletter.errors import SettingsError


def load(path: Path, **overrides: Any) -> Settings:
    """Return the settings of `path`; keyword arguments win over environment and file.

    Paths in the tree come back absolute, relative ones taken from the folder of `path`.
    Raises SettingsError with one sentence a mistake, naming the nearest known key.
    """
    if not path.is_file():
        message = f"There is no settings file {path}. Name one with --config, or set NEWSLETTER_CONFIG."
        raise SettingsError(message)

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        settings = FromFile(**overrides)
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}."
        raise SettingsError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is not saved as UTF-8. Save it again with that encoding."
        raise SettingsError(message) from error
    except UnreadableSourceError as error:
        message = f"A variable NEWSLETTER_... of the environment cannot be used: {error}."
        raise SettingsError(message) from error
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(path, dict(problem)) for problem in error.errors())) from error
    _refuse_unknown_environment()
    return Settings.model_construct(**dict(_absolute(settings, path.parent.resolve())))


def _absolute(section: BaseModel, base: Path) -> BaseModel:
    changes: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Path):
            changes[name] = base / value.expanduser()
        elif isinstance(value, BaseModel):
            changes[name] = _absolute(value, base)
    return section.model_copy(update=changes)


def _sentence(path: Path, problem: dict[str, Any]) -> str:
    place = [str(part) for part in problem["loc"]]
    name = ".".join(place) or "the file"
    if problem["type"] == "extra_forbidden":
        known = _known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Known here: {', '.join(known)}."
        return f"{path}: there is no setting {name}.{hint}"
    if problem["type"] == "missing":
        return f"{path}: the setting {name} is missing."
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{path}: {name}: {reason[:1].lower()}{reason[1:]}."


def _known_keys(place: list[str]) -> list[str]:
    model: Any = Settings
    for part in place:
        if part.isdigit():
            continue
        annotation = model.model_fields[part].annotation
        arguments = getattr(annotation, "__args__", ())
        model = next((kind for kind in (annotation, *arguments) if hasattr(kind, "model_fields")), None)
        if model is None:
            return []
    return sorted(model.model_fields)


def _refuse_unknown_environment() -> None:
    known = {f"NEWSLETTER_{name.upper()}" for name in Settings.model_fields} | {"NEWSLETTER_CONFIG"}
    for name in os.environ:
        top = name.upper().split("__")[0]
        if top.startswith("NEWSLETTER_") and not top.startswith("NEWSLETTER_TEST_") and top not in known:
            near = difflib.get_close_matches(top, sorted(known), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = f"The environment variable {name} names no setting.{hint}"
            raise SettingsError(message)
