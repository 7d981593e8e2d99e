"""The HTML of one job of a gallery: its card, its images, and what stands where there are none."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.dispatch.exhibits import Exhibit, Picture

__all__ = ["card", "figure"]

_FLAG = re.compile(r"(?<!\S)--[a-z]+")
_NEXT = {
    "planned": "not sent yet; `mjspec resume` sends it",
    "intent": "on its way",
    "submitted": "sent; the provider has it",
    "running": "the provider works on it",
    "downloading": "paid; images are still to be fetched with `mjspec resume`",
    "unknown": "it may have been charged; `mjspec resolve` decides",
    "failed": "the provider gave no reason",
    "rejected": "the provider gave no reason",
}


def card(exhibit: Exhibit, number: int) -> Iterator[str]:
    """A job with everything that is known about it.

    Args:
        exhibit: The job.
        number: Its place on the page, from 1.
    """
    state, axes = escape(exhibit.state), escape(json.dumps(dict(exhibit.axes), ensure_ascii=False))
    yield (
        f'<article class="job" id="job-{number}" data-state="{state}" data-axes="{axes}"'
        f' aria-labelledby="name-{number}"><div class="facts"><header>'
        f'<h3 id="name-{number}" tabindex="-1">{escape(exhibit.id)}</h3>{_state(exhibit)}</header>'
        f'<p class="prompt">{_prompt(exhibit.prompt)}</p><ul class="settings">'
    )
    for name, value in exhibit.settings.items():
        mark = ' class="differs"' if name in exhibit.differing else ""
        yield f'<li{mark} data-name="{escape(name)}">{escape(name)} <b>{escape(value)}</b></li>'
    yield (
        '</ul><div class="actions" data-script>'
        '<button type="button" data-copy=".prompt">Copy prompt</button>'
        '<button type="button" data-copy=".yaml">Copy YAML</button></div>'
        f'<details><summary>YAML</summary><pre class="yaml" tabindex="0">{escape(exhibit.yaml)}</pre>'
        f"</details></div>{_shots(exhibit)}{_blank(exhibit)}</article>\n"
    )


def figure(exhibit: Exhibit, number: int, caption: str) -> str:
    """A job as a cell of the grid shows it; its caption leads to its card."""
    return (
        f'<figure data-job="{number}">{_shots(exhibit)}{_blank(exhibit)}<figcaption>'
        f'<a href="#job-{number}">{escape(caption)}</a></figcaption></figure>'
    )


def _state(exhibit: Exhibit) -> str:
    state = escape(exhibit.state)
    return f'<span class="state {state}">{state}</span>'


def _prompt(text: str) -> str:
    # Browsers break a line between two hyphens, which nobody can read back.
    return _FLAG.sub(r'<span class="flag">\g<0></span>', escape(text))


def _blank(exhibit: Exhibit) -> str:
    """Why there is no image, or not every one."""
    if exhibit.error is None and exhibit.pictures:
        return ""
    why = exhibit.error or _NEXT.get(exhibit.state, "no images came")
    hint = _NEXT["unknown"] if exhibit.state == "unknown" and exhibit.error else ""
    words = "; ".join(part for part in (why, hint) if part)
    return f'<p class="blank">{_state(exhibit)} <span class="why">{_code(words)}</span></p>'


def _code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _shots(exhibit: Exhibit) -> str:
    total = len(exhibit.pictures)
    items = "".join(
        _shot(picture, f"{exhibit.id}, {number} of {total}", number)
        for number, picture in enumerate(exhibit.pictures, 1)
    )
    return f'<ul class="shots">{items}</ul>' if items else ""


def _shot(picture: Picture, name: str, number: int) -> str:
    file = escape(picture.path)
    if not picture.here:
        return f'<li class="gone">{number}: the file {file} is gone</li>'
    address = _address(picture.path)
    # With its size known beforehand the page does not jump when the image comes.
    size = f' width="{picture.size[0]}" height="{picture.size[1]}"' if picture.size else ""
    return (
        f'<li><a href="{address}" title="{file}"><img src="{address}" loading="lazy"'
        f' decoding="async"{size} alt="{escape(name)}"></a></li>'
    )


def _address(path: str) -> str:
    # With the dot in front no file name can pass for a scheme.
    return "./" + escape(quote(path))
