"""MJ5: what costs more than it seems to."""

from __future__ import annotations

from mjspec.rules.rule import INFO, WARNING, define

MANY_JOBS = define(
    "MJ501",
    "many-jobs",
    INFO,
    "A prompt stands for several jobs.",
    why=(
        "A permutation makes one job of each combination, and each has its price (page on"
        " permutations). Groups multiply: three groups of three are 27 jobs."
    ),
    bad="a {red, blue} fox in the {snow, rain}",
    good="a red fox in the snow",
    kind="mj",
)
REPEAT_MULTIPLIES_COST = define(
    "MJ502",
    "repeat-multiplies-cost",
    INFO,
    "`--repeat` multiplies the price of a job.",
    why=(
        "The job runs as often as it says, each time at its price (page on repeat). The plan and"
        " the limit of `--max-cost` count it that way."
    ),
    bad="a fox in the snow --repeat 4",
    good="a fox in the snow",
)
DUPLICATE_JOB = define(
    "MJ503",
    "duplicate-job",
    WARNING,
    "Two jobs are the same.",
    why=(
        "Jobs without ids that mean the same are one job and are submitted once, however they are"
        " spelled. For several samples of one prompt write `copies: 4`."
    ),
    bad="a fox in the snow --ar 16:9\na fox in the snow --aspect 16:9\n",
    good="a fox in the snow --ar 16:9\na fox in the rain --ar 16:9\n",
    kind="mj",
)
PLAN_RESTRICTED = define(
    "MJ504",
    "plan-restricted",
    WARNING,
    "A parameter works only with some plans or speeds.",
    why=(
        "Stealth belongs to the Pro and Mega plans, repeat to fast and turbo mode (pages on GPU"
        " speed and repeat). The provider's account decides, and yours is not asked."
    ),
    bad="a fox in the snow --stealth",
    good="a fox in the snow",
)
