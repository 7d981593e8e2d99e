"""MJ4: prompts, fields and defaults laid over each other."""

from __future__ import annotations

from mjspec.rules.rule import ERROR, INFO, define

OVERRIDDEN_BY_FIELD = define(
    "MJ401",
    "overridden-by-field",
    INFO,
    "A field replaces a parameter of the prompt.",
    why=(
        "At the provider, values of the body override the same parameter in the prompt (endpoint"
        " page). The parameter is not sent, so that nothing stands twice."
    ),
    bad="prompt: a fox --ar 1:1\nsize: '16:9'\n",
    good="prompt: a fox\nsize: '16:9'\n",
    kind="yaml",
)
EXTRA_CONFLICT = define(
    "MJ402",
    "extra-conflict",
    ERROR,
    "`extra` sets a parameter that something else sets too.",
    why=(
        "The provider appends `extra` to the prompt as it is (endpoint page), so the parameter"
        " would stand twice, and which one counts is not known. Set it in one place."
    ),
    bad="prompt: a fox\nstylize: 250\nextra: --s 500\n",
    good="prompt: a fox\nstylize: 500\n",
    kind="yaml",
)
SPEED_IN_PROMPT = define(
    "MJ403",
    "speed-in-prompt",
    INFO,
    "A prompt chooses the speed, and so the price.",
    why=(
        "The provider bills by the field `speed` (endpoint page), with relax as its default. A"
        " `--fast` in the prompt is moved into the field, so that the bill and the work agree."
    ),
    bad="a fox in the snow --fast",
    good="a fox in the snow",
)
