"""A storm: the sender is killed with SIGKILL again and again, and nobody is lost or mailed twice.

`python -m tests.proof.storm --kills N [--database sqlite|postgresql|both|URL]`; the last line printed is
`lost L doubled D uncertain U kills K`. Half of the kills come at a random moment, the others in the midst of a step
that is over too soon to be hit by chance (`moments`). `--power` cuts the power instead. The exit code is 1 where
anybody was lost or doubled, more is uncertain than may be, or a report says anything else than the sink.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof import ground, judge, moments, power, victim
from tests.proof.ground import CONNECTIONS, Relay, Zygote
from tests.proof.judge import Verdict
from tests.proof.newsroom import Newsroom
from tests.proof.sink import DELAY_SECONDS

LIFE_SECONDS = 0.05
"""How often somebody leaves or a letter is written."""
PATIENCE_SECONDS = 60.0
SHARE_ON_WIRE = 0.9
"""Of the kills; fewer would prove too little."""


@dataclass(frozen=True)
class Weather:
    """How hard it blows."""

    readers: int  # of each issue
    begin: int  # copies that the sink takes before a kill by the clock
    kill_after: tuple[float, float]  # seconds after that
    patience: float  # seconds a victim is given to come to the step in which it is to die
    chance_every: int  # one kill in so many comes at a random moment, the others in a step


REAL = Weather(readers=1000, begin=1, kill_after=(1.0, 3.0), patience=3.0, chance_every=2)
SHORT = Weather(readers=400, begin=5, kill_after=(0.0, 0.2), patience=2.0, chance_every=3)
WHICH = {"mark": (1, 60), "settle": (1, 60), "claim": (1, 2)}
"""In which step of its kind a victim dies, from and to; otherwise in the first."""
LIVELY = 0.2
"""The chance that somebody leaves, or that a letter is written, at each moment of life."""


@dataclass
class Storm:
    """One storm over one office."""

    office: Newsroom
    zygote: Zygote
    relay: Relay
    weather: Weather
    dice: random.Random
    verdict: Verdict
    steps: Counter[str] = field(default_factory=Counter)
    hits: int = 0  # kills that found messages on the wire

    def blow(self, kills: int) -> None:
        """Kill so many times; then let everything come to its end."""
        for number in range(kills):
            before, step = self.office.on_wire(), self._step(number)
            self._kill(step)
            self.verdict.kills += 1
            found = self.office.on_wire()
            self.hits += found > 0 or (step in moments.AT_THE_START and before > 0)
            if found > CONNECTIONS:
                self.verdict.wrong.append(f"{found} messages on the wire after kill {number}")
        self._end()

    def _kill(self, step: str) -> None:
        plan = {"step": step, "nth": self.dice.randint(*WHICH.get(step, (1, 1))), "seed": self.dice.random()}
        time.sleep(2 * DELAY_SECONDS)  # the sink has taken what the last victim had on the wire
        wanted = self.relay.taken + self.weather.begin
        with self.zygote.victim(plan if step else {}) as living:
            if step not in moments.AT_THE_START:
                self._live(until=lambda: living.ended or self.relay.taken >= wanted, seconds=PATIENCE_SECONDS)
            if step == "release":
                self.office.send_an_issue()
            if step and step not in moments.AT_THE_START:
                living.tell(signal.SIGUSR1)
            wait = self.weather.patience if step else self.dice.uniform(*self.weather.kill_after)
            self._live(until=lambda: living.ended, seconds=wait)
        self.steps[step if step and living.died_by_itself else "random"] += 1

    def _step(self, number: int) -> str:
        """Return the step in which a victim dies, or nothing for a random moment."""
        round_, place = divmod(number, self.weather.chance_every)
        names = list(moments.STEPS)
        return names[(round_ * (self.weather.chance_every - 1) + place - 1) % len(names)] if place else ""

    def _live(self, *, until: ground.Question, seconds: float) -> None:
        """Let the office live while a victim does."""
        end = time.monotonic() + seconds
        while not until() and time.monotonic() < end:
            if self.dice.random() < LIVELY:
                self.office.let_somebody_leave(self.dice)
            if self.dice.random() < LIVELY:
                self.office.write_a_letter()
            if self.office.to_send() < self.weather.readers // 2 and not self.office.plans():
                self.office.send_an_issue()
            time.sleep(min(LIFE_SECONDS, max(0.0, end - time.monotonic())))

    def _end(self) -> None:
        with self.zygote.victim({}, gently=True) as living:
            end = time.monotonic() + PATIENCE_SECONDS
            while self.office.waiting() and not living.ended and time.monotonic() < end:
                time.sleep(LIFE_SECONDS)


def run(
    folder: Path,
    zygote: Zygote,
    *,
    kills: int,
    url: str | None = None,
    weather: Weather = SHORT,
    seed: int | None = None,
) -> Storm:
    """Blow over an office of its own in `folder`, or on an empty database; return the storm with its verdict."""
    with ground.ready(folder, zygote, url, readers=weather.readers) as (office, relay):
        verdict = Verdict(most_uncertain=CONNECTIONS * kills)
        storm = Storm(office, zygote, relay, weather, random.Random(seed), verdict)  # noqa: S311 - decides when to kill
        office.send_an_issue()
        storm.blow(kills)
        judge.judge(office, relay.record, verdict)
    return storm


def main() -> int:
    """Run storms from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.storm", description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, both, or an empty one's URL")
    parser.add_argument("--power", action="store_true", help="cut the power of the machine instead (SQLite)")
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    victim.log_errors_only()
    with closing(Zygote()) as zygote, tempfile.TemporaryDirectory(prefix="storm-") as folder:
        if given.power:
            return _tell([power.run(Path(folder), zygote, cuts=given.kills, seed=given.seed)])
        verdicts = []
        for name in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
            place = Path(tempfile.mkdtemp(dir=folder))
            with ground.database(name) as url:
                storm = run(place, zygote, kills=given.kills, url=url, weather=REAL, seed=given.seed)
            _describe(name, storm)
            verdicts.append(storm.verdict)
    return _tell(verdicts)


def _describe(name: str, storm: Storm) -> None:
    verdict = storm.verdict
    hit = ", ".join(f"{step} {count}" for step, count in storm.steps.most_common())
    _say(f"{name}: {verdict.sent} sent, {len(storm.office.left)} left, {storm.office.letters} letters besides")
    _say(f"killed at: {hit}")
    _say(f"kills that found messages on the wire: {storm.hits} of {verdict.kills}")
    if storm.hits < SHARE_ON_WIRE * verdict.kills:
        verdict.wrong.append("too few kills found messages on the wire for this to prove anything")


def _tell(verdicts: list[Verdict]) -> int:
    """Print what was wrong, and the sum last; return the exit code."""
    total = Verdict(most_uncertain=0)
    for verdict in verdicts:
        for sentence in verdict.wrong:
            _say(sentence)
        for name in ("kills", "lost", "doubled", "uncertain", "most_uncertain"):
            setattr(total, name, getattr(total, name) + getattr(verdict, name))
    _say(f"uncertain at most {total.most_uncertain}")
    _say(str(total))
    return 0 if all(verdict.holds for verdict in verdicts) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
