"""A job and everything that is known about it before it is compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.jobs.emit import Meaning
from mjspec.parameters import BY_KEY

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.extra import Extra
    from mjspec.jobs.job import Job
    from mjspec.jobs.model import Model
    from mjspec.language.content import Content
    from mjspec.language.resolve import Resolved
    from mjspec.language.settings import Settings

__all__ = ["Examined", "meaning_of"]


@dataclass(frozen=True, slots=True)
class Examined:
    """A job and everything that is known about it before it is compiled.

    Attributes:
        job: What was asked for.
        resolved: Its prompt, understood.
        settings: The strongest value of each key.
        extra: What the field ``extra`` says.
        model: The model version that it runs on.
        content: Links and text of its prompt.
        images: Every image prompt without weight.
        identities: What each image is; empty where an image cannot be used.
        diagnostics: Everything that was found.
    """

    job: Job
    resolved: Resolved
    settings: Settings
    extra: Extra
    model: Model
    content: Content
    images: tuple[str, ...]
    identities: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Whether it must not be compiled."""
        found = self.diagnostics
        return bool(found) and any(one.severity is Severity.ERROR for one in found)


def meaning_of(examined: Examined) -> Meaning:
    """What a job without errors means."""
    settings, extra, model = examined.settings, examined.extra, examined.model
    values = {
        key: setting.value
        for key, setting in settings.items()
        if key in BY_KEY and setting.value is not False
    }
    if "version" in values and model.setting is settings.get("version"):
        values["version"] = model.number
    speed = settings.get("speed") or extra.values.get("speed")
    metadata = settings.get("metadata")
    text = str(settings["extra"].value) if "extra" in settings else ""
    return Meaning(
        content=examined.content,
        images=examined.images,
        identities=examined.identities,
        values=values,
        model=model,
        speed=str(speed.value) if speed else None,
        metadata=metadata.value if metadata else None,
        kept=examined.resolved.kept,
        extra=text if text.strip() else "",
        extra_values={key: setting.value for key, setting in extra.values.items()},
        extra_rest=extra.rest,
    )
