"""What the documents say is so: commands, settings, the tree."""

import re
from typing import Any

import pytest
import typer
from pydantic import BaseModel

from newsletter.cli.app import app
from newsletter.config import Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = (ROOT / "config.toml").read_text(encoding="utf-8")
SECRETS = {"password", "token", "app_secret"}
"""They belong in the environment or in a file of their own."""


def commands(group: Any, path: str = "newsletter") -> list[str]:
    inner: dict[str, Any] = getattr(group, "commands", {})
    if not inner:
        return [path]
    return [found for name, command in inner.items() for found in commands(command, f"{path} {name}")]


def settings(model: type[BaseModel], prefix: str = "") -> list[tuple[str, str]]:
    found = []
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found += settings(kind, f"{prefix}{name}.")
        elif name not in SECRETS:
            found.append((prefix, name))
    return found


@pytest.mark.parametrize("command", commands(typer.main.get_command(app)))
def test_every_command_is_in_the_readme(command: str) -> None:
    words = command.split()
    together = rf"newsletter issue \w+ N.*`{words[-1]} N`"  # "pause N`, `resume N`, `cancel N`"

    assert command in README or re.search(together, README), command


@pytest.mark.parametrize(("section", "name"), settings(Settings))
def test_every_setting_stands_in_the_sample_file(section: str, name: str) -> None:
    assert re.search(rf"^(# )?{name}(\.\w+)? *=|^\[\[{section}{name}\]\]", SAMPLE, re.MULTILINE), f"{section}{name}"


def test_every_folder_of_the_tree_exists() -> None:
    tree = README.partition("## The tree")[2]

    for folder in re.findall(r"^(\w+)/ ", tree, re.MULTILINE):
        assert (ROOT / folder).is_dir(), folder


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_between_the_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")

    for target in re.findall(r"\]\(([^)#:\s]+)\)", text):
        assert (ROOT / "docs" / target).exists(), target
