"""Compiled jobs as purchases: one for each copy, with the local images that go along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.dispatch.job import LocalImage, Origin, PaidJob
from mjspec.jobs.images import is_local, locate
from mjspec.spec.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.jobs.compiler import Compiled
    from mjspec.jobs.examined import Examined

__all__ = ["paid_jobs"]


def paid_jobs(jobs: Iterable[Compiled | Examined]) -> Iterator[PaidJob]:
    """One purchase for each copy of each job, ready for `Runner.run`.

    Args:
        jobs: What `mjspec.compile` gives, or the jobs that `mjspec.load` gives.

    Raises:
        CompileError: A job has errors and makes no request.
    """
    for one in jobs:
        compiled = _compiled(one)
        job = compiled.job
        images = _local_images(compiled)
        origin = Origin(job.origin.source.name, *job.origin.start)
        chosen = dict(job.variables)
        for copy in range(1, job.copies + 1):
            yield PaidJob(
                id=compiled.id,
                written=job.written,
                fingerprint=compiled.fingerprint,
                copy=copy,
                body=compiled.request.body,
                local_images=images,
                final_prompt=compiled.final_prompt,
                billing_key=compiled.billing_key,
                origin=origin,
                repeat=compiled.repeat,
                fields={key: value for key, value in chosen.items() if key in FIELDS},
                variables={key: value for key, value in chosen.items() if key not in FIELDS},
                url=compiled.request.url,
            )


def _compiled(job: Compiled | Examined) -> Compiled:
    from mjspec.api import CompileError
    from mjspec.jobs.compiler import Compiled, compile_job

    if isinstance(job, Compiled):
        return job
    compiled = compile_job(job, "structured")
    if compiled is None:
        raise CompileError(job.diagnostics)
    return compiled


def _local_images(compiled: Compiled) -> dict[int, LocalImage]:
    """The files to read at submission, with the content that the fingerprint stands for."""
    images = compiled.request.body.get("image_urls")
    found: dict[int, LocalImage] = {}
    if isinstance(images, list):
        for index, (image, identity) in enumerate(zip(images, compiled.images, strict=True)):
            if isinstance(image, str) and is_local(image):
                path = locate(image, compiled.job.folder, outside=True)
                found[index] = LocalImage(path, identity.removeprefix("sha256:"))
    return found
