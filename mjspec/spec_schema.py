"""The JSON Schema of spec files that follows from the table, for editors and other checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mjspec.domains import Choice, References, Switch, Terms
from mjspec.jobs.model import HD_VERSION
from mjspec.limits import allowed
from mjspec.parameters import BY_KEY, PARAMETERS
from mjspec.schemas import BASE, BODY_FIELDS, NOTE, PLAIN, takes_images
from mjspec.versions import NIJI, VERSIONS, find_version

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.versions import Version

__all__ = ["spec_schema"]


def spec_schema() -> dict[str, Any]:
    """What a spec file may hold (draft-07, which editors support best)."""
    fields = {name: {"$ref": f"#/definitions/{name}"} for name in BODY_FIELDS}
    variables = {"type": "object", "description": "Variables for ${name}."}
    inheritable = {
        "extends": {
            "description": "Spec files merged first, relative to this one.",
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "defaults": {
            "type": "object",
            "description": "Values that fill what neither the prompt nor a field sets.",
            "properties": fields,
            "additionalProperties": False,
        },
        "vars": variables,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": BASE + "spec.json",
        "$comment": NOTE,
        "title": "mjspec spec file",
        "type": "object",
        "properties": {
            "mjspec": {"enum": [1, "1"], "description": "Version of the format."},
            **inheritable,
            **fields,
            "id": {"type": ["string", "number"], "description": "Name of the job."},
            "copies": {"$ref": "#/definitions/copies"},
            "matrix": {"$ref": "#/definitions/matrix"},
            "rows": {"$ref": "#/definitions/rows"},
            "jobs": {"type": "array", "items": {"$ref": "#/definitions/job"}},
        },
        "additionalProperties": False,
        "allOf": [{"$ref": "#/definitions/versions"}],
        "definitions": {
            **{name: _spec_field(name) for name in BODY_FIELDS},
            "copies": {
                "description": "Samples of one prompt.",
                "anyOf": [
                    {"type": "integer", "minimum": 1, "maximum": 10_000},
                    {"type": "null"},
                ],
            },
            "versions": {"allOf": _version_rules()},
            "rows": {"type": "string", "description": "A .csv or .jsonl file: one job a row."},
            "matrix": {
                "type": "object",
                "description": "One job for each combination of values.",
                "properties": {
                    "exclude": {"type": "array", "items": {"type": "object"}},
                    "include": {"type": "array", "items": {"type": "object"}},
                },
                "additionalProperties": {"type": "array"},
            },
            "job": {
                "type": "object",
                "properties": {
                    "id": {"type": ["string", "number"], "description": "Name of the job."},
                    **fields,
                    "vars": variables,
                    "copies": {"$ref": "#/definitions/copies"},
                    "matrix": {"$ref": "#/definitions/matrix"},
                    "rows": {"$ref": "#/definitions/rows"},
                },
                "additionalProperties": False,
                "allOf": [{"$ref": "#/definitions/versions"}],
            },
        },
    }


def _spec_field(name: str) -> dict[str, Any]:
    """A field as YAML may write it: `null` unsets, and ${name} may stand for any value."""
    if name in PLAIN:
        schema = dict(PLAIN[name])
        if name in ("prompt", "extra"):
            schema["type"] = ["string", "number", "boolean"]
        if name == "prompt":
            return schema
        if name == "image_urls":
            schema = {
                "description": schema.pop("description"),
                "anyOf": [schema, {"type": "string", "minLength": 1}],
            }
        return _or_else(schema)
    parameter = BY_KEY[name]
    text = {"description": f"{parameter.summary} --{parameter.flag}"}
    if name == "version":
        return _or_else({"enum": _spellings(VERSIONS), **text})
    if name == "niji":
        return _or_else({"type": "boolean", **text})
    return _or_else({**_as_written(parameter.domain), **text})


def _as_written(domain: Domain) -> dict[str, Any]:
    """The values of a field as they may be typed in YAML, where many a text looks like a number."""
    schema = {key: value for key, value in domain.schema().items() if key != "x-maxRatio"}
    if isinstance(domain, Choice) and domain.numeric:
        return {"enum": [form for text in domain.values for form in (text, float(text))]}
    if isinstance(domain, Terms) or (isinstance(domain, Choice) and domain.pattern):
        return {**schema, "type": ["string", "number", "boolean"]}
    if isinstance(domain, References) and domain.codes:
        return {"anyOf": [schema, {"type": "integer", "minimum": 0}]}
    return schema


def _or_else(schema: dict[str, Any]) -> dict[str, Any]:
    text = {"description": schema["description"]} if "description" in schema else {}
    inner = {key: value for key, value in schema.items() if key != "description"}
    inner = {"anyOf": [inner]} if "anyOf" not in inner else inner
    return {**text, "anyOf": [*inner["anyOf"], *_ELSE]}


# A variable may stand for any value, and null for none.
_ELSE: list[dict[str, Any]] = [{"type": "string", "pattern": r"\$\{"}, {"type": "null"}]


def _version_rules() -> list[dict[str, Any]]:
    """One ``if``/``then`` for each version: what it has not, and what it takes less of."""
    numbers = _or_else({"enum": _spellings(NIJI)})
    rules = [_rule({"niji": {"const": True}}, {"version": numbers}, "version")]
    for version in VERSIONS:
        niji = {"niji": {"const": True}} if version.niji else _NO_NIJI
        rules.append(_rule({"version": {"enum": _spellings((version,))}, **niji}, _less(version)))
    # The provider adds the version to `hd`.
    implied = _rule({"hd": {"const": True}, **_NO_NIJI}, _less(find_version(HD_VERSION)))
    implied["if"]["not"] = {"required": ["version"]}
    return [rule for rule in [*rules, implied] if rule["then"]["properties"]]


_NO_NIJI: dict[str, Any] = {"niji": {"not": {"const": True}}}


def _rule(when: dict[str, Any], then: dict[str, Any], *needed: str) -> dict[str, Any]:
    """What holds where fields have some values; those that are compared with something must be there."""
    required = [*needed, *(key for key, value in when.items() if "not" not in value)]
    return {"if": {"properties": when, "required": required}, "then": {"properties": then}}


def _less(version: Version | None) -> dict[str, Any]:
    """The fields of which a version takes less than any version does."""
    less: dict[str, Any] = {}
    for parameter in PARAMETERS:
        if not parameter.field or version is None or parameter.key in ("version", "niji"):
            continue
        domain = allowed(parameter, version)
        if domain is None:
            off = (
                {"enum": [False, None]}
                if isinstance(parameter.domain, Switch)
                else {"type": "null"}
            )
            less[parameter.field] = off
        elif _as_written(domain) != _as_written(parameter.domain):
            less[parameter.field] = _or_else(_as_written(domain))
    if version is not None and not takes_images(version):
        less["image_urls"] = {"anyOf": [{"type": "array", "maxItems": 0}, {"type": "null"}]}
    return less


def _spellings(versions: tuple[Version, ...]) -> list[Any]:
    """The numbers as text and, where YAML reads one, as a number."""
    texts = dict.fromkeys(n for v in versions for n in (v.number, *v.spellings))
    numbers = dict.fromkeys(float(n) if "." in n else int(n) for n in texts)
    return [*texts, *dict.fromkeys(n for n in numbers)]
