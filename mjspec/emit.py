"""From settings to a request: body, final prompt, billing key and fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mjspec.parameters import BY_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mjspec.content import Content
    from mjspec.model import Model
    from mjspec.settings import JSON

__all__ = ["ENDPOINT", "Emission", "Emit", "Meaning", "besides_text", "emit"]

ENDPOINT = "https://api.apimart.ai/v1/midjourney/generations"
FINGERPRINT_VERSION = 1
"""Raised only on purpose: another number makes every paid job look new."""

_RANK = {key: rank for rank, key in enumerate(BY_KEY)}
"""The place of each parameter in the order of the table."""

Emit = Literal["structured", "flat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a job means, whatever it was written in.

    Attributes:
        content: Links and text of the prompt.
        images: Every image prompt without weight: links, data URIs, base64 or local paths.
        identities: What each image is, for the fingerprint; a link is itself.
        values: The typed value of each parameter, switched-off ones left out.
        model: The model version.
        speed: The GPU speed; None where nothing names one.
        metadata: Saved with the task; means nothing to the job.
        kept: Custom flags and parameters with permutations, as typed.
        extra: The user's ``extra``.
        extra_values: What ``extra`` sets, already judged free of conflicts.
        extra_rest: What of ``extra`` is no known parameter, for the fingerprint.
    """

    content: Content
    images: tuple[str, ...]
    identities: tuple[str, ...]
    values: Mapping[str, JSON]
    model: Model
    speed: str | None
    metadata: JSON
    kept: tuple[str, ...]
    extra: str
    extra_values: Mapping[str, JSON]
    extra_rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Emission:
    """What is sent, shown and paid."""

    body: dict[str, JSON]
    final_prompt: str
    billing_key: str
    fingerprint: str


def emit(meaning: Meaning, style: Emit) -> Emission:
    """The request in one of its two spellings; everything else is the same in both."""
    body = _flat(meaning) if style == "flat" else _structured(meaning)
    return Emission(body, _final_prompt(meaning), _billing_key(meaning), _fingerprint(meaning))


def _structured(meaning: Meaning) -> dict[str, JSON]:
    body: dict[str, JSON] = {"prompt": meaning.content.prompt}
    if meaning.images:
        body["image_urls"] = list(meaning.images)
    others = {}
    for key in sorted(meaning.values, key=_RANK.__getitem__):
        if BY_KEY[key].field:
            body[key] = meaning.values[key]
        else:
            others[key] = meaning.values[key]
    flags = [flag for _, flag in _flags(others)]
    extra = " ".join([*flags, *meaning.kept, *([meaning.extra] if meaning.extra else [])])
    if extra:
        body["extra"] = extra
    return {**body, **_beside(meaning)}


def _flat(meaning: Meaning) -> dict[str, JSON]:
    flags = [flag for _, flag in _flags(meaning.values)]
    words = [meaning.content.prompt, *flags, *meaning.kept, meaning.extra]
    body: dict[str, JSON] = {"prompt": " ".join(word for word in words if word)}
    if meaning.images:
        body["image_urls"] = list(meaning.images)
    return {**body, **_beside(meaning)}


def _beside(meaning: Meaning) -> dict[str, JSON]:
    """What stays a field in both spellings."""
    fields: dict[str, JSON] = {}
    if meaning.speed and "speed" not in meaning.extra_values:
        fields["speed"] = meaning.speed
    if meaning.metadata:
        fields["metadata"] = meaning.metadata
    return fields


def _flags(values: Mapping[str, JSON]) -> Iterable[tuple[str, str]]:
    """Each parameter as a flag, in the order of the table."""
    niji = values.get("niji") is True
    for key in sorted(values, key=_RANK.__getitem__):
        if key == "version" and niji:
            continue
        parameter, value = BY_KEY[key], values[key]
        if key == "niji":
            text = str(values.get("version") or "")
        else:
            text = parameter.domain.write(value) if isinstance(value, str | int | float) else ""
        yield key, f"--{parameter.flag} {text}".strip()


def _final_prompt(meaning: Meaning) -> str:
    """The string that Midjourney sees."""
    values = dict(meaning.values)
    if meaning.model.implied:
        values["version"] = meaning.model.number
    images = [_shown(image) for image in meaning.images]
    flags = [flag for _, flag in _flags(values)]
    words = [*images, meaning.content.prompt, *flags, *meaning.kept, meaning.extra]
    return " ".join(word for word in words if word)


def _shown(image: str) -> str:
    """A link as it is; an image that has none yet by what it is."""
    if image.startswith(("http://", "https://")):
        return image
    if image.startswith("data:"):
        return f"<{image[5:].partition(';')[0] or 'image'}>"
    return f"<{image}>" if len(image) <= 200 else "<image>"  # noqa: PLR2004 (base64 is longer)


def _billing_key(meaning: Meaning) -> str:
    key = "midjourney@imagine"
    if meaning.model.slug:
        key += f"-{meaning.model.slug}"
    if meaning.speed in ("fast", "turbo"):
        key += f"-{meaning.speed}"
    return key


def _fingerprint(meaning: Meaning) -> str:
    """SHA-256 over what the job means; golden tests freeze it."""
    canonical = {"text": meaning.content.prompt, **_besides_text(meaning)}
    digest = hashlib.sha256(_json(canonical).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{FINGERPRINT_VERSION}:sha256:{digest}"


def besides_text(meaning: Meaning) -> str:
    """What a job means besides its text; equal jobs have equal texts and this in common."""
    return _json(_besides_text(meaning))


def _besides_text(meaning: Meaning) -> dict[str, JSON]:
    values = {**meaning.values, **meaning.extra_values}
    values.pop("speed", None)
    if meaning.model.number:
        values["version"] = meaning.model.number
    return {
        "images": list(meaning.identities),
        "parameters": values,
        "speed": meaning.speed,
        "other": [*sorted([*meaning.kept, *meaning.extra_rest])],
    }


_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
