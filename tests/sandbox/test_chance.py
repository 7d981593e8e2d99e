from __future__ import annotations

import pytest

from mjspec.sandbox import CATALOGUE, GROUPS, FaultError, Faults
from mjspec.sandbox.chance import Dealer


def test_faults_are_parsed_from_pairs() -> None:
    faults = Faults.parse("drop-after-accept=0.03, 429=5%,never-ends")
    assert faults == Faults({"drop-after-accept": 0.03, "429": 0.05, "never-ends": 1.0})


def test_status_codes_may_be_given_by_their_phrase() -> None:
    faults = Faults(bad_gateway=0.1, bad_gateway_accepted=0.2, too_many_requests=0.3)
    assert faults.rates == {"502": 0.1, "502-accepted": 0.2, "429": 0.3}


def test_a_group_is_spread_evenly_over_its_members() -> None:
    rates = Faults(poll_error=0.4).rates
    assert rates == dict.fromkeys(GROUPS["poll-error"], 0.1)


def test_no_text_is_no_fault() -> None:
    assert Faults.parse("").rates == {}
    assert Faults.parse("") == Faults()
    assert hash(Faults.parse("")) == hash(Faults())


@pytest.mark.parametrize(
    "text, message",
    [
        ("drop-after-acept=0.1", "there is no fault 'drop-after-acept'; did you mean"),
        ("xyzzy=0.1", "there is no fault 'xyzzy'; known are 400, 401"),
        ("429=often", "the rate of '429' is no number: 'often'"),
        ("429=1.5", "the rate of '429' must be between 0 and 1, not 1.5"),
        ("429=nan", "the rate of '429' must be between 0 and 1, not nan"),
        ("429=0.6,500=0.6", "the rates of the submit faults add up to 1.2, above 1"),
    ],
)
def test_impossible_faults_are_refused(text: str, message: str) -> None:
    with pytest.raises(FaultError) as caught:
        Faults.parse(text)
    assert str(caught.value).startswith(message)


def test_every_fault_has_its_own_name_and_a_summary() -> None:
    assert len({fault.name for fault in CATALOGUE}) == len(CATALOGUE)
    assert all(fault.summary for fault in CATALOGUE)
    assert all((fault.twist is None) == (fault.stage == "task") for fault in CATALOGUE)


def test_groups_name_known_faults_of_one_stage() -> None:
    stages = {fault.name: fault.stage for fault in CATALOGUE}
    for members in GROUPS.values():
        assert len({stages[name] for name in members}) == 1


def test_the_same_seed_deals_the_same_faults() -> None:
    faults = Faults.parse("429=0.2,drop=0.2,fail=0.3")
    one, same, other = Dealer(faults, 1), Dealer(faults, 1), Dealer(faults, 2)
    dealt = [one.deal().names for _ in range(100)]
    assert dealt == [same.deal().names for _ in range(100)]
    assert dealt != [other.deal().names for _ in range(100)]


def test_faults_strike_about_as_often_as_asked() -> None:
    dealer = Dealer(Faults.parse("429=0.2,drop-after-accept=0.05"), 0)
    struck = [dealer.deal().get("submit") for _ in range(4000)]
    names = [fault.name for fault in struck if fault]
    assert 700 < names.count("429") < 900
    assert 150 < names.count("drop-after-accept") < 250


def test_a_plan_comes_before_the_rates() -> None:
    dealer = Dealer(Faults.parse("500=1"), 0)
    dealer.plan("502-accepted+fail+poll-500", None)
    assert [dealer.deal().names for _ in range(3)] == [
        ("502-accepted", "fail", "poll-500"),
        (),
        ("500",),
    ]


@pytest.mark.parametrize("step", ["poll-error", "nonsense"])
def test_a_plan_names_single_known_faults(step: str) -> None:
    with pytest.raises(FaultError):
        Dealer(Faults(), 0).plan(step)
