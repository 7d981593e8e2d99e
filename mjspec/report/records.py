"""Jobs and their values as plain data, for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.compiler import Compiled, Examined
    from mjspec.language.settings import Setting
    from mjspec.source import Location

__all__ = ["explain_record", "job_record", "place_record", "setting_records"]


def place_record(place: Location) -> dict[str, Any]:
    """A place as path, line and column."""
    line, column = place.start
    return {"path": place.source.name, "line": line, "column": column}


def job_record(job: Compiled) -> dict[str, Any]:
    """A compiled job, as ``mjspec compile --format json`` prints it."""
    found = job.diagnostics
    return {
        "id": job.id,
        "origin": place_record(job.job.origin),
        "request": {
            "method": job.request.method,
            "url": job.request.url,
            "body": dict(job.request.body),
        },
        "final_prompt": job.final_prompt,
        "billing_key": job.billing_key,
        "fingerprint": job.fingerprint,
        "diagnostics": _found_records(found) if found else [],
    }


def _found_records(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    from mjspec.report.structured import record

    return [record(one) for one in found]


def explain_record(examined: Examined, compiled: Compiled | None) -> dict[str, Any]:
    """A job's values with their places, as ``mjspec explain --format json`` prints it."""
    record: dict[str, Any] = {
        "id": compiled.id if compiled else examined.job.id,
        "origin": place_record(examined.job.origin),
        "prompt": examined.content.prompt,
        "settings": setting_records(examined),
    }
    if compiled:
        record |= {
            "final_prompt": compiled.final_prompt,
            "billing_key": compiled.billing_key,
            "fingerprint": compiled.fingerprint,
        }
    return record


def setting_records(examined: Examined) -> list[dict[str, Any]]:
    """Each value: what it is, where it comes from, what it overrode."""
    return [
        {**_setting(setting), "overrides": [_setting(weaker) for weaker in setting.overrides]}
        for setting in examined.settings.values()
    ]


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "field": setting.key,
        "value": setting.value,
        "source": setting.origin.kind,
        "label": setting.origin.label,
        "origin": place_record(setting.origin.name_location),
    }
