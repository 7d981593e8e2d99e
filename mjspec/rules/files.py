"""MJ0: files, specs and the jobs in them."""

from __future__ import annotations

from mjspec.rules.rule import ERROR, INFO, WARNING, define

INVALID_YAML = define(
    "MJ002",
    "invalid-yaml",
    ERROR,
    "A spec is not valid YAML.",
    why=(
        "Nothing of a file with a syntax error is used. In prompts it is nearly always a colon"
        " followed by a space, a `{`, `[`, `*` or `&` at the beginning, or a quote inside quotes:"
        " all of them mean something to YAML. Quote the prompt, or write it behind `prompt: >-`,"
        " where no sign has a meaning."
    ),
    bad="prompt: a cat: sleeping on a mat\n",
    good="prompt: >-\n  a cat: sleeping on a mat\n",
    kind="yaml",
)
DUPLICATE_KEY = define(
    "MJ003",
    "duplicate-key",
    ERROR,
    "A key stands twice in one mapping.",
    why=(
        "YAML says that keys are unique, yet most readers keep the last one without a word, so one"
        " of the two values would be lost."
    ),
    bad="prompt: a fox\nseed: 1\nseed: 2\n",
    good="prompt: a fox\nseed: 2\n",
    kind="yaml",
)
UNKNOWN_FIELD = define(
    "MJ004",
    "unknown-field",
    ERROR,
    "A key of a spec, a column or a `--set` is no field.",
    why=(
        "The fields of a job are those of the provider's endpoint page. A misspelt one would have"
        " no effect, and the image would cost as much as the right one. Where you mean a variable,"
        " put it under `vars`."
    ),
    bad="prompt: a fox\nstylise: 250\n",
    good="prompt: a fox\nstylize: 250\n",
    kind="yaml",
)
WRONG_TYPE = define(
    "MJ005",
    "wrong-type",
    ERROR,
    "A value has another type than its field.",
    why=(
        "The endpoint page gives each field a JSON type: `seed`, `stylize` and `chaos` are whole"
        " numbers, `tile` and `raw` are booleans, `version`, `quality` and `size` are text. Text"
        " where a number belongs is refused by the provider."
    ),
    bad='prompt: a fox\nseed: "42"\n',
    good="prompt: a fox\nseed: 42\n",
    fix="Removes the quotes of a number.",
    kind="yaml",
)
UNKNOWN_VARIABLE = define(
    "MJ006",
    "unknown-variable",
    ERROR,
    "`${name}` names a variable that nothing sets.",
    why=(
        "Left as it is, the name with its braces would become part of the prompt. Variables come"
        " from `vars`, from the keys of `matrix` that are no fields, and from the columns of"
        " `rows`. For a dollar sign and a brace that are meant as text, write `$${`."
    ),
    bad="prompt: a ${animal} in the snow\n",
    good="vars: {animal: fox}\nprompt: a ${animal} in the snow\n",
    kind="yaml",
)
UNUSED_VARIABLE = define(
    "MJ007",
    "unused-variable",
    WARNING,
    "A variable is set and never used.",
    why=(
        "Either its name is misspelt where it is set, or the prompt lost it. In a matrix it is"
        " worse than useless: each of its values buys the same image again."
    ),
    bad="vars: {place: a garden}\nprompt: a fox\n",
    good="vars: {place: a garden}\nprompt: a fox in ${place}\n",
    kind="yaml",
)
AMBIGUOUS_YAML_SCALAR = define(
    "MJ008",
    "ambiguous-yaml-scalar",
    INFO,
    "Another YAML reader sees another value.",
    why=(
        "Without quotes, YAML 1.1 reads `16:9` as the number 969, `on` as true and `0123` as 83;"
        " YAML 1.2 reads them otherwise. Here the field decides, so the value is what you typed."
        " Quotes make every other reader agree."
    ),
    bad="prompt: a fox\nsize: 16:9\n",
    good='prompt: a fox\nsize: "16:9"\n',
    fix="Puts quotes around the value.",
    kind="yaml",
)
COMMENT_IN_PROMPT = define(
    "MJ009",
    "comment-in-prompt",
    WARNING,
    "A comment cuts a plain prompt off, or is part of a prompt with several lines.",
    why=(
        "In YAML a space and a `#` begin a comment, also in the middle of a prompt without quotes."
        " Colours such as `#FF0000` and everything behind them vanish without an error. Quote the"
        " prompt; if it is a comment, put a space behind the `#`. Inside of quotes, and behind `|`,"
        " it is the other way round: a line that begins with `# ` is sent as part of the prompt."
    ),
    bad="prompt: a cat, #FF0000 dress\n",
    good='prompt: "a cat, #FF0000 dress"\n',
    kind="yaml",
)
EMPTY_PROMPT = define(
    "MJ010",
    "empty-prompt",
    ERROR,
    "A prompt has neither text nor enough images.",
    why=(
        "Midjourney's FAQ quotes the refusal: one image prompt alone is not enough, it wants"
        " another image or a text. Parameters are no text either."
    ),
    bad="--ar 16:9 --stylize 250",
    good="a fox --ar 16:9 --stylize 250",
)
PROMPT_TOO_LONG = define(
    "MJ011",
    "prompt-too-long",
    ERROR,
    "A prompt is longer than Midjourney takes.",
    why=(
        "Midjourney answers `Prompts must be 6000 or fewer in length.`, and parameters and links count."
        " Far shorter ones lose their last words already: little beyond some sixty words has an"
        " effect (manual of 2022)."
    ),
    bad="a fox in the snow, " * 320,
    good="a fox in the snow",
)
INVALID_EXTENDS = define(
    "MJ012",
    "invalid-extends",
    ERROR,
    "A file named by `extends` or `rows` cannot be used.",
    why=(
        "It is missing, no text, part of a circle, or outside the folder of the spec. Paths are"
        " relative to the file that names them. `--allow-outside` lifts the last limit, which keeps"
        " a spec from someone else from reading your files."
    ),
    bad="extends: [no-such-style.yaml]\nprompt: a fox\n",
    good="prompt: a fox\n",
    kind="yaml",
)
INVALID_ROW = define(
    "MJ013",
    "invalid-row",
    ERROR,
    "A row of a table cannot be read.",
    why=(
        "The row has more cells than the header has names, or quotes that do not pair. A comma in"
        " a prompt needs quotes around the cell, otherwise the prompt ends there."
    ),
    bad="prompt,seed\na fox, in the snow,42\n",
    good='prompt,seed\n"a fox, in the snow",42\n',
    kind="csv",
)
INVALID_IMAGE = define(
    "MJ014",
    "invalid-image",
    ERROR,
    "A local image cannot be used.",
    why=(
        "A path in `image_urls` is read when the job is submitted and sent along as base64. It must"
        " exist, lie in the folder of the spec unless `--allow-outside` is given, and have 12 MiB"
        " at most."
    ),
    bad="prompt: a fox\nimage_urls: [no-such-photo.png]\n",
    good="prompt: a fox\nimage_urls: [https://example.com/photo.png]\n",
    kind="yaml",
)
TOO_MANY_JOBS = define(
    "MJ015",
    "too-many-jobs",
    ERROR,
    "A spec describes more jobs than the limit allows.",
    why=(
        "Lists of a matrix and groups of a permutation multiply, and each job has its price."
        " Nothing is built beyond the limit. Where so many are meant, raise it: `--max-jobs`, or"
        " `max-jobs` in the configuration."
    ),
    bad="prompt: a {red, blue} fox\ncopies: 9000\n",
    good="prompt: a red fox\ncopies: 2\n",
    kind="yaml",
)
DUPLICATE_ID = define(
    "MJ016",
    "duplicate-id",
    WARNING,
    "Two different jobs have one id.",
    why=(
        "The id is how people find a job again: its images, its state, whether it was paid for."
        " Under one id, two jobs cannot be told apart."
    ),
    bad="jobs:\n  - {id: fox, prompt: a red fox}\n  - {id: fox, prompt: a white fox}\n",
    good="jobs:\n  - {id: fox, prompt: a red fox}\n  - {id: white-fox, prompt: a white fox}\n",
    kind="yaml",
)
INVALID_JSON = define(
    "MJ017",
    "invalid-json",
    ERROR,
    "A line of a JSON Lines file is no JSON object.",
    why=(
        "Each line stands for one job: an object with `prompt` and other fields, on one line, with"
        " double quotes and no comma at the end."
    ),
    bad="{'prompt': 'a fox'}\n",
    good='{"prompt": "a fox"}\n',
    kind="jsonl",
)
UNUSED_SUPPRESSION = define(
    "MJ018",
    "unused-suppression",
    WARNING,
    "A comment hides a finding that is not there.",
    why=(
        "What `# mjspec: ignore[...]` named was mended, or it stands at another place than what it"
        " is about: it speaks for the prompt in the next line, in YAML for its own line, too. A"
        " comment that hides nothing today hides a real mistake tomorrow."
    ),
    bad="# mjspec: ignore[em-dash]\na fox in the snow --ar 16:9\n",
    good="a fox in the snow --ar 16:9\n",
    fix="Removes the comment, or the one name of several.",
    kind="mj",
)
INVALID_SUPPRESSION = define(
    "MJ019",
    "invalid-suppression",
    WARNING,
    "A comment is meant to hide findings and cannot.",
    why=(
        "It names no rule, one that does not exist, or it is no comment at that place: behind a"
        " prompt of an `.mj` file and inside a block of YAML it is part of the prompt. Rules have"
        " to be named, so that nothing is hidden by accident: `# mjspec: ignore[em-dash]`; only"
        " `# mjspec: ignore-file` may stand alone. Words behind the bracket are the reason."
    ),
    bad="# mjspec: ignore[em-dahs]\na fox in the snow —ar 16:9\n",
    good="# mjspec: ignore[em-dash]\na fox in the snow —ar 16:9\n",
    fix="Writes the name that is most like it; unsafe, since another one may be meant.",
    kind="mj",
)
UNUSED_ANCHOR = define(
    "MJ020",
    "unused-anchor",
    WARNING,
    "A word in front of a text is an anchor that nothing repeats.",
    why=(
        "In YAML a value that begins with `&` and a word is named by that word, for `*word` to repeat"
        " it elsewhere. The word is no part of the value, so a prompt loses it without an error."
    ),
    bad="prompt: &Sons a shop sign\n",
    good='prompt: "&Sons a shop sign"\n',
    kind="yaml",
)
