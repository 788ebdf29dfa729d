"""The IMAP server over the office's Maildir: pymap, in a process that ends with its parent.

Run as `python -m newsletter.sandbox.catcher.imap FOLDER USER MAILDIR HOST PORT`, the password in the
environment. It prints its port when it answers, and serves until its standard input closes, which the
system does for a parent however that dies.
"""

import argparse
import asyncio
import logging
import os
import sys
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from pymap.backend.maildir import Config, Login, MaildirBackend
from pymap.backend.maildir.users import PasswordsFile, UsersFile
from pymap.imap import IMAPService

PASSWORD = "CATCHER_IMAP_PASSWORD"  # noqa: S105 - the name of the variable that holds it
HASH_ROUNDS = 1000
"""Enough for a random password that guards a sandbox; pymap's own 500,000 cost half a second a log-in."""


async def serve(folder: str, user: str, maildir: str, host: str, port: str) -> None:
    """Answer IMAP until standard input closes."""
    orphaned = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), orphaned.set)
    config = Config.from_args(_arguments(folder, host, port))
    config.apply_context()
    await _write_user(config, folder, user, maildir)
    async with _Listening() as services:
        await IMAPService(MaildirBackend(Login(config), config), config).start(services)
        print(services.port, flush=True)  # noqa: T201 - the answer that the parent waits for
        await orphaned.wait()


async def _write_user(config: Config, folder: str, user: str, maildir: str) -> None:
    digest = config.hash_context.copy(rounds=HASH_ROUNDS).hash(os.environ[PASSWORD])
    async with UsersFile.with_write(folder) as users:
        users.set(users.build_record(user, maildir))
    async with PasswordsFile.with_write(folder) as passwords:
        passwords.set(passwords.build_record(user, digest))


class _Listening(AsyncExitStack):
    """Where pymap's service hands its listening server; the only place where a free port can be learnt."""

    port = 0

    async def enter_async_context(self, manager: AbstractAsyncContextManager[Any]) -> Any:
        if isinstance(manager, asyncio.Server):
            self.port = manager.sockets[0].getsockname()[1]
        return await super().enter_async_context(manager)


def _arguments(folder: str, host: str, port: str) -> argparse.Namespace:
    # What pymap's own command line would give.
    return argparse.Namespace(
        base_dir=folder,
        host=host,
        port=port,
        layout="++",
        colon=None,
        concurrency=2,
        debug=False,
        cert=None,
        key=None,
        tls=False,
        inherited_sockets=None,
        proxy_protocol=None,
        passlib_cfg=None,
    )


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(*sys.argv[1:]))
    os._exit(0)  # pymap's pool of threads would keep the process for connections that nobody reads any more
