"""What the provider says about a body, at once and later.

At submission it refuses, with 400 and without a charge: a body that is no JSON object, a prompt
that is missing or empty, a field of the wrong JSON type, a value outside the ranges of the field
table, and a field that the named version does not have. Unknown fields are ignored, null counts as
absent.

Accepted, charged, failed in the end and refunded, with ``upstream code=4``: a version that nobody
knows, and flags in the prompt or in ``extra`` whose values the field table would not allow.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from mjspec.sandbox.prompts import Model, model, read_flags, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema import Draft202012Validator, ValidationError

__all__ = ["body_errors", "upstream_reason"]

_MAIN = ("5", "5.1", "5.2", "6", "6.1", "7", "8", "8.1", "8.2")
_NIJI = ("5", "6", "7")
_LONGEST_MESSAGE = 300
_TYPES = {"prompt": (str, "a string"), "version": (str, "a string"), "niji": (bool, "a boolean")}


def body_errors(body: object) -> list[str]:
    """Why the provider refuses a body at submission; empty if it accepts it."""
    if not isinstance(body, dict):
        return ["request body must be a JSON object"]
    given = {name: value for name, value in body.items() if value is not None}
    errors = [
        f"{name} must be {words}"
        for name, (kind, words) in _TYPES.items()
        if name in given and not isinstance(given[name], kind)
    ]
    if errors:
        return errors
    if not str(given.get("prompt", "")).strip():
        return ["prompt is required for imagine"]
    return _schema_errors(given, model(given))


def upstream_reason(body: Mapping[str, Any]) -> str:
    """Why Midjourney refuses an accepted body in the end; empty if it does not."""
    named = model(body)
    known = _NIJI if named.niji else _MAIN
    if named.number and named.number not in known:
        # The spelling that was seen live.
        flag = "--niji" if named.niji else "--v"
        return f"upstream code=4: {flag} 必须是 [{','.join(map(repr, known))}] 之一"
    if not any(read_flags(str(body.get(name) or ""))[1] for name in ("prompt", "extra")):
        return ""
    errors = _schema_errors(settings(body), named)
    return f"upstream code=4: {errors[0]}" if errors else ""


def _schema_errors(fields: Mapping[str, Any], named: Model) -> list[str]:
    known = named.number in (_NIJI if named.niji else _MAIN)
    prefix = "niji" if named.niji else "v"
    validator, names = _validator(f"{prefix}{named.number}.json" if known else "unversioned.json")
    # The model is judged on its own: the schema was chosen by it.
    checked = {
        name: value
        for name, value in fields.items()
        if name in names and name not in ("version", "niji")
    }
    return [_worded(error, named) for error in validator.iter_errors(checked)]


def _worded(error: ValidationError, named: Model) -> str:
    name = ".".join(map(str, error.absolute_path))
    if error.validator in ("not", "const"):
        return f"{name} is not available for {named.flag}"
    return f"invalid {name}: {error.message[:_LONGEST_MESSAGE]}"


@cache
def _validator(file: str) -> tuple[Draft202012Validator, frozenset[str]]:
    from jsonschema import Draft202012Validator

    from mjspec._resources import schema

    loaded = schema(file)
    return Draft202012Validator(loaded), frozenset(loaded["properties"])
