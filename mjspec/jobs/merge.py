"""Layers of values become one: the strongest value of each key wins and remembers what it overrode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mjspec.language.settings import JSON, Layer, Setting, Settings

__all__ = ["merge", "overridden"]

_MODEL = ("version", "niji")
_BODY = ("field", "spec", "set")


def merge(layers: Sequence[Layer]) -> Settings:
    """The strongest setting of each key.

    Args:
        layers: From the weakest to the strongest: defaults, the prompt, fields, ``--spec``, ``--set``.

    Rules, from the provider's page and the contract of the format: a field overrides the flag of
    the prompt; ``null`` unsets the fields and defaults below it; ``metadata`` merges key by key;
    the model is one choice, see `_merge_model`.
    """
    result: dict[str, Setting] = {}
    for layer in layers:
        for key, setting in layer.values.items():
            if key in _MODEL:
                continue
            if key in result:
                _put(result, key, setting)
            else:
                result[key] = setting
    models = [layer for layer in layers if "version" in layer.values or "niji" in layer.values]
    if models:
        result.update(_merge_model(models))
    return {key: setting for key, setting in result.items() if setting.value is not None}


def overridden(settings: Settings) -> tuple[tuple[Setting, Setting], ...]:
    """The settings of the prompt that a field replaced, each with the field that did."""
    found: dict[int, tuple[Setting, Setting]] = {}
    for setting in settings.values():
        if setting.origin.kind in _BODY:
            for weaker in setting.overrides:
                if weaker.origin.kind == "prompt":
                    found.setdefault(weaker.origin.name_span.start, (weaker, setting))
    return tuple(found.values())


def _put(result: dict[str, Setting], key: str, setting: Setting) -> None:
    before = result.get(key)
    if before is None:
        result[key] = setting
        return
    if setting.value is None:
        # `null` unsets fields and defaults; a flag of the prompt is neither, and counts again.
        flag = next((s for s in _chain(before) if s.origin.kind == "prompt"), None)
        result[key] = flag or setting._replace(overrides=_chain(before))
        return
    value: JSON = setting.value
    if key == "metadata" and isinstance(value, dict) and isinstance(before.value, dict):
        value = {**before.value, **value}
    result[key] = setting._replace(value=value, overrides=_chain(before))


def _chain(*before: Setting | None) -> tuple[Setting, ...]:
    """Settings that were replaced, each followed by what it had replaced itself."""
    chain: list[Setting] = []
    for setting in before:
        if setting is not None:
            chain += [setting._replace(overrides=()), *setting.overrides]
    return tuple(chain)


def _merge_model(layers: Sequence[Layer]) -> dict[str, Setting]:
    """Version and niji.

    A prompt's ``--v`` or ``--niji`` is one choice: it overrides defaults as a whole, and a field
    ``version``, or ``niji: false`` against ``--niji``, overrides it as a whole. ``niji: true``
    takes its number from whatever ``version`` holds. Among fields the two merge separately.
    """
    model = _strongest(layer for layer in layers if layer.kind == "default")
    prompt = _strongest(layer for layer in layers if layer.kind == "prompt")
    fields = _strongest(layer for layer in layers if layer.kind in _BODY)
    if prompt:
        model = _over(prompt, model)
    version, niji = fields.get("version"), fields.get("niji")
    replaced = prompt and (
        (version is not None and version.value is not None)
        or (niji is not None and niji.value is False and "niji" in prompt)
    )
    if replaced:
        strongest = [setting for setting in (version, niji) if setting is not None]
        return {
            setting.key: setting._replace(overrides=(*setting.overrides, *_chain(*_sorted(model))))
            for setting in strongest
        }
    for setting in (version, niji):
        if setting is not None:
            _put(model, setting.key, setting)
    return model


def _sorted(model: dict[str, Setting]) -> list[Setting]:
    return [model[key] for key in _MODEL if key in model]


def _over(prompt: dict[str, Setting], weaker: dict[str, Setting]) -> dict[str, Setting]:
    """The prompt's choice, remembering the defaults under it on one of its settings."""
    model = dict(prompt)
    first = next(iter(_sorted(model)))
    model[first.key] = first._replace(overrides=_chain(*_sorted(weaker)))
    return model


def _strongest(layers: Iterable[Layer]) -> dict[str, Setting]:
    result: dict[str, Setting] = {}
    for layer in layers:
        for key in _MODEL:
            if key in layer.values:
                _put(result, key, layer.values[key])
    return result
