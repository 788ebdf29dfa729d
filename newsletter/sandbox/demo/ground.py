"""The demo's folder, ports and settings file; kept, so that running it again finds everything."""

import json
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from newsletter import paths
from newsletter.errors import SettingsError

_WANTED = {"guide": 8020, "web": 8025, "catcher": 8026, "graph": 8027, "smtp": 2525, "imap": 1143}
"""Ports asked for first; where one is taken, any free one is used instead."""
_CLEAR_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Ground:
    """Where one demo lives."""

    folder: Path
    host: str  # what servers listen on
    name: str  # what a browser calls this machine
    ports: dict[str, int]
    password: str  # of the demo's editors

    @property
    def config(self) -> Path:
        """Return the settings file of the demo's office."""
        return self.folder / "config.toml"

    def url(self, server: str) -> str:
        """Return the address of the guide, web, catcher or graph server for a browser."""
        return f"http://{self.name}:{self.ports[server]}"


def prepare(folder: Path, *, lan: bool) -> Ground:
    """Return the ground in `folder`, made or found again; raise SettingsError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = _kept(folder / "demo.json")
        host, name = ("0.0.0.0", _lan_name()) if lan else ("127.0.0.1", "127.0.0.1")  # noqa: S104 - asked for by --lan
        wanted = {**_WANTED, **kept.get("ports", {})}
        ground = Ground(folder, host, name, _free_ports(wanted, host), kept.get("password") or _password())
        (folder / "demo.json").write_text(json.dumps({"ports": ground.ports, "password": ground.password}, indent=1))
    except OSError as error:
        message = f"The demo cannot use {folder}: {error.strerror}. Choose another with --data."
        raise SettingsError(message) from error
    return ground


def write_settings(ground: Ground, graph: dict[str, Any], catcher: dict[str, Any]) -> None:
    """Write the office's settings: the sample, unchanged but for addresses on this machine.

    `graph` and `catcher` are the lines those servers print when they are ready.
    """
    tree = tomlkit.parse(paths.bundled("config.toml").read_text(encoding="utf-8"))
    _set(tree, "data_folder", "data")
    _set(tree, "web.host", ground.host)
    _set(tree, "web.port", ground.ports["web"])
    _set(tree, "web.base_url", ground.url("web"))
    _set(tree, "relay.port", catcher["smtp_port"])
    _set(tree, "mailbox.enabled", value=True)
    _set(tree, "mailbox.port", catcher["imap_port"])
    _set(tree, "mailbox.username", catcher["imap_user"])
    _set(tree, "mailbox.password_file", _secret(ground, "mailbox-password", catcher["imap_password"]))
    _set(tree, "mailbox.poll_seconds", 1.0)
    _set(tree, "facebook.page_id", graph["page_id"])
    _set(tree, "facebook.graph_base", f"http://127.0.0.1:{graph['port']}")
    _set(tree, "facebook.token_file", _secret(ground, "facebook-token", graph["token"]))
    _set(tree, "facebook.app_secret_file", _secret(ground, "facebook-app-secret", graph["app_secret"]))
    _set(tree, "schedule.tick_seconds", 0.5)
    _set(tree, "log.level", "warning")
    ground.config.write_text(tomlkit.dumps(tree), encoding="utf-8")


def _set(tree: tomlkit.TOMLDocument, name: str, value: object) -> None:
    *sections, key = name.split(".")
    table: Any = tree
    for section in sections:
        table = table[section]
    table[key] = value


def _secret(ground: Ground, name: str, value: str) -> str:
    path = ground.folder / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(value, encoding="utf-8")
    return str(path.relative_to(ground.folder))


def _password() -> str:
    """Return a password that is easy to read off a screen and type: no letter that looks like another."""
    return "-".join("".join(secrets.choice(_CLEAR_LETTERS) for _ in range(4)) for _ in range(3))


def _kept(path: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


def _free_ports(wanted: dict[str, int], host: str) -> dict[str, int]:
    held: list[socket.socket] = []
    ports: dict[str, int] = {}
    try:
        for server, port in wanted.items():
            listener = socket.socket()
            held.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((host, port))
            except OSError:
                listener.bind((host, 0))
            ports[server] = listener.getsockname()[1]
    finally:
        for listener in held:
            listener.close()
    return ports


def _lan_name() -> str:
    # Connecting a datagram socket sends nothing; it only asks which own address would be used.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
