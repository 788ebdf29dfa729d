"""What the proofs share: the process that makes senders to be killed, which takes a while to begin."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.proof.ground import Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Return the maker of victims."""
    with closing(Zygote()) as one:
        yield one
