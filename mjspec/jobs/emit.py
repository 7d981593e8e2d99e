"""From settings to a request: body, final prompt, billing key and fingerprint."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from mjspec.parameters import BY_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.jobs.model import Model
    from mjspec.language.content import Content
    from mjspec.language.settings import JSON

__all__ = ["ENDPOINT", "Emission", "Emit", "Meaning", "besides_text", "emit"]

ENDPOINT = "https://api.apimart.ai/v1/midjourney/generations"
FINGERPRINT_VERSION = 1
"""Raised only on purpose: another number makes every paid job look new."""

_SCALARS = (str, int, float)
_RANK = {key: rank for rank, key in enumerate(BY_KEY)}
"""The place of each parameter in the order of the table."""
_FIELDS = frozenset(key for key, parameter in BY_KEY.items() if parameter.field)

Emit = Literal["structured", "flat"]


class Meaning(NamedTuple):
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


class Emission(NamedTuple):
    """What is sent, shown and paid."""

    body: dict[str, JSON]
    final_prompt: str
    billing_key: str
    fingerprint: str


def emit(meaning: Meaning, style: Emit) -> Emission:
    """The request in one of its two spellings; everything else is the same in both."""
    text = meaning.content.prompt
    flags = _flags(meaning.values)
    body = _flat(meaning, text, flags) if style == "flat" else _structured(meaning, text, flags)
    return Emission(
        body,
        _final_prompt(meaning, text, flags),
        _billing_key(meaning),
        _fingerprint(meaning, text),
    )


def _structured(meaning: Meaning, text: str, flags: Mapping[str, str]) -> dict[str, JSON]:
    body: dict[str, JSON] = {"prompt": text}
    if meaning.images:
        body["image_urls"] = list(meaning.images)
    others = []
    values, fields = meaning.values, _FIELDS
    # A version that `--niji` says has no flag of its own.
    for key in flags if len(flags) == len(values) else sorted(values, key=_RANK.__getitem__):
        if key in fields:
            body[key] = values[key]
        else:
            others.append(flags[key])
    extra = " ".join([*others, *meaning.kept, *([meaning.extra] if meaning.extra else [])])
    if extra:
        body["extra"] = extra
    return _with_rest(body, meaning)


def _flat(meaning: Meaning, text: str, flags: Mapping[str, str]) -> dict[str, JSON]:
    words = [text, *flags.values(), *meaning.kept, meaning.extra]
    body: dict[str, JSON] = {"prompt": " ".join(filter(None, words))}
    if meaning.images:
        body["image_urls"] = list(meaning.images)
    return _with_rest(body, meaning)


def _with_rest(body: dict[str, JSON], meaning: Meaning) -> dict[str, JSON]:
    """The body with what stays a field in both spellings."""
    if meaning.speed and "speed" not in meaning.extra_values:
        body["speed"] = meaning.speed
    if meaning.metadata:
        body["metadata"] = meaning.metadata
    return body


def _flags(values: Mapping[str, JSON]) -> dict[str, str]:
    """Each parameter as a flag, in the order of the table."""
    keys = sorted(values, key=_RANK.__getitem__)
    if values.get("niji") is True:
        keys = [key for key in keys if key != "version"]
    flags = {}
    for key in keys:
        value = values[key]
        flags[key] = _flag(key, value if isinstance(value, _SCALARS) else None)
    if "niji" in flags:
        flags["niji"] = f"--{BY_KEY['niji'].flag} {values.get('version') or ''}".strip()
    return flags


# Values recur. Those of different types that are equal, as `1` and `True`, are told apart.
@lru_cache(maxsize=1 << 12, typed=True)
def _flag(key: str, value: str | float | None) -> str:
    """A parameter with a value; nothing stands behind what no text can say."""
    parameter = BY_KEY[key]
    text = "" if value is None else parameter.domain.write(value)
    return f"--{parameter.flag} {text}".strip()


def _final_prompt(meaning: Meaning, text: str, flags: Mapping[str, str]) -> str:
    """The string that Midjourney sees."""
    if meaning.model.implied:
        flags = _flags({**meaning.values, "version": meaning.model.number})
    images = map(_shown, meaning.images)
    words = [*images, text, *flags.values(), *meaning.kept, meaning.extra]
    return " ".join(filter(None, words))


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


def _fingerprint(meaning: Meaning, text: str) -> str:
    """SHA-256 over what the job means; golden tests freeze it."""
    canonical = {"text": text, **_besides_text(meaning)}
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
