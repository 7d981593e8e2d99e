"""Brings a batch to its end: plan, send, follow, fetch, and say what is left.

    from mjspec.dispatch.client import Client
    from mjspec.dispatch.runner import Runner

    outcome = Runner(Path("out"), Client(api_key=key)).run(jobs)

Running the same jobs again sends nothing; `Runner.resume` needs no jobs at all. A run may be killed
at any moment: the next one finds out what was paid for and goes on with it.
"""

from __future__ import annotations

import signal
import threading
import uuid
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import getpid
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any

from mjspec._version import __version__
from mjspec.dispatch.belonging import check_batch, check_memory, check_provider
from mjspec.dispatch.database import LedgerError
from mjspec.dispatch.fetching import Fetcher
from mjspec.dispatch.following import Follower
from mjspec.dispatch.journal import Event, Journal
from mjspec.dispatch.ledger import Ledger
from mjspec.dispatch.lock import run_lock
from mjspec.dispatch.naming import settle_template
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.outcome import Outcome, outcome_of
from mjspec.dispatch.pace import Pace
from mjspec.dispatch.planning import Planned, enter
from mjspec.dispatch.prices import dollars
from mjspec.dispatch.provenance import remember
from mjspec.dispatch.recovery import recover
from mjspec.dispatch.run import Run
from mjspec.dispatch.sending import Sender
from mjspec.dispatch.status import Money, count_states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from mjspec.dispatch.client import Client
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.provenance import Provenance

__all__ = ["Progress", "Runner"]

_TICK = 0.2
_MINUTE = 60.0
_HELD = "SELECT key, written, origin FROM job"


@dataclass(frozen=True, slots=True)
class Progress:
    """How a run is doing.

    Attributes:
        summary: How many jobs are in each state.
        cost: The sums of the ledger.
        window: How many tasks may be under way at present.
        cap: What the folder may cost, in micro-dollars, if there is a limit.
        stopping: Why nothing more is sent, if so.
        trouble: What the run waits for, if a person should know of it.
    """

    summary: Mapping[str, int]
    cost: Money
    window: int
    cap: int | None
    stopping: str | None
    trouble: str | None


class Runner:
    """Runs batches in one output folder.

        >>> from pathlib import Path
        >>> from mjspec import Client, RunOptions, Runner, compile, paid_jobs
        >>> from mjspec.sandbox import Sandbox
        >>> jobs = list(paid_jobs(compile("a {fox, owl} in the snow --v 7")))
        >>> options = RunOptions(poll_first=0.1, poll_every=0.1, max_cost=1_000_000)
        >>> with Sandbox() as sandbox:
        ...     runner = Runner(Path("out"), Client(sandbox.url, "any-key"), options)
        ...     first = runner.run(jobs)
        ...     again = runner.run(jobs)
        >>> first.exit_code, first.summary["done"], len(list(Path("out").glob("*.png")))
        (0, 2, 8)
        >>> again.planned.added, again.cost.actual == first.cost.actual
        (0, True)

    Args:
        out: The output folder; it is made if there is none.
        client: Speaks to the provider.
        options: How to behave.
        on_event: Told every step, from many threads.
        on_tick: Called in the calling thread several times a second while work is under way; it may
            ask `progress`.
    """

    def __init__(
        self,
        out: Path,
        client: Client,
        options: RunOptions | None = None,
        *,
        on_event: Callable[[Event], None] | None = None,
        on_tick: Callable[[], None] | None = None,
    ) -> None:
        self._out = Path(out)
        self._client = client
        self._options = options or RunOptions()
        self._on_event = on_event
        self._on_tick = on_tick
        self._interrupts = 0
        self._run: Run | None = None

    def run(self, jobs: Iterable[PaidJob], made_of: Provenance | None = None) -> Outcome:
        """Enters the jobs of a spec and brings everything in the folder to its end.

        Planned jobs that are not among them are cancelled.

        Args:
            jobs: The jobs.
            made_of: What they were compiled from, for `recall`.

        Raises:
            LockedError: Another runner is at work in the folder.
            LedgerError: The ledger cannot be used; nothing was sent.
        """
        return self._go(list(jobs), made_of)

    def resume(self) -> Outcome:
        """Goes on with everything that the folder holds, unknown outcomes excepted."""
        return self._go(None)

    def interrupt(self) -> None:
        """Asks for the end: the first time sending stops, the second time everything does."""
        self._interrupts += 1

    @property
    def stopping(self) -> str | None:
        """Why the present run sends nothing more, if so; cheap to ask."""
        run = self._run
        return run.stop.message if run and run.stop else None

    def progress(self) -> Progress | None:
        """How the present run is doing; ``None`` when there is none."""
        run = self._run
        if run is None:
            return None
        rows = run.ledger.read("SELECT state, count(*) AS n FROM job_state GROUP BY state")
        counts = {**count_states(()), **{row["state"]: row["n"] for row in rows}}
        return Progress(
            counts, run.ledger.money(), run.pace.window, run.cap, self.stopping, run.trouble()
        )

    def _go(self, jobs: list[PaidJob] | None, made_of: Provenance | None = None) -> Outcome:
        if jobs is None and not (self._out / "mjspec.db").exists():
            raise LedgerError(f"{self._out} holds no ledger; there is nothing to resume")
        with run_lock(self._out), self._signals(), _opened(self._out) as ledger:
            name = uuid.uuid4().hex[:12]
            journal = Journal(self._out, name, self._on_event)
            try:
                check_memory(self._out, ledger.has_attempt)
                check_provider(ledger, self._client)
                if jobs is not None:
                    check_batch(self._out, ledger.read(_HELD), jobs)
                settle_template(ledger, self._options.template, jobs)
                cap = self._cap(ledger, resumed=jobs is None)
                ledger.start_run(name, cap)
                run = self._prepare(name, ledger, journal, cap)
                planned = self._plan(run, jobs, made_of)
                return self._work(run, planned)
            finally:
                self._run = None
                journal.close()

    def _cap(self, ledger: Ledger, *, resumed: bool) -> int | None:
        """The limit of this run; what one submission was limited to holds for its resumption."""
        cap = self._options.max_cost
        if cap is None and resumed:
            noted = ledger.noted("max_cost")
            return int(noted) if noted else None
        ledger.note("max_cost", None if cap is None else str(cap))
        return cap

    def _prepare(self, name: str, ledger: Ledger, journal: Journal, cap: int | None) -> Run:
        options = self._options
        journal.write(
            "run_started",
            pid=getpid(),
            host=gethostname(),
            version=__version__,
            base_url=self._client.base_url,
            max_cost_usd=None if cap is None else dollars(cap),
        )
        pace = Pace(options.concurrency, options.rate, ledger.sent_within(_MINUTE))
        return Run(
            name=name,
            ledger=ledger,
            client=self._client,
            options=options,
            journal=journal,
            pace=pace,
            cap=cap,
        )

    def _plan(
        self, run: Run, jobs: list[PaidJob] | None, made_of: Provenance | None
    ) -> Planned | None:
        recover(run)
        if jobs is None:
            return None
        planned = enter(run.ledger, jobs, self._options.prices)
        remember(run.ledger, jobs, made_of)
        run.journal.write(
            "planned", jobs=len(jobs), added=planned.added, cancelled=planned.cancelled
        )
        return planned

    def _work(self, run: Run, planned: Planned | None) -> Outcome:
        self._run = run
        fetcher = Fetcher(run)
        follower = Follower(run, fetcher)
        sender = Sender(run, follower)
        # What is paid for comes first: its links live a day, plans have time.
        for attempt in run.ledger.under_way():
            (fetcher if attempt.state == "downloading" else follower).take_up(attempt)
        run.enqueue(run.ledger.planned())
        sender.start()
        now = self._wait(run)
        follower.close()
        fetcher.close()
        return self._end(run, planned, at_once=now)

    def _wait(self, run: Run) -> bool:
        """Waits for the end; true if a person did not want to."""
        while True:
            with run.changed:
                if run.finished():
                    return False
                run.changed.wait(_TICK)
            if self._interrupts:
                run.stop_sending(
                    "interrupted",
                    "interrupted: nothing more is sent, what is under way is brought home;"
                    " interrupt again to end at once",
                )
            if self._interrupts > 1:
                return True
            run.note_silence()
            if self._on_tick is not None:
                self._on_tick()

    def _end(self, run: Run, planned: Planned | None, *, at_once: bool) -> Outcome:
        run.halted = True
        why = "the run was interrupted" if at_once else "the run ended"
        with suppress(LedgerError):
            for row in run.ledger.settle(why):
                run.journal.write("unknown", key=row["job"], attempt=row["id"], error=why)
        outcome = outcome_of(run, planned, interrupted=self._interrupts > 0)
        run.journal.write(
            "run_ended",
            exit_code=outcome.exit_code,
            summary=dict(outcome.summary),
            actual_usd=dollars(outcome.cost.actual),
        )
        with suppress(LedgerError):
            run.ledger.end_run(run.id, outcome.exit_code, outcome.stopped)
        return outcome

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Takes Ctrl-C and SIGTERM as a wish, not as an exception in the middle of a step."""
        self._interrupts = 0
        here = threading.current_thread() is threading.main_thread()
        if not (here and self._options.handle_signals):
            yield
            return

        def wish(_signal: int, _frame: Any) -> None:
            self.interrupt()

        old = {number: signal.signal(number, wish) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


@contextmanager
def _opened(out: Path) -> Iterator[Ledger]:
    ledger = Ledger(out)
    try:
        yield ledger
    finally:
        ledger.close()
