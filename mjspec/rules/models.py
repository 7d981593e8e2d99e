"""MJ3: model versions."""

from __future__ import annotations

from mjspec.rules.rule import ERROR, define

UNSUPPORTED_IN_VERSION = define(
    "MJ301",
    "unsupported-in-version",
    ERROR,
    "A parameter or a value does not exist in the model version.",
    why=(
        "Each version drops parameters and brings others; the version page, the legacy chart and"
        " the provider's endpoint page say which. Midjourney answers, for instance, `--cref is not"
        " compatible with --version 7`: there it is `--oref`. `mjspec params` shows the whole matrix. Where no version is named,"
        " this is a warning about the newest one."
    ),
    bad="a fox in the snow --v 7 --stop 80",
    good="a fox in the snow --v 6.1 --stop 80",
)
UNKNOWN_VERSION = define(
    "MJ302",
    "unknown-version",
    ERROR,
    "A model version does not exist.",
    why=(
        "It is no version of the version page, or one of the other family: 6.1 is no niji version."
        " A version newer than this table can be declared under `versions` in the configuration."
    ),
    bad="a fox in the snow --v 6.2",
    good="a fox in the snow --v 6.1",
    fix="Writes the nearest version; unsafe, since it is another one.",
)
MULTI_PROMPT_UNSUPPORTED = define(
    "MJ303",
    "multi-prompt-unsupported",
    ERROR,
    "The model version has no multi-prompts.",
    why=(
        "The version page lists multi-prompts and weights for versions up to 6.1 and niji up to 6."
        " From 7 on `::` has no meaning; whether such a prompt is refused or its weights become words"
        " is not documented."
    ),
    bad="hot::2 dog --v 7",
    good="hot::2 dog --v 6.1",
)
