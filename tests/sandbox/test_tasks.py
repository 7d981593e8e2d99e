from __future__ import annotations

import re

import pytest

from mjspec.sandbox.account import Account
from mjspec.sandbox.chance import Hand
from mjspec.sandbox.faults import FAULTS
from mjspec.sandbox.tasks import State, Submission, Task, task_id


def _task(*faults: str, seconds: float = 100.0) -> Task:
    submission = Submission(number=1, task_id="task_1", time=1000.0, body={}, cost=0.1)
    return Task(
        submission=submission, hand=Hand(*(FAULTS[name] for name in faults)), seconds=seconds
    )


def test_a_task_goes_through_all_states_with_rising_progress() -> None:
    task = _task()
    moments = [task.at(1000.0 + second) for second in range(101)]
    states = list(dict.fromkeys(moment.state for moment in moments))
    assert states == [State.NOT_START, State.SUBMITTED, State.IN_PROGRESS, State.SUCCESS]
    progress = [moment.progress for moment in moments]
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-2:] == [99, 100]


def test_a_task_without_a_duration_is_done_at_once() -> None:
    assert _task(seconds=0).at(1000.0).state is State.SUCCESS


@pytest.mark.parametrize(
    "fault, state", [("fail", State.FAILURE), ("cancelled", State.CANCEL), ("never-ends", "stuck")]
)
def test_a_doomed_task_ends_without_images(fault: str, state: object) -> None:
    task = _task(fault)
    assert task.doomed
    assert task.at(1099.0).state is State.IN_PROGRESS
    assert task.at(1100.0) == (State.FAILURE if state == "stuck" else state, 0, 0)


def test_images_are_shown_early_or_in_part_where_asked() -> None:
    assert _task("partial-images").at(1060.0).images == 2
    assert _task("few-images").at(1100.0).images == 3
    assert _task().at(1060.0).images == 0


def test_task_ids_look_like_the_providers() -> None:
    first, second = task_id(0, 1, 1_800_000_000.0), task_id(0, 2, 1_800_000_000.0)
    assert re.fullmatch(r"task_0[0-9A-HJKMNP-TV-Z]{25}", first)
    assert first != second
    assert first == task_id(0, 1, 1_800_000_000.0)


def test_an_account_charges_until_it_is_empty_and_sums_stay_exact() -> None:
    account = Account(0.3)
    assert [account.charge(0.1, 0.0) for _ in range(4)] == [True, True, True, False]
    assert account.balance(0.0) == 0.0
    assert account.used(0.0) == 0.3


def test_an_account_refunds_when_the_time_has_come() -> None:
    account = Account(1.0)
    account.charge(0.4, 0.0)
    account.refund_at(0.4, 10.0)
    assert account.balance(9.9) == 0.6
    assert account.balance(10.0) == 1.0
    assert account.used(10.0) == 0.0


def test_an_account_without_a_limit_says_so() -> None:
    account = Account(None)
    assert account.charge(1e6, 0.0)
    assert account.balance(0.0) is None
    statement = account.statement(0.0)
    assert statement["unlimited_quota"] is True
    assert statement["remain_balance"] == -1
