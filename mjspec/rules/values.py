"""MJ2: parameters and their values."""

from __future__ import annotations

from mjspec.rules.rule import ERROR, define

UNKNOWN_PARAMETER = define(
    "MJ201",
    "unknown-parameter",
    ERROR,
    "A parameter does not exist.",
    why=(
        "Midjourney refuses a prompt with parameters that it does not recognize. Only your own"
        " custom options (`/prefer option set`) are an exception: list those under `known-flags` in"
        " the configuration. What is newer than this table can be put into the field `extra`."
    ),
    bad="a fox in the snow --stylise 250",
    good="a fox in the snow --stylize 250",
    fix="Writes the most similar name; unsafe, since it is a guess.",
)
MISSING_VALUE = define(
    "MJ202",
    "missing-value",
    ERROR,
    "A parameter has no value.",
    why=(
        "Nothing stands for a value that is left out: a parameter has its default only where it is"
        " missing altogether (parameter list). Switches such as `--tile` and `--raw`, and"
        " `--profile` for your default profile, are all that may stand alone."
    ),
    bad="a fox in the snow --ar",
    good="a fox in the snow --ar 16:9",
)
UNEXPECTED_VALUE = define(
    "MJ203",
    "unexpected-value",
    ERROR,
    "A parameter that takes no value has one.",
    why=(
        "Switches such as `--tile` and `--raw` are on by being there. To switch one off, leave it"
        " out; a value behind it is text behind the parameters."
    ),
    bad="moss on stone --tile true",
    good="moss on stone --tile",
    fix="Removes the value; unsafe, since `false` may have been meant.",
)
INVALID_VALUE = define(
    "MJ204",
    "invalid-value",
    ERROR,
    "A value is not of the kind that its parameter takes.",
    why=(
        "Ratios are two whole numbers with a colon between them (page on aspect ratios), most other"
        " values are numbers. Midjourney answers `Invalid value` to anything else."
    ),
    bad="a fox in the snow --ar 16x9",
    good="a fox in the snow --ar 16:9",
    fix="Writes the same ratio with a colon.",
)
OUT_OF_RANGE = define(
    "MJ205",
    "out-of-range",
    ERROR,
    "A value lies outside the range of its parameter.",
    why=(
        "The ranges are those of the provider's endpoint page, narrowed by what Midjourney's"
        " version page and legacy chart say about the version. Values beyond them are refused; the"
        " habit of `--s 2500` is from version 3."
    ),
    bad="a fox in the snow --stylize 2500",
    good="a fox in the snow --stylize 1000",
    fix="Writes the nearest value that is allowed; unsafe, since it is another one.",
)
MISSING_REFERENCE = define(
    "MJ206",
    "missing-reference",
    ERROR,
    "A parameter needs another one that is not there.",
    why=(
        "Weights need what they weigh: `--iw` an image prompt, `--sw` and `--sv` a `--sref`, `--cw`"
        " a `--cref`, `--ow` an `--oref`. Midjourney refuses `--sw` without a `--sref`."
    ),
    bad="a fox in the snow --sw 200",
    good="a fox in the snow --sref https://example.com/style.png --sw 200",
)
CONFLICTING_PARAMETERS = define(
    "MJ207",
    "conflicting-parameters",
    ERROR,
    "Two parameters exclude each other.",
    why=(
        "`--v` and `--niji` both choose the model, `--fast`, `--relax` and `--turbo` the speed,"
        " `--hd` and `--sd` the size. Others do not work together: `--oref` and `--draft`, `--edit`"
        " and `--tile` (pages on omni reference and editing)."
    ),
    bad="a fox in the snow --v 7 --niji 7",
    good="a fox in the snow --niji 7",
)
DUPLICATE_PARAMETER = define(
    "MJ208",
    "duplicate-parameter",
    ERROR,
    "A parameter is written twice in one prompt.",
    why=(
        "No page says which of two values counts, so an image may come out other than meant. Two"
        " equal ones are a warning. Several `--no` are joined into one."
    ),
    bad="a fox in the snow --ar 16:9 --ar 1:1",
    good="a fox in the snow --ar 1:1",
)
OBSOLETE_PARAMETER = define(
    "MJ209",
    "obsolete-parameter",
    ERROR,
    "A parameter belonged to an older Midjourney.",
    why=(
        "Left-over suffixes of old prompts are refused today; the FAQ answers questions about"
        " `--upbeta`. In a version that knew the parameter it is a warning."
    ),
    bad="a fox in the snow --upbeta",
    good="a fox in the snow",
    fix="Removes a parameter that nothing replaces.",
)
INVALID_WEIGHTS = define(
    "MJ210",
    "invalid-weights",
    ERROR,
    "The weights of a multi-prompt do not add up to more than zero.",
    why=(
        "Midjourney asks for a positive sum of all weights (page on multi-prompts); a part without"
        " a number weighs 1. Versions 1 to 3 take whole numbers only."
    ),
    bad="a fox::1 snow::-1 --v 6.1",
    good="a fox::1 snow::-0.5 --v 6.1",
)
