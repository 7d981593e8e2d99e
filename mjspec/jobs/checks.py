"""What no single value shows: rules between parameters, text, images, speed and model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Change, Diagnostic, Finding, Note, Severity
from mjspec.domains import Ratio
from mjspec.jobs.acceptance import accepts
from mjspec.jobs.model import spoken, unless_named
from mjspec.jobs.multi_prompts import multi_prompt_findings
from mjspec.jobs.obsolete import obsolete
from mjspec.language.parser import parse
from mjspec.language.prompt import DASHES, Image
from mjspec.limits import allowed
from mjspec.parameters import BY_KEY
from mjspec.source import Span
from mjspec.versions import VERSIONS, describe, find_version, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.jobs.model import Model
    from mjspec.language.content import Content
    from mjspec.language.resolve import Resolved
    from mjspec.language.settings import Origin, Setting, Settings
    from mjspec.source import Excerpt
    from mjspec.versions import Version

__all__ = ["HD_RATIO", "LONGEST_PROMPT", "Checked", "check", "takes_images"]

LONGEST_PROMPT = 6000
"""Midjourney: «Prompts must be 6000 or fewer in length.»"""
HD_RATIO = Ratio(4)
"""The ratios that hd takes (version page)."""

_DASH = re.compile(f"[-{DASHES}]")


class Checked(NamedTuple):
    """Everything that is known of a job when these checks run."""

    prompt: Excerpt
    resolved: Resolved
    settings: Settings
    model: Model
    content: Content
    images: int
    "Image prompts of all sources."
    broken: bool
    "Whether the prompt has errors already, from which others must not follow."
    unread: frozenset[str] = frozenset()
    "Fields that are there with a value that could not be read."


def check(job: Checked) -> list[Diagnostic]:
    """All findings of all checks."""
    return [diagnostic for one in _CHECKS for diagnostic in one(job)]


def _model(job: Checked) -> Iterator[Diagnostic]:
    """The version exists and the provider has verified it."""
    model, setting = job.model, job.model.setting
    if setting is None or model.implied:
        return
    origin = setting.origin
    if model.rules is None:
        yield _unknown_version(model, origin).at(origin.value)
    elif model.number is None:
        if not _followed(job):
            yield Finding(
                rules.UNVERIFIED_VERSION,
                origin.value_span,
                "niji without a version leaves the choice to the provider, which recommends 7 or 6",
            ).at(origin.value)
    elif not model.declared and not model.rules.verified:
        verified = describe({version for version in VERSIONS if version.verified})
        note = f" ({model.rules.note})" if model.rules.note else ""
        yield Finding(
            rules.UNVERIFIED_VERSION,
            origin.value_span,
            f"the provider has not verified {model.name}{note}; it has verified {verified}",
        ).at(origin.value)


def _unknown_version(model: Model, origin: Origin) -> Finding:
    """A number that no version of the family has; it may be one of the other family."""
    typed = str(model.number)
    family = {version for version in VERSIONS if version.niji == model.niji}
    kind = "a niji version" if model.niji else "a version"
    other = find_version(typed.lower().removeprefix("niji").strip(), niji=not model.niji)
    place, written = origin.value_span, None
    if other is None:
        written = BY_KEY["niji" if model.niji else "version"].domain.nearest(typed)
    elif typed[:1].isalpha() and origin.kind == "prompt":
        place, written = Span(origin.name_span.start, origin.value_span.end), other.flag
    hint = f"; `{other.flag}` is one" if other else ""
    return Finding(
        rules.UNKNOWN_VERSION,
        origin.value_span,
        f"`{typed}` is not {kind} of Midjourney{hint}; there are {describe(family)}",
        fix=f"write `{written}`" if written else None,
        changes=(Change(place, written),) if written else (),
        safety="unsafe",
    )


def _followed(job: Checked) -> bool:
    """Whether words stand behind ``--niji``, which are found: ``--niji six``."""
    return any(
        finding.rule is rules.TEXT_AFTER_PARAMETER
        for use in job.resolved.uses
        if use.key == "niji"
        for finding in use.reading.findings
    )


def _needs(job: Checked) -> Iterator[Diagnostic]:
    """A weight has what it weighs."""
    for key, setting in job.settings.items():
        needed = BY_KEY[key].needs if key in BY_KEY else None
        if needed is None or not _on(setting) or _absent(key, job.model):
            continue
        if needed in job.unread:
            continue
        if needed == "image_urls":
            if not job.images and not job.resolved.stray_links:
                yield _missing(setting, "an image link at the front, or the field `image_urls`")
        elif needed not in job.settings and not _tried(job, needed):
            yield _missing(setting, f"`--{BY_KEY[needed].flag}`")


def _absent(key: str, model: Model) -> bool:
    """Whether the named version does not have the parameter, which is found already."""
    return model.named and model.rules is not None and allowed(BY_KEY[key], model.rules) is None


def _tried(job: Checked, key: str) -> bool:
    """Whether the prompt has the parameter with a value that could not be read."""
    return any(use.reading.parameter is BY_KEY[key] for use in job.resolved.uses)


def _missing(setting: Setting, needed: str) -> Diagnostic:
    label = setting.origin.label
    return Finding(
        rules.MISSING_REFERENCE,
        setting.origin.name_span,
        f"`{label}` has no effect without {needed}, which is not there",
    ).at(setting.origin.name)


def _excludes(job: Checked) -> Iterator[Diagnostic]:
    """Parameters that exclude each other; each pair is found once."""
    for key, setting in job.settings.items():
        if key in ("version", "niji") or key not in BY_KEY or not _on(setting):
            continue
        sure = BY_KEY[key].excludes
        for other in (*sure, *BY_KEY[key].disputes):
            rival = job.settings.get(other)
            back = BY_KEY[other]
            twice = key in (*back.excludes, *back.disputes) and other < key
            if rival is None or twice or not _on(rival):
                continue
            yield Diagnostic(
                rules.CONFLICTING_PARAMETERS,
                Severity.ERROR if other in sure else Severity.WARNING,
                f"`{setting.origin.label}` excludes `{rival.origin.label}`; only one can stand",
                setting.origin.name_location,
                notes=(Note(f"`{rival.origin.label}` stands here", rival.origin.name_location),),
            )
    yield from _hd_ratio(job)


def _hd_ratio(job: Checked) -> Iterator[Diagnostic]:
    """With hd, long ratios end earlier than the version's."""
    size, hd = job.settings.get("size"), job.settings.get("hd")
    if size is None or hd is None or not _on(hd):
        return
    ratio = str(size.value)
    if accepts(Ratio().schema(), ratio) and not accepts(HD_RATIO.schema(), ratio):
        yield Finding(
            rules.OUT_OF_RANGE,
            size.origin.value_span,
            f"`{ratio}` is wider than `hd` allows; with it a ratio is at most {HD_RATIO.most}:1",
        ).at(size.origin.value)


def _on(setting: Setting) -> bool:
    return setting.value is not False


def _multi_prompt(job: Checked) -> Iterator[Diagnostic]:
    for finding in multi_prompt_findings(job.resolved.prompt, job.model):
        yield finding.at(job.prompt)


def _substance(job: Checked) -> Iterator[Diagnostic]:
    """There is something to make an image of. One image alone is not enough (FAQ)."""
    alone = job.images == 1 and "video" not in job.settings
    if job.content.text or job.content.weighted or job.broken or (job.images and not alone):
        return
    image = next((p for p in job.resolved.prompt.parts if isinstance(p, Image)), None)
    place = image.span if image else Span(0, len(job.prompt.text))
    message = (
        "one image alone is no prompt; add text or a second image"
        if alone
        else "the prompt has no text and no images"
    )
    yield Finding(rules.EMPTY_PROMPT, place, message).at(job.prompt)


def _stays_text(job: Checked) -> Iterator[Diagnostic]:
    """Moving links and joining white space must not make a parameter out of text."""
    prompt = job.resolved.prompt
    head = "".join(part.raw for part in prompt.parts)
    if job.content.text == head.strip() or prompt.groups or not _DASH.search(head):
        return
    made = parse(job.content.prompt)
    if made.flags:
        name = made.parameters[0].flag.raw.strip()
        yield Finding(
            rules.GLUED_PARAMETER,
            Span(0, len(head.rstrip())),
            f"`{name}` is text here, but becomes a parameter once links stand at the front and white"
            " space is single; write the parameter out, or other signs",
            severity=Severity.ERROR,
        ).at(job.prompt)


def takes_images(version: Version | None) -> bool:
    """Whether a version has image prompts; 8.0 had none (updates)."""
    return version not in _NO_IMAGES


def _images_in_version(job: Checked) -> Iterator[Diagnostic]:
    version = job.model.rules
    if not job.images or takes_images(version):
        return
    image = next((p for p in job.resolved.prompt.parts if isinstance(p, Image)), None)
    urls = job.settings.get("image_urls")
    message = f"version {version} has no image prompts; 1 to 7, 8.1 and 8.2 and niji 5 to 7 have"
    if image is not None:
        yield Finding(rules.UNSUPPORTED_IN_VERSION, image.span, message).at(job.prompt)
    elif urls is not None:
        place = urls.origin.name_span
        yield Finding(rules.UNSUPPORTED_IN_VERSION, place, message).at(urls.origin.name)


def _speed(job: Checked) -> Iterator[Diagnostic]:
    """Rules about speed and plan are warnings: the account decides."""
    speed, repeat = job.settings.get("speed"), job.settings.get("repeat")
    version = job.model.rules
    if speed is not None and speed.value == "turbo" and version in _NO_TURBO:
        _, note = unless_named(job.model)
        yield Finding(
            rules.UNSUPPORTED_IN_VERSION,
            speed.origin.value_span,
            f"turbo is billed but runs as fast in {spoken(version)}{note}",
            severity=Severity.WARNING,
        ).at(speed.origin.value)
    if repeat is not None and isinstance(repeat.value, int) and 1 < repeat.value <= _MOST_REPEATS:
        yield Finding(
            rules.REPEAT_MULTIPLIES_COST,
            repeat.origin.value_span,
            f"this job costs {repeat.value} times its price",
        ).at(repeat.origin.value)
        if speed is not None and speed.value == "relax":
            yield Finding(
                rules.PLAN_RESTRICTED,
                repeat.origin.name_span,
                f"`{repeat.origin.label}` {BY_KEY['repeat'].mode}",
            ).at(repeat.origin.name)
    for key, setting in job.settings.items():
        if key != "repeat" and key in BY_KEY and BY_KEY[key].mode:
            yield Finding(
                rules.PLAN_RESTRICTED,
                setting.origin.name_span,
                f"`{setting.origin.label}` {BY_KEY[key].mode}",
            ).at(setting.origin.name)


_NO_TURBO = span("8-")
_NO_IMAGES = span("8")
_MOST_REPEATS = 40
_CHECKS = (
    _model,
    _needs,
    _excludes,
    obsolete,
    _multi_prompt,
    _substance,
    _images_in_version,
    _stays_text,
    _speed,
)
