"""How the provider understands a body: one prompt out of text, flags and fields.

Written on its own, without mjspec's parser and compiler, so that tests have a second opinion.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["Flag", "Model", "final_prompt", "model", "read_flags", "settings"]

_FLAG = re.compile(r"(?:^|(?<=\s))(?:--|—)([A-Za-z][A-Za-z0-9_-]*)")

# Fields in the order in which they are appended; version and niji share the second place.
_APPENDED = (
    ("size", "--ar"),
    ("version", "--v"),
    ("style", "--style"),
    ("raw", "--raw"),
    ("stylize", "--s"),
    ("chaos", "--c"),
    ("weird", "--w"),
    ("quality", "--q"),
    ("negative_prompt", "--no"),
    ("seed", "--seed"),
    ("tile", "--tile"),
    ("iw", "--iw"),
    ("sref", "--sref"),
    ("sw", "--sw"),
    ("cref", "--cref"),
    ("cw", "--cw"),
    ("dref", "--dref"),
    ("dw", "--dw"),
    ("repeat", "--r"),
    ("draft", "--draft"),
    ("hd", "--hd"),
    ("stop", "--stop"),
)
_ALIASES = {
    "ar": "size",
    "aspect": "size",
    "v": "version",
    "s": "stylize",
    "c": "chaos",
    "w": "weird",
    "q": "quality",
    "no": "negative_prompt",
    "r": "repeat",
    "relax": "speed",
    "fast": "speed",
    "turbo": "speed",
}
_SAME = {field for field, _ in _APPENDED} - {"size", "negative_prompt"} | {"niji"}
_SWITCHES = frozenset(("raw", "tile", "draft", "hd"))
_NUMBERS: dict[str, Callable[[str], float]] = {
    **dict.fromkeys(("seed", "stylize", "chaos", "weird", "cw", "sw", "repeat", "stop"), int),
    **dict.fromkeys(("iw", "dw"), float),
}


class Flag(NamedTuple):
    """One flag of a prompt: its name in lower case, its value, and all of it as it was written."""

    name: str
    value: str
    text: str

    @property
    def field(self) -> str:
        """The field of the body that means the same; empty if there is none."""
        return self.name if self.name in _SAME else _ALIASES.get(self.name, "")


class Model(NamedTuple):
    """The model that was asked for; ``number`` is empty when none was named."""

    number: str
    niji: bool

    @property
    def flag(self) -> str:
        """How a prompt names it."""
        return f"--{'niji' if self.niji else 'v'} {self.number}".rstrip()


@lru_cache(maxsize=64)
def read_flags(prompt: str) -> tuple[str, tuple[Flag, ...]]:
    """The text of a prompt and the flags behind it."""
    starts = [match.start() for match in _FLAG.finditer(prompt)]
    pieces = [prompt[at:end].strip() for at, end in pairwise([*starts, len(prompt)])]
    flags = []
    for piece in pieces:
        match = _FLAG.match(piece)
        if match:
            flags.append(Flag(match[1].lower(), piece[match.end() :].strip(), piece))
    return prompt[: starts[0] if starts else None].strip(), tuple(flags)


def settings(body: Mapping[str, Any]) -> dict[str, Any]:
    """What holds in the end, by field: the body over the prompt, and both over ``extra``."""
    result: dict[str, Any] = {}
    for source in ("extra", "prompt"):
        result.update(_from_flags(read_flags(str(body.get(source) or ""))[1]))
    named = model(body)
    result.update((name, value) for name, value in body.items() if value is not None)
    result.pop("version", None)
    result["niji"] = named.niji
    if named.number:
        result["version"] = named.number
    return result


def model(body: Mapping[str, Any]) -> Model:
    """The model: the body's fields over the prompt's flag, ``hd`` alone meaning 8.1."""
    typed = _typed_model(body)
    niji, version = body.get("niji"), body.get("version")
    if version is not None:
        return Model(str(version), bool(niji))
    if niji is True:
        return Model(typed.number if typed else "", niji=True)
    if typed and not (typed.niji and niji is False):
        return typed
    return Model("8.1" if _wants_hd(body) else "", niji=False)


def final_prompt(body: Mapping[str, Any]) -> str:
    """The one string that Midjourney sees."""
    text, flags = read_flags(str(body.get("prompt") or ""))
    given = {name for name, value in body.items() if value is not None}
    if given & {"version", "niji"}:
        given |= {"version", "niji"}
    links = [link for link in body.get("image_urls") or () if str(link).startswith("http")]
    parts = [*(link for link in links if link not in text.split()), text]
    # The route takes the speed, so it is no part of what Midjourney sees.
    kept = [flag for flag in flags if flag.field != "speed" and flag.field not in given]
    added = _added_model(body)
    if added and kept:
        kept.insert(kept[0].field == "size", Flag("v", "", added))
        added = ""
    parts += [flag.text for flag in kept]
    parts += _appended(body, added)
    parts.append(str(body.get("extra") or "").strip())
    return " ".join(part for part in parts if part)


def _appended(body: Mapping[str, Any], added: str) -> list[str]:
    parts = []
    for field, flag in _APPENDED:
        value = body.get(field)
        if field == "version":
            parts.append(_model_flag(body) or added)
        elif field in _SWITCHES:
            parts.append(flag if value is True else "")
        elif value is not None:
            parts.append(f"{flag} {_spelled(value)}")
    return parts


def _model_flag(body: Mapping[str, Any]) -> str:
    if body.get("version") is None and body.get("niji") is None:
        return ""
    named = model(body)
    return named.flag if named.niji or named.number else ""


def _added_model(body: Mapping[str, Any]) -> str:
    named = model(body)
    silent = not _typed_model(body) and not _model_flag(body)
    return named.flag if silent and named.number else ""


def _typed_model(body: Mapping[str, Any]) -> Model | None:
    for source in ("prompt", "extra"):
        for flag in reversed(read_flags(str(body.get(source) or ""))[1]):
            if flag.field in ("version", "niji"):
                return Model(flag.value, flag.field == "niji")
    return None


def _wants_hd(body: Mapping[str, Any]) -> bool:
    if body.get("hd") is not None:
        return bool(body["hd"])
    flags = read_flags(f"{body.get('prompt') or ''} {body.get('extra') or ''}")[1]
    return any(flag.name == "hd" for flag in flags)


def _from_flags(flags: Iterable[Flag]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for flag in flags:
        if flag.field == "speed":
            values["speed"] = flag.name
        elif flag.field in _SWITCHES:
            values[flag.field] = True
        elif flag.field not in ("", "niji", "version"):
            values[flag.field] = _number(flag)
    return values


def _number(flag: Flag) -> float | str:
    try:
        return _NUMBERS.get(flag.field, str)(flag.value)
    except ValueError:
        return flag.value


def _spelled(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else repr(value)  # noqa: PLR2004 (no exponents)
    return str(value)
