"""The table of parameters: the one place for names, values, ranges, versions and fields.

Everything else is derived from these rows: the JSON Schemas, the reference, completion and the
checks. A row holds facts and no logic. Sources are named as in Midjourney's documentation (the
version page, the legacy chart, the parameter list, the FAQ) and the provider's endpoint page.
``H`` is official text, ``M`` and ``L`` are two and one secondary sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.domains import Choice, Number, Ratio, References, Selector, Switch, Terms
from mjspec.parameter import Limit, Parameter, absent, only, within
from mjspec.versions import MAIN, NIJI, span

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.versions import Version

__all__ = ["BY_FLAG", "BY_KEY", "MISTAKEN", "PARAMETERS", "Limit", "Parameter"]


def _quality(*values: str) -> Choice:
    return Choice(values, numeric=True)


_SV = span("6-", "6-")
_PERCENT = Number(0, 100)
_NIJI_STYLES = ("cute", "expressive", "scenic", "original")
# A style of another version is no code of the Style Tuner.
_TUNED = f"(?!(?:{'|'.join(_NIJI_STYLES)})$)[A-Za-z0-9-]{{4,}}"

_FIELDS: tuple[Parameter, ...] = (
    Parameter(
        name="aspect",
        flag="ar",
        aliases=("aspect",),
        field="size",
        domain=Ratio(),
        default="1:1",
        summary="Ratio of width to height.",
        source="Parameter list, legacy chart, version page",
        limits=(
            within(span("3"), Ratio(2.5)),
            within(span("1-2"), Ratio(2.5), "M"),
            within(span("4", "4"), Ratio(2)),
            within(span("6-7,8.1-8.2"), Ratio(14)),
        ),
    ),
    Parameter(
        name="version",
        flag="v",
        aliases=("version",),
        field="version",
        domain=Selector(tuple(version.number for version in MAIN)),
        summary="Model version.",
        source="Version page, endpoint page",
        excludes=("niji",),
    ),
    Parameter(
        name="niji",
        flag="niji",
        field="niji",
        domain=Selector(tuple(version.number for version in NIJI), optional=True),
        summary="Model of the niji family, for anime.",
        source="Version page, endpoint page",
        excludes=("version",),
    ),
    Parameter(
        name="style",
        flag="style",
        field="style",
        domain=Choice((), pattern="[A-Za-z0-9-]+", kind="a word"),
        summary="Style of the model version, such as raw.",
        source="Legacy chart",
        limits=(
            absent(span("1-3,5", "4"), source="Legacy chart"),
            within(span("4"), Choice(("4a", "4b", "4c"))),
            within(span("5.1"), Choice(("raw",))),
            within(
                span("5.2"),
                Choice(("raw", "random"), pattern=_TUNED, kind="a Style Tuner code"),
            ),
            within(span("6-", "6-"), Choice(("raw",))),
            within(span("", "5"), Choice(_NIJI_STYLES)),
        ),
    ),
    Parameter(
        name="raw",
        flag="raw",
        field="raw",
        domain=Switch(),
        default="off",
        summary="Less of the house style.",
        source="Endpoint page: v5.1+; raw mode: niji 6 and 7",
        limits=(only(span("5.1-", "6-"), "provider"),),
    ),
    Parameter(
        name="stylize",
        flag="s",
        aliases=("stylize",),
        field="stylize",
        domain=Number(0, 1000),
        default="100",
        summary="Strength of the house style.",
        source="Endpoint page, legacy chart",
        limits=(
            absent(span("", "4")),
            within(span("3"), Number(625, 60000)),
            within(span("1-2"), Number(625, 60000), "M"),
        ),
    ),
    Parameter(
        name="chaos",
        flag="c",
        aliases=("chaos",),
        field="chaos",
        domain=_PERCENT,
        default="0",
        summary="How much the images of one job differ.",
        source="Endpoint page, parameter list",
    ),
    Parameter(
        name="weird",
        flag="w",
        aliases=("weird",),
        field="weird",
        domain=Number(0, 3000),
        default="0",
        summary="How unusual the images are.",
        source="Endpoint page, parameter list",
        limits=(absent(span("1-4", "4"), "M"),),
    ),
    Parameter(
        name="quality",
        flag="q",
        aliases=("quality",),
        field="quality",
        domain=_quality("0.25", "0.5", "1", "2"),
        default="1",
        summary="How much time is spent on the first images.",
        source="Endpoint page, legacy chart, version page",
        limits=(
            only(span("1-7", "4-6")),
            within(span("4-5.2", "4-5"), _quality("0.25", "0.5", "1")),
            within(span("6-6.1", "6"), _quality("0.5", "1", "2"), "M"),
            within(span("7"), _quality("1", "2", "4")),
        ),
    ),
    Parameter(
        name="no",
        flag="no",
        field="negative_prompt",
        domain=Terms(),
        summary="What should not be in the image.",
        source="No parameter",
    ),
    Parameter(
        name="seed",
        flag="seed",
        field="seed",
        domain=Number(0, 4294967295),
        default="random",
        summary="Where the random numbers start.",
        source="Seeds",
    ),
    Parameter(
        name="tile",
        flag="tile",
        field="tile",
        domain=Switch(),
        default="off",
        summary="An image that repeats without seams.",
        source="Legacy chart, version page",
        excludes=("edit",),
        limits=(absent(span("4", "4")), absent(span("", "7"), "L")),
    ),
    Parameter(
        name="iw",
        flag="iw",
        field="iw",
        domain=Number(0, 3, decimal=True),
        default="1",
        summary="Weight of the image prompts against the text.",
        source="Endpoint page, image prompts",
        needs="image_urls",
        limits=(
            absent(span("8", "4")),
            within(span("4-5.2", "5"), Number(0, 2, decimal=True)),
            within(span("4-5.2"), Number(0.5, 2, decimal=True), "L"),
            within(span("", "5"), Number(0.2, 2, decimal=True), "L"),
            within(span("", "7"), Number(0, 2, decimal=True)),
        ),
    ),
    Parameter(
        name="sref",
        flag="sref",
        field="sref",
        domain=References(links=True, codes=True, words=("random",), weighted=True),
        summary="Style references: links, codes or random.",
        source="Style reference",
        limits=(only(span("6-", "6-")),),
    ),
    Parameter(
        name="sw",
        flag="sw",
        field="sw",
        domain=Number(0, 1000),
        default="100",
        summary="Weight of the style references.",
        source="Endpoint page, style reference",
        needs="sref",
        limits=(only(span("6-", "6-")),),
    ),
    Parameter(
        name="cref",
        flag="cref",
        field="cref",
        domain=References(links=True, weighted=True),
        summary="Character references: links.",
        source="Version page",
        limits=(only(span("6-6.1", "6")),),
    ),
    Parameter(
        name="cw",
        flag="cw",
        field="cw",
        domain=_PERCENT,
        default="100",
        summary="Weight of the character references.",
        source="Endpoint page, version page",
        needs="cref",
        limits=(only(span("6-6.1", "6")),),
    ),
    Parameter(
        name="dref",
        flag="dref",
        field="dref",
        domain=References(links=True, most=1),
        summary="Depth reference: a link.",
        source="Endpoint page",
        confidence="L",
        limits=(only(span("7"), "L"),),
    ),
    Parameter(
        name="dw",
        flag="dw",
        field="dw",
        domain=Number(0, 100, decimal=True),
        summary="Weight of the depth reference.",
        source="Endpoint page",
        needs="dref",
        confidence="L",
        limits=(only(span("7"), "L"),),
    ),
    Parameter(
        name="repeat",
        flag="r",
        aliases=("repeat",),
        field="repeat",
        domain=Number(2, 40),
        summary="How often the job runs, each time at its price.",
        source="Endpoint page",
        mode="runs only in fast or turbo mode; Basic 4, Standard 10, Pro and Mega 40 at most",
    ),
    Parameter(
        name="draft",
        flag="draft",
        field="draft",
        domain=Switch(),
        default="off",
        summary="A quick and cheap sketch.",
        source="Endpoint page: v7+; draft mode: not niji",
        excludes=("oref",),
        disputes=("hd",),
        limits=(only(span("7-"), "provider"),),
    ),
    Parameter(
        name="hd",
        flag="hd",
        field="hd",
        domain=Switch(),
        default="off",
        summary="Images of 2048 pixels.",
        source="Endpoint page: v8 / v8.1 only",
        excludes=("sd",),
        disputes=("draft",),
        limits=(only(span("8-8.1"), "provider"),),
    ),
    Parameter(
        name="stop",
        flag="stop",
        field="stop",
        domain=Number(10, 100),
        default="100",
        summary="Stops the work early, at this percentage.",
        source="Endpoint page: v5 to 6.1, niji 5 and 6",
        limits=(only(span("5-6.1", "5-6"), "provider"),),
    ),
)

_FLAGS: tuple[Parameter, ...] = (
    Parameter(
        name="exp",
        flag="exp",
        domain=_PERCENT,
        default="0",
        summary="More detail and invention.",
        source="Version page",
        limits=(only(span("7-", "7")),),
    ),
    Parameter(
        name="sv",
        flag="sv",
        domain=Number(1, 7),
        summary="Version of the style reference.",
        source="Style reference",
        needs="sref",
        limits=(
            only(_SV),
            within(span("6-6.1", "6"), Number(1, 4)),
            within(span("7"), Number(1, 6)),
            within(span("8"), Number(6, 7), "M"),
            within(span("8.1-8.2"), Number(6, 6), "M"),
            within(span("", "7"), Number(6, 6), "L"),
        ),
    ),
    Parameter(
        name="oref",
        flag="oref",
        domain=References(links=True, most=1),
        summary="Omni reference: one link.",
        source="Omni reference",
        excludes=("draft",),
        limits=(only(span("7")),),
    ),
    Parameter(
        name="ow",
        flag="ow",
        domain=Number(0, 1000),
        default="100",
        summary="Weight of the omni reference.",
        source="Omni reference",
        needs="oref",
        limits=(only(span("7")), within(span("7"), Number(1, 1000), "M")),
    ),
    Parameter(
        name="edit",
        flag="edit",
        domain=References(links=True, most=4),
        summary="Images to edit: one to four links.",
        source="Edit",
        excludes=("tile",),
        limits=(only(span("8.1-8.2")),),
    ),
    Parameter(
        name="profile",
        flag="p",
        aliases=("profile", "personalize"),
        domain=References(names=True, optional=True, weighted=True),
        summary="Personalization: your profile, or the codes of profiles and moodboards.",
        source="Personalization",
        limits=(only(span("6-", "6-")),),
    ),
    Parameter(
        name="sd",
        flag="sd",
        domain=Switch(),
        default="on",
        summary="Images of 1024 pixels.",
        source="Updates",
        excludes=("hd",),
        limits=(only(span("8.1-8.2")),),
    ),
    Parameter(
        name="preview",
        flag="preview",
        domain=Switch(),
        summary="A test of June 2026 of what became version 8.2.",
        source="Updates",
        confidence="M",
    ),
    Parameter(
        name="stealth",
        flag="stealth",
        domain=Switch(),
        summary="Keeps the images off the public gallery.",
        source="GPU speed and stealth",
        disputes=("public",),
        mode="works only with the Pro and Mega plans",
    ),
    Parameter(
        name="public",
        flag="public",
        domain=Switch(),
        summary="Shows the images in the public gallery.",
        source="GPU speed and stealth",
        disputes=("stealth",),
    ),
    Parameter(
        name="video",
        flag="video",
        domain=References(words=("1",), most=1, optional=True),
        summary="A video from the image at the front.",
        source="Video",
        needs="image_urls",
    ),
    Parameter(
        name="motion",
        flag="motion",
        domain=Choice(("low", "high")),
        default="low",
        summary="How much moves in a video.",
        source="Video",
        needs="video",
    ),
    Parameter(
        name="loop",
        flag="loop",
        domain=Switch(),
        summary="A video that ends where it begins.",
        source="Video",
        needs="video",
        disputes=("end",),
    ),
    Parameter(
        name="end",
        flag="end",
        domain=References(links=True, most=1),
        summary="The last frame of a video: one link.",
        source="Video",
        needs="video",
        disputes=("loop",),
    ),
    Parameter(
        name="bs",
        flag="bs",
        domain=Choice(("1", "2", "4"), numeric=True),
        default="4",
        summary="How many videos one job makes.",
        source="Video",
        needs="video",
    ),
    Parameter(
        name="fast",
        flag="fast",
        domain=Switch(),
        speed="fast",
        summary="Fast mode: the field speed.",
        source="GPU speed, endpoint page",
    ),
    Parameter(
        name="relax",
        flag="relax",
        domain=Switch(),
        speed="relax",
        summary="Relax mode: the field speed.",
        source="GPU speed, endpoint page",
    ),
    Parameter(
        name="turbo",
        flag="turbo",
        domain=Switch(),
        speed="turbo",
        summary="Turbo mode: the field speed.",
        source="GPU speed, endpoint page",
    ),
)


def _dead(
    name: str,
    replacement: str,
    *aliases: str,
    domain: Domain | None = None,
    was: frozenset[Version] = frozenset(),
    summary: str,
) -> Parameter:
    return Parameter(
        name=name,
        flag=name,
        aliases=aliases,
        domain=domain or Switch(),
        summary=summary,
        replacement=replacement,
        was=was,
        source="Manual of 2022, FAQ",
    )


_PIXELS = Number(1, 100_000)
_DEAD: tuple[Parameter, ...] = (
    _dead("width", "use `--ar`", domain=_PIXELS, was=span("1-3"), summary="Width in pixels."),
    _dead(
        "height", "use `--ar`", "h", domain=_PIXELS, was=span("1-3"), summary="Height in pixels."
    ),
    _dead(
        "sameseed",
        "use `--seed`",
        domain=References(codes=True, most=1, optional=True),
        was=span("1-3"),
        summary="The same noise for the four images.",
    ),
    _dead("test", "choose a version with `--v`", summary="A model of August 2022."),
    _dead("testp", "choose a version with `--v`", summary="A model of August 2022."),
    _dead("creative", "it went with `--test`", summary="A variant of the test models."),
    _dead("beta", "choose a version with `--v`", summary="An algorithm of 2022."),
    _dead("upbeta", "leave it out", was=span("1-4", "4"), summary="An upscaler of 2022."),
    _dead("uplight", "leave it out", was=span("1-4", "4"), summary="An upscaler of 2022."),
    _dead("upanime", "leave it out", was=span("1-4", "4"), summary="An upscaler of 2022."),
    _dead("hq", "use `--q 2`", summary="An early switch for quality."),
    _dead("newclip", "leave it out", summary="An early switch."),
    _dead("nostretch", "leave it out", summary="An early switch."),
    _dead("old", "leave it out", summary="An early switch."),
    _dead("vibe", "use `--v 1`", summary="An early model name."),
    _dead("vibefast", "use `--v 1`", summary="An early model name."),
    _dead("wallpaper", "use `--ar 16:9`", summary="A size of 2022: 1920 by 1024."),
    _dead("sl", "use `--ar 3:2`", summary="A size of 2022: small landscape."),
    _dead("ml", "use `--ar 3:2`", summary="A size of 2022: medium landscape."),
    _dead("ll", "use `--ar 3:2`", summary="A size of 2022: large landscape."),
    _dead("sp", "use `--ar 2:3`", summary="A size of 2022: small portrait."),
    _dead("mp", "use `--ar 2:3`", summary="A size of 2022: medium portrait."),
    _dead("lp", "use `--ar 2:3`", summary="A size of 2022: large portrait."),
    _dead("tune", "use `--sref`", summary="The Style Tuner of version 5.2."),
)

PARAMETERS: tuple[Parameter, ...] = _FIELDS + _FLAGS + _DEAD
"""Every parameter, in the order in which they are written into a prompt."""

BY_FLAG: dict[str, Parameter] = {
    spelling: parameter for parameter in PARAMETERS for spelling in parameter.spellings
}
"""A parameter by each of its spellings, without dashes."""

BY_KEY: dict[str, Parameter] = {parameter.key: parameter for parameter in PARAMETERS}
"""A parameter by the name that settings use."""

MISTAKEN: dict[str, str] = {
    "neg": "no",
    "negative": "no",
    "negative-prompt": "no",
    "negative_prompt": "no",
    "not": "no",
    "without": "no",
    "ratio": "ar",
    "aspectratio": "ar",
    "aspect-ratio": "ar",
    "aspect_ratio": "ar",
    "model": "v",
    "ver": "v",
    "styleref": "sref",
    "charref": "cref",
    "omniref": "oref",
}
"""Names that people try, and the parameter they mean; too far apart for a comparison of letters."""
