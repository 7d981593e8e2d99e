from __future__ import annotations

import re
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.dispatch import journal
from mjspec.dispatch.agenda import Agenda
from mjspec.dispatch.following import interval
from mjspec.dispatch.pace import Pace, backoff
from mjspec.dispatch.prices import PRICES, micros, usd
from mjspec.dispatch.sidecar import shortened


def test_the_rate_is_kept_over_every_minute() -> None:
    pace = Pace(1000, 60)
    for _ in range(1000):
        pace.accepted()
    now = 0.0
    sent: list[float] = []
    while len(sent) < 300:
        delay = pace.delay(now, 0)
        assert delay is not None
        now += delay
        pace.sent(now)
        sent.append(now)
    for at in sent:
        assert sum(at <= other < at + 60 for other in sent) <= 60


def test_an_earlier_runs_requests_count() -> None:
    pace = Pace(16, 2, (90.0, 95.0))
    assert pace.delay(100.0, 0) == 50.0


def test_less_than_one_a_minute() -> None:
    pace = Pace(16, 0.5)
    pace.sent(0.0)
    assert pace.delay(1.0, 0) == 119.0


def test_the_window_grows_and_shrinks_between_its_bounds() -> None:
    pace = Pace(16, 1e6)
    assert pace.window == 4
    for _ in range(40):
        pace.accepted()
    assert pace.window == 16
    assert pace.delay(0.0, 16) is None
    pace.refused(10.0, None)
    pace.refused(10.1, None)
    assert pace.window == 8, "one crowding halves once"
    for second in range(20, 60, 5):
        pace.refused(float(second), None)
    assert pace.window == 1
    pace.accepted()
    assert pace.window == 2
    pace.accepted()
    assert pace.window == 2, "after a refusal the window grows slowly"


def test_retry_after_pauses_everything() -> None:
    pace = Pace(16, 1e6)
    wait = pace.refused(100.0, 30.0)
    assert 30 <= wait <= 31
    delay = pace.delay(101.0, 0)
    assert delay is not None
    assert 29 <= delay <= 30
    pace.unconnected(101.0)
    assert pace.delay(101.0, 0) == delay


@given(st.integers(0, 10_000))
def test_backoff_is_bounded(failures: int) -> None:
    assert 0 <= backoff(failures) <= min(60, 2**failures if failures < 10 else 60)


def test_few_tasks_are_asked_for_every_3_to_5_seconds() -> None:
    found = [interval(16, None) for _ in range(1000)]
    assert 3 <= min(found) < 3.1
    assert 4.9 < max(found) <= 5
    assert interval(16, 0.2) == 0.2


@given(st.integers(0, 100_000), st.none() | st.floats(0, 60))
def test_many_tasks_are_asked_for_less_often(following: int, chosen: float | None) -> None:
    seconds = interval(following, chosen)
    assert seconds >= (3 if chosen is None else chosen)
    assert following / 334.01 <= seconds


def test_ten_thousand_tasks_are_asked_for_every_30_seconds() -> None:
    assert [round(interval(10_000, chosen)) for chosen in (None, 1.0, 60.0)] == [30, 30, 60]


def test_the_agenda_keeps_time_with_few_threads() -> None:
    late: list[float] = []
    done = threading.Event()
    names: set[str] = set()
    agenda = Agenda("t", 8, lambda _: late.append(99))

    def call(due: float) -> None:
        late.append(time.monotonic() - due)
        names.add(threading.current_thread().name)
        time.sleep(0.002)
        if len(late) == 1000:
            done.set()

    begin = time.monotonic()
    for n in range(1000):
        wait = (n * 7919 % 1000) / 500
        agenda.after(wait, partial(call, begin + wait))
    assert done.wait(10)
    agenda.close()
    assert len(names) <= 8
    assert sorted(late)[500] < 0.3


def test_an_error_in_the_agenda_does_not_end_it() -> None:
    told: list[BaseException] = []
    done = threading.Event()
    agenda = Agenda("t", 1, told.append)

    def broken() -> None:
        raise ZeroDivisionError

    agenda.after(0, broken)
    agenda.after(0.01, done.set)
    assert done.wait(5)
    agenda.close()
    assert [type(error) for error in told] == [ZeroDivisionError]


def test_an_earlier_call_overtakes() -> None:
    order: list[int] = []
    done = threading.Event()
    agenda = Agenda("t", 1, lambda _: None)

    def second() -> None:
        order.append(2)
        done.set()

    agenda.after(0.3, second)
    time.sleep(0.05)
    agenda.after(0.05, lambda: order.append(1))
    assert done.wait(5)
    agenda.close()
    assert order == [1, 2]


def test_prices_by_speed_and_by_key() -> None:
    assert PRICES.of("midjourney@imagine-v7") == 45_040
    assert PRICES.of("midjourney@imagine-niji7-fast") == 55_040
    assert PRICES.of("midjourney@imagine-turbo", 3) == 300_000
    other = PRICES.overridden({"fast": "0.06", "midjourney@imagine-v7": 0.01}, "May 2027")
    assert (other.of("x-fast"), other.of("midjourney@imagine-v7")) == (60_000, 10_000)
    assert other.date == "May 2027"
    with pytest.raises(ValueError, match="must be dollars"):
        PRICES.overridden({"fast": "free"})


def test_money_is_exact() -> None:
    assert micros(0.04504) == 45_040
    assert micros("0.1") == 100_000
    assert [micros(value) for value in (None, True, "x", float("nan"), "1e999")][:4] == [None] * 4
    assert (usd(45_040), usd(1_200_000), usd(0)) == ("$0.04504", "$1.20", "$0.00")


def test_pictures_are_shortened_and_prompts_are_not() -> None:
    prompt = "a fox in a garden " * 100
    body = {"prompt": prompt, "image_urls": ["data:image/png;base64," + "A" * 5000]}
    found = shortened(body)
    assert found["prompt"] == prompt
    assert len(found["image_urls"][0]) < 200


def test_every_event_is_documented_and_every_documented_one_exists() -> None:
    package = Path(journal.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    written = set(re.findall(r'journal\.write\(\s*"([a-z_]+)"', source))
    # These two are the state that the attempt is left in.
    written |= {"not_sent", "refused"}
    documented = set(re.findall(r"^    ([a-z_]+)  ", journal.__doc__ or "", re.MULTILINE))
    assert written == documented
