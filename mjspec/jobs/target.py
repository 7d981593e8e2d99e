"""Every prompt as if it were on one version: what it says about versions itself does not count."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mjspec import rules

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.jobs.job import Job
    from mjspec.language.resolve import Resolved

__all__ = ["on_target"]

_MODEL = frozenset({"version", "niji"})
_CHOICES = (
    rules.CONFLICTING_PARAMETERS,
    rules.DUPLICATE_PARAMETER,
    rules.INVALID_VALUE,
    rules.MISSING_VALUE,
    rules.UNKNOWN_VERSION,
)
"""What can be wrong with the choice of a version; how it is typed is another matter."""


def on_target(job: Job, resolved: Resolved) -> tuple[Job, Resolved]:
    """A job and its prompt without any choice of a model, and without findings about one."""
    layers = [
        layer._replace(values={k: one for k, one in layer.values.items() if k not in _MODEL})
        for layer in job.layers
    ]
    spans = [use.span for use in resolved.uses if use.key in _MODEL]

    def counts(finding: Finding) -> bool:
        inside = any(span.start <= finding.span.start <= span.end for span in spans)
        return not (inside and finding.rule in _CHOICES)

    return replace(job, layers=tuple(layers)), replace(
        resolved,
        values={key: value for key, value in resolved.values.items() if key not in _MODEL},
        findings=tuple(filter(counts, resolved.findings)),
    )
