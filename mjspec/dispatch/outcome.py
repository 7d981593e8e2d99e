"""How a run ended: the exit code, what is missing, and the next command."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING

from mjspec.dispatch.database import LedgerError
from mjspec.dispatch.status import Money, count_states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.dispatch.planning import Planned
    from mjspec.dispatch.run import Run

__all__ = [
    "EXIT_DONE",
    "EXIT_FAILED",
    "EXIT_INTERRUPTED",
    "EXIT_STOPPED",
    "Outcome",
    "jobs_in_words",
    "outcome_of",
]

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_STOPPED = 3
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run leaves behind.

    Attributes:
        exit_code: 0 all done, 1 some failed, rejected or unknown, 3 stopped, 130 interrupted.
        summary: How many jobs are in each state.
        cost: The sums of the ledger.
        stopped: Why the run stopped early, one word, see `mjspec.dispatch.run.Stop`.
        planned: What entering the spec did; ``None`` after `resume`.
        messages: Sentences for a person, the reason of a stop first, the next command last.
    """

    exit_code: int
    summary: Mapping[str, int]
    cost: Money
    stopped: str | None
    planned: Planned | None
    messages: tuple[str, ...]


def outcome_of(run: Run, planned: Planned | None, *, interrupted: bool) -> Outcome:
    """Reads the end of a run off its ledger."""
    summary, cost = count_states(()), Money(0, 0, 0)
    try:
        for row in run.ledger.read("SELECT state, count(*) AS n FROM job_state GROUP BY state"):
            summary[row["state"]] = row["n"]
        cost = run.ledger.money()
    except LedgerError as error:
        run.messages.append(f"the ledger cannot be read: {error}")
    stopped = "interrupted" if interrupted else run.stop.reason if run.stop else None
    return Outcome(
        exit_code=_exit_code(stopped, summary),
        summary=summary,
        cost=cost,
        stopped=stopped,
        planned=planned,
        messages=(*run.messages, *_advice(summary, run)),
    )


def _exit_code(stopped: str | None, summary: Mapping[str, int]) -> int:
    if stopped == "interrupted":
        return EXIT_INTERRUPTED
    if stopped is not None:
        return EXIT_STOPPED
    missing = sum(n for state, n in summary.items() if state not in ("done", "cancelled"))
    return EXIT_FAILED if missing else EXIT_DONE


def _advice(summary: Mapping[str, int], run: Run) -> list[str]:
    out = f"--out {quote(str(run.ledger.out))}"
    again = f"mjspec resume {out} {run.options.resume_with}".rstrip()
    advice = []
    if summary["unknown"]:
        advice.append(
            f"may have been charged, not sent again without you: {jobs_in_words(summary['unknown'])};"
            f" `mjspec status {out}` says why, `mjspec resolve JOB {out}` decides"
        )
    bad = summary["failed"] + summary["rejected"]
    if bad:
        advice.append(
            f"failed or refused: {jobs_in_words(bad)}; `mjspec status {out}` says why,"
            f" `mjspec retry --failed {out}` plans them again"
        )
    left = sum(
        summary[state] for state in ("planned", "intent", "submitted", "running", "downloading")
    )
    if left:
        advice.append(f"not finished: {jobs_in_words(left)}; `{again}` goes on")
    return advice


def jobs_in_words(number: int) -> str:
    """``1 job``, ``2 jobs``."""
    return "1 job" if number == 1 else f"{number} jobs"
