"""What the images of a job are called."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.template import (
    DEFAULT_TEMPLATE,
    NO_VALUE,
    check_fields,
    check_template,
    fields_of,
    stems,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.dispatch.job import JSON, PaidJob
    from mjspec.dispatch.rows import Asset
    from mjspec.dispatch.storage import Store

__all__ = ["check_naming", "image_stems", "sample_stem", "settle_template", "template_of"]

_NOTE = "template"
_KEPT = " It is that of an earlier run in this folder; `--name` gives another."
_MODEL = re.compile(r"@imagine-(?:v(?=\d))?((?:niji)?\d[\d.]*)")
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_LONGEST_SLUG = 60
_FIRST: dict[str, Any] = {"number": 1, "task_id": "task_id", "url": "", "state": "wanted"}


def check_naming(template: str, jobs: Iterable[PaidJob], note: str = "") -> None:
    """Raises `TemplateError` if a template cannot name the images of these jobs."""
    check_template(template)
    names: set[str] = set()
    job = None
    for job in jobs:
        names |= job.variables.keys() | job.fields.keys()
        names |= {name for name, value in job.body.items() if not isinstance(value, list | dict)}
    if job is not None:
        check_fields(template, names, note)


def settle_template(store: Store, chosen: str | None, jobs: list[PaidJob] | None) -> None:
    """Fixes what images are called from this run on: the folder remembers it.

    Args:
        store: The folder's ledger.
        chosen: What was asked for now; without it the folder's own template stays.
        jobs: The jobs to name; ``None`` for those of the folder.

    Raises:
        TemplateError: It asks for something that none of the jobs has.
    """
    template = template_of(store) if chosen is None else chosen
    if chosen is not None or jobs:
        if jobs is None:
            from mjspec.dispatch.rows import job_of

            jobs = [job_of(row) for row in store.read("SELECT * FROM job")]
        check_naming(template, jobs, _KEPT if chosen is None else "")
    if chosen is not None:
        store.note(_NOTE, chosen)


def template_of(store: Store) -> str:
    """The template of a folder."""
    return store.noted(_NOTE) or DEFAULT_TEMPLATE


def sample_stem(template: str, job: PaidJob) -> str:
    """What the first image of a job will be called, without its ending."""
    from mjspec.dispatch.rows import Asset

    empty = dict.fromkeys(Asset.__slots__)
    return next(image_stems(template, job, Asset(**{**empty, **_FIRST})))


def image_stems(template: str, job: PaidJob, asset: Asset) -> Iterator[str]:
    """Names without ending for one image, the best first, without end."""
    fields = fields_of(template)
    values = {name: _value(job, name) for name in fields}
    values |= {
        "id": job.id,
        "index": str(asset.number),
        "copy": str(job.copy),
        "version": _version(job),
        "fingerprint": job.fingerprint.rpartition(":")[2][:8],
        "task_id": asset.task_id,
        "prompt": _slug(job),
    }
    # Copies are told apart by their number, not by which of them came home first.
    if job.copy > 1 and "copy" not in fields and "task_id" not in fields:
        if "id" in fields:
            values["id"] += f"-copy{job.copy}"
        else:
            template += f"-copy{job.copy}"
    return stems(template, values, job.fingerprint)


def _value(job: PaidJob, name: str) -> str:
    for values in (job.variables, job.fields, job.body):
        if name in values:
            return _text(values[name])
    return NO_VALUE


def _text(value: JSON) -> str:
    if value is None or value == "":
        return NO_VALUE
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _version(job: PaidJob) -> str:
    """The model as the bill names it: ``7``, ``niji6``; it knows what the provider assumes."""
    found = _MODEL.search(job.billing_key)
    return found[1] if found else NO_VALUE


def _slug(job: PaidJob) -> str:
    """The prompt's first words without its links and flags."""
    text = job.body.get("prompt")
    words = str(text or "").partition(" --")[0].split()
    kept = " ".join(word for word in words if "://" not in word).lower()
    slug = ""
    for word in _WORD.findall(kept[:400]):
        longer = f"{slug}-{word}" if slug else word
        if len(longer.encode()) > _LONGEST_SLUG:
            break
        slug = longer
    # Where there are no spaces between words, the beginning of the first one has to do.
    return slug or kept.encode()[:_LONGEST_SLUG].decode("utf-8", "ignore") or NO_VALUE
