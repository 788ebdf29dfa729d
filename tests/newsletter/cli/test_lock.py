"""One server a data folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli import lock
from newsletter.errors import InUseError

HOLD = """
import sys, time
from pathlib import Path
from newsletter.cli import lock
with lock.hold(Path(sys.argv[1]), "serve"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(InUseError, match=rf"process {holder.pid}"), lock.hold(tmp_path, "serve"):
            pass

        holder.kill()


def test_a_killed_server_leaves_no_lock_behind(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.kill()
        holder.wait()

    with lock.hold(tmp_path, "serve"):
        assert (tmp_path / "serve.lock").exists()
