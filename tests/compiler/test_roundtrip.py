"""An emitted body, fed back in as a spec, is the same job; the two spellings mean the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjspec.domains import Number, Switch
from mjspec.limits import advised
from mjspec.parameters import PARAMETERS
from mjspec.versions import VERSIONS

if TYPE_CHECKING:
    from mjspec.parameters import Parameter
    from mjspec.versions import Version
    from tests.compiler.conftest import Build

LINKS = ("https://a.b/1.png", "https://a.b/2.jpg")
WORDS = ("a cat", "the  moon", "two: three", "100% (real)", "é 猫 🦊", 'says "hi"', "#FF0000")
VALUES: dict[str, tuple[Any, ...]] = {
    "size": ("1:1", "3:2", "9:16"),
    "quality": ("0.25", "0.5", "1", "2"),
    "style": ("raw", "4a", "cute"),
    "negative_prompt": ("ugly", "ugly, very blurry"),
    "sref": ("https://a.b/s.png", "123 456", "random"),
    "cref": ("https://a.b/c.png", "https://a.b/c.png https://a.b/d.png"),
    "dref": ("https://a.b/d.png",),
}
EXTRAS = ("", "--exp 5", "--sd", "--my-option 1", "--stealth")


def values_of(parameter: Parameter, version: Version) -> st.SearchStrategy[Any] | None:
    """Values that the table allows; None where the version has not got the parameter."""
    domain = advised(parameter, version)
    if domain is None:
        return None
    if isinstance(domain, Switch):
        return st.booleans()
    if isinstance(domain, Number):
        low, high = domain.low, domain.high
        if domain.decimal:
            return st.integers(int(low * 10), int(high * 10)).map(lambda n: n / 10)
        return st.integers(int(low), int(high))
    return st.sampled_from(VALUES[parameter.key])


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """A body with fields that its version has."""
    version = draw(st.sampled_from(VERSIONS))
    body: dict[str, Any] = {"prompt": draw(st.sampled_from(WORDS)), "version": version.number}
    if version.niji:
        body["niji"] = True
    if draw(st.booleans()):
        body["image_urls"] = list(draw(st.permutations(LINKS)))
    for parameter in PARAMETERS:
        if parameter.field in (None, "version", "niji") or not draw(st.booleans()):
            continue
        values = values_of(parameter, version)
        if values is not None:
            body[str(parameter.field)] = draw(values)
    if draw(st.booleans()):
        body["speed"] = draw(st.sampled_from(("relax", "fast", "turbo")))
    extra = draw(st.sampled_from(EXTRAS))
    return {**body, "extra": extra} if extra else body


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies())
def test_bodies_come_back_as_the_same_job(build: Build, body: dict[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    if build(text).errors:
        # Such as a weight without its reference: nothing is emitted.
        assert build(text, emit="flat").jobs == []
        return
    structured, flat = build(text).only, build(text, emit="flat").only
    assert set(flat.request.body) <= {"prompt", "speed", "image_urls", "metadata"}
    custom = "--my-option" in body.get("extra", "")
    for emitted in (structured, flat):
        if custom and emitted is flat:
            # In a prompt an unknown flag is an error, unless the configuration knows it.
            continue
        again = json.dumps(dict(emitted.request.body), ensure_ascii=False)
        for back in (build(again).only, build(again, emit="flat").only):
            assert back.final_prompt == structured.final_prompt
            assert back.billing_key == structured.billing_key
            assert back.fingerprint == structured.fingerprint
    # The canonical spelling does not change any more.
    assert (
        build(json.dumps(dict(structured.request.body), ensure_ascii=False)).only.request
        == structured.request
    )
