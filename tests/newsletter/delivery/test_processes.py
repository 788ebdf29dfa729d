"""A claim's holder is known to be alive, gone or somewhere else."""

import os
import subprocess
import sys

from newsletter.delivery import processes


def test_this_process_is_not_gone() -> None:
    me = processes.current()

    assert me.pid == os.getpid()
    assert not processes.is_gone(me.holder, me.host)


def test_a_process_that_has_ended_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert processes.is_gone(f"here:{child.pid}:nonce", "here")


def test_nothing_is_known_of_another_host() -> None:
    assert not processes.is_gone("there:999999:nonce", "here")


def test_a_host_name_may_hold_colons() -> None:
    assert not processes.is_gone(f"fe80::1:{os.getpid()}:nonce", "fe80::1")


def test_two_runs_of_one_process_number_differ() -> None:
    assert processes.current().holder != processes.current().holder


def test_the_boot_has_one_name_that_fits_its_column() -> None:
    assert processes.boot_id() == processes.boot_id()
    assert 0 < len(processes.boot_id()) <= 64
    assert len(processes.current().holder) <= 128
