"""The middle of the pipeline: one job in, its settings, findings and request out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Finding, Note
from mjspec.jobs.checks import LONGEST_PROMPT, Checked, check
from mjspec.jobs.emit import ENDPOINT, emit
from mjspec.jobs.examined import Examined, meaning_of
from mjspec.jobs.extra import Extra, read_extra
from mjspec.jobs.images import ImageError, identify, merged
from mjspec.jobs.merge import merge, overridden
from mjspec.jobs.model import Assumptions, choose_model
from mjspec.jobs.model_notes import with_model_notes
from mjspec.jobs.target import on_target
from mjspec.jobs.validate import validate
from mjspec.language.content import Content, content_of
from mjspec.language.parser import parse
from mjspec.language.resolve import resolve
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mjspec.jobs.emit import Emit
    from mjspec.jobs.job import Job
    from mjspec.language.resolve import Resolved
    from mjspec.language.settings import JSON, Setting, Settings

__all__ = ["Compiled", "Examined", "Request", "compile_job", "examine"]

# Ten times what Midjourney takes.
_HOPELESS = 10 * LONGEST_PROMPT
_SLUG_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request without its key.

    Attributes:
        method: ``POST``.
        url: The provider's endpoint.
        body: The fields, with the JSON types that the provider documents.
    """

    method: str
    url: str
    body: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A job that can be sent.

    Attributes:
        job: What was asked for.
        id: The id that is shown: the written one, or a slug of the prompt and a piece of the
            fingerprint.
        request: What is sent.
        final_prompt: The string that Midjourney sees.
        billing_key: What the provider charges it as.
        fingerprint: What it means, as a hash; equal jobs have equal ones.
        repeat: How many times the price is paid.
        images: What each entry of ``image_urls`` is: its link, or the hash of its content.
        diagnostics: What was found, none of it an error.
    """

    job: Job
    id: str
    request: Request
    final_prompt: str
    billing_key: str
    fingerprint: str
    repeat: int = 1
    images: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)


def examine(job: Job, assumptions: Assumptions | None = None, *, outside: bool = False) -> Examined:
    """Parse, merge and validate a job; nothing raises, everything is found.

    Args:
        job: The job.
        assumptions: What the configuration says about versions and custom flags.
        outside: Whether local images may lie outside the folder of the spec.
    """
    assumptions = assumptions or Assumptions()
    if len(job.prompt.text) > _HOPELESS:
        return _too_long(job)
    resolved = _resolve(job.prompt.text, assumptions.known_flags)
    if assumptions.target is not None:
        job, resolved = on_target(job, resolved)
    layers = (
        *(layer for layer in job.layers if layer.kind == "default"),
        resolved.layer(job.prompt),
        *(layer for layer in job.layers if layer.kind != "default"),
    )
    settings = merge(layers)
    found = [*job.faults, *_typed(job, resolved)]
    extra = read_extra(settings, lambda text: _resolve(text, assumptions.known_flags))
    everything = {**extra.values, **settings} if extra.values else settings
    model = choose_model(everything, assumptions)
    content = content_of(resolved.prompt)
    images, identities, image_found = _identities(
        content.images, settings.get("image_urls"), job, outside=outside
    )
    found += [*extra.found, *image_found, *_overridden(settings)]
    # A prompt that moves to another version has to be mended in every place.
    found += validate(everything, model, every=assumptions.target is not None)
    broken = any(finding.rule is rules.TEXT_AFTER_PARAMETER for finding in resolved.findings)
    total = len(images) + len(content.weighted)
    unread = frozenset().union(*(layer.unread for layer in job.layers))
    found += check(Checked(job.prompt, resolved, everything, model, content, total, broken, unread))
    found = with_model_notes(found, model)
    examined = Examined(
        job, resolved, settings, extra, model, content, images, identities, tuple(found)
    )
    return _with_length(examined)


def _typed(job: Job, resolved: Resolved) -> Iterator[Diagnostic]:
    """What is wrong with the prompt as typed, where the fields of the job lie over it."""
    if resolved.findings:
        fields = {key for layer in job.layers if layer.kind != "default" for key in layer.values}
        for finding in resolved.findings_under(fields):
            yield finding.at(job.prompt)


def _too_long(job: Job) -> Examined:
    """A prompt far beyond the limit is not looked into: nothing in it could make it right."""
    length = len(job.prompt.text)
    finding = Finding(
        rules.PROMPT_TOO_LONG,
        Span(LONGEST_PROMPT, length),
        f"the prompt has {length:,} characters; Midjourney takes {LONGEST_PROMPT}",
    )
    model = choose_model({}, Assumptions())
    found = (*job.faults, finding.at(job.prompt))
    nothing = resolve(parse(""))
    return Examined(job, nothing, {}, Extra({}, (), ()), model, Content((), (), ""), (), (), found)


def compile_job(examined: Examined, style: Emit = "structured") -> Compiled | None:
    """The request of a job; None if it has errors.

    Args:
        examined: The job after `examine`.
        style: ``structured`` puts parameters into fields, ``flat`` into the prompt.
    """
    if examined.has_errors:
        return None
    emission = emit(meaning_of(examined), style)
    repeat = examined.settings.get("repeat") or examined.extra.values.get("repeat")
    return Compiled(
        job=examined.job,
        id=_shown_id(examined, emission.fingerprint),
        request=Request("POST", ENDPOINT, emission.body),
        final_prompt=emission.final_prompt,
        billing_key=emission.billing_key,
        fingerprint=emission.fingerprint,
        repeat=repeat.value if repeat and isinstance(repeat.value, int) else 1,
        images=examined.identities,
        diagnostics=examined.diagnostics,
    )


def _shown_id(examined: Examined, fingerprint: str) -> str:
    job = examined.job
    if job.id is None:
        return slug(examined.content.text, fingerprint)
    return f"{job.id}-{_piece(fingerprint)}" if job.siblings else job.id


def _piece(fingerprint: str) -> str:
    """Enough of a fingerprint to tell jobs apart."""
    return fingerprint.rpartition(":")[2][:8]


def slug(text: str, fingerprint: str) -> str:
    """A name for a job without id: the beginning of its text and a piece of its fingerprint."""
    words = _SLUG_WORD.findall(text[:200].lower())
    name = ""
    for word in words:
        if len(name) + len(word) > 32:  # noqa: PLR2004 (short enough for a table and a file name)
            break
        name += f"{word}-"
    return f"{name or 'job-'}{_piece(fingerprint)}"


@lru_cache(maxsize=1 << 10)
def _resolve(text: str, known_flags: frozenset[str]) -> Resolved:
    return resolve(parse(text), known_flags)


def _identities(
    links: tuple[str, ...], setting: Setting | None, job: Job, *, outside: bool
) -> tuple[tuple[str, ...], tuple[str, ...], list[Diagnostic]]:
    """The prompt's links, then the field's images, each once, and what each of them is."""
    value = setting.value if setting else None
    own = [str(item) for item in value] if isinstance(value, list) else []
    images = merged(links, own)
    if not own:
        return images, links, []
    identities, found = [], []
    for image in images:
        try:
            identities.append(identify(image, job.folder, outside=outside))
        except (ImageError, OSError, ValueError) as error:
            place = setting.places[own.index(image)] if setting else job.prompt.location
            rule = rules.INVALID_IMAGE
            found.append(Diagnostic(rule, rule.severity, _why(error, image), place))
    return images, tuple(identities), found


def _why(error: Exception, image: str) -> str:
    if isinstance(error, ImageError):
        return str(error)
    shown = image if len(image) <= 60 else f"{image[:57]}..."  # noqa: PLR2004 (room on a line)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no path"
    return f"`{shown}` cannot be read: {reason}"


def _overridden(settings: Settings) -> list[Diagnostic]:
    found = []
    for weaker, stronger in overridden(settings):
        shown = stronger.value if isinstance(stronger.value, str | int | float) else "..."
        found.append(
            Diagnostic(
                rules.OVERRIDDEN_BY_FIELD,
                rules.OVERRIDDEN_BY_FIELD.severity,
                f"`{weaker.origin.label}` is overridden by `{stronger.origin.label}`, which sets {shown}",
                weaker.origin.whole,
                notes=(Note("the field stands here", stronger.origin.name_location),),
            )
        )
    return found


def _with_length(examined: Examined) -> Examined:
    """The final prompt must not be too long; it is built only where it might be."""
    text = len(examined.job.prompt.text)
    extra = examined.settings.get("extra")
    negative = examined.settings.get("negative_prompt")
    room = text + sum(len(str(s.value)) for s in (extra, negative) if s) + 1000
    if room < LONGEST_PROMPT:
        return examined
    length = len(emit(meaning_of(examined), "flat").final_prompt)
    if length <= LONGEST_PROMPT:
        return examined
    place = Span(min(LONGEST_PROMPT, text), text)
    finding = Finding(
        rules.PROMPT_TOO_LONG,
        place,
        f"the prompt has {length} characters with its parameters; Midjourney takes {LONGEST_PROMPT}",
    )
    return replace(examined, diagnostics=(*examined.diagnostics, finding.at(examined.job.prompt)))
