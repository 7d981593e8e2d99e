"""MJ1: how prompts are typed."""

from __future__ import annotations

from mjspec.rules.rule import ERROR, INFO, WARNING, define

EM_DASH = define(
    "MJ101",
    "em-dash",
    INFO,
    "A parameter is written with an em dash.",
    why=(
        "Phones and word processors turn two hyphens into one long dash. Midjourney takes it for"
        " two hyphens (parameter list), so this works; tools between you and Midjourney may not"
        " know."
    ),
    bad="a fox in the snow —ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes two hyphens.",
)
EN_DASH = define(
    "MJ102",
    "en-dash",
    WARNING,
    "A parameter is written with an en dash.",
    why=(
        "Midjourney's parameter list allows the em dash in place of two hyphens and says nothing of"
        " the shorter en dash or the minus sign. The parameter may end up as words of the prompt."
    ),
    bad="a fox in the snow –ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes two hyphens.",
)
DETACHED_DASH = define(
    "MJ103",
    "detached-dash",
    ERROR,
    "There is a space between the dashes and the name of a parameter.",
    why=(
        "The FAQ asks for two hyphens that touch the name, and the parameter list shows `- - ar`"
        " as a mistake. The job is refused, or the parameter becomes text."
    ),
    bad="a fox in the snow -- ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Removes the space.",
)
GLUED_PARAMETER = define(
    "MJ104",
    "glued-parameter",
    WARNING,
    "There is no space before the dashes of a parameter.",
    why=(
        "The parameter list asks for a space before the dashes. Observed answers show that"
        " Midjourney reads the parameter all the same, so `well--known` may be refused for an"
        " unknown parameter `--known`."
    ),
    bad="a fox in the snow--ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Puts a space before the dashes.",
)
MISSING_SPACE = define(
    "MJ105",
    "missing-space",
    ERROR,
    "There is no space between the name of a parameter and its value.",
    why=(
        "The FAQ wants a space behind the name and none elsewhere. `--ar16:9` names a parameter"
        " that does not exist; `=` and `:` do not belong there either."
    ),
    bad="a fox in the snow --ar16:9",
    good="a fox in the snow --ar 16:9",
    fix="Puts one space between them.",
)
UPPERCASE_PARAMETER = define(
    "MJ106",
    "uppercase-parameter",
    ERROR,
    "The name of a parameter has capital letters.",
    why=(
        "The words of a prompt may be in any case, parameters must be lowercase (FAQ). Phones like"
        " to capitalize them."
    ),
    bad="a fox in the snow --Ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes small letters.",
)
FULLWIDTH_PUNCTUATION = define(
    "MJ107",
    "fullwidth-punctuation",
    ERROR,
    "A value holds fullwidth signs.",
    why=(
        "Chinese and Japanese keyboards type `：` and `，` where `:` and `,` are meant. They look"
        " alike and are other characters, so `16：9` is no ratio."
    ),
    bad="a fox in the snow --ar 16：9",
    good="a fox in the snow --ar 16:9",
    fix="Writes the plain signs.",
)
TRAILING_PUNCTUATION = define(
    "MJ108",
    "trailing-punctuation",
    ERROR,
    "A value is followed by punctuation.",
    why=(
        "The parameter list forbids punctuation in and behind parameters; its own example of a"
        " mistake is a ratio with a comma. Sentences copied from elsewhere end like this."
    ),
    bad="a fox in the snow --ar 16:9, --stylize 250.",
    good="a fox in the snow --ar 16:9 --stylize 250",
    fix="Removes the punctuation.",
)
TEXT_AFTER_PARAMETER = define(
    "MJ109",
    "text-after-parameter",
    ERROR,
    "Words stand behind the complete value of a parameter.",
    why=(
        "Parameters come last (parameter list). Words behind them are refused as unrecognized"
        " parameters. Move the words before the first parameter."
    ),
    bad="a fox --ar 16:9 in the snow",
    good="a fox in the snow --ar 16:9",
    fix=(
        "Moves the words before the first parameter, unsafe, since they may be a mistake; a link"
        " goes to the front."
    ),
)
MISPLACED_IMAGE = define(
    "MJ110",
    "misplaced-image",
    WARNING,
    "An image link does not stand at the front.",
    why=(
        "Image prompts are described as links at the start of the prompt. One of the FAQ's examples"
        " has the link behind the text, but clients know the refusal `Invalid image prompt"
        " position`. To be safe, move it to the front."
    ),
    bad="a fox in the snow https://example.com/fox.png",
    good="https://example.com/fox.png a fox in the snow",
    fix="Moves the link to the front.",
)
SPACED_WEIGHT = define(
    "MJ111",
    "spaced-weight",
    WARNING,
    "A weight is torn off its text or its number.",
    why=(
        "The colons of a multi-prompt touch each other, the text before them and the number behind"
        " them (page on multi-prompts). With a space before the number, the number is a word of the"
        " next part and the weight is 1."
    ),
    bad="hot ::2 dog --v 6.1",
    good="hot::2 dog --v 6.1",
    fix="Removes the space.",
)
UNBALANCED_BRACE = define(
    "MJ112",
    "unbalanced-brace",
    WARNING,
    "A brace has no partner.",
    why=(
        "Braces hold the alternatives of a permutation. One without its partner is read as text"
        " here; at Midjourney the whole prompt may be refused. A brace that is meant as text has a"
        " backslash before it."
    ),
    bad="a {red, blue fox",
    good="a {red, blue} fox",
)
ACCIDENTAL_PERMUTATION = define(
    "MJ113",
    "accidental-permutation",
    WARNING,
    "Braces that look unintended multiply the jobs.",
    why=(
        "Braces copied from JSON, from code or from a template that was not filled in are a"
        " permutation to Midjourney: each comma between them is one more job to pay. Remove them,"
        " or write `\\{` where braces are meant as text."
    ),
    bad='{"subject": "a fox", "place": "the snow"}',
    good="a fox in the snow",
    kind="mj",
)
SINGLE_HYPHEN = define(
    "MJ114",
    "single-hyphen",
    WARNING,
    "A parameter is written with one hyphen and so is text.",
    why=(
        "Parameters begin with two hyphens (FAQ). With one, the name and its value are words of the"
        " prompt, and the image keeps its default without an error."
    ),
    bad="a fox in the snow -ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes two hyphens; unsafe, since one may be meant.",
)
DISCORD_COMMAND = define(
    "MJ115",
    "discord-command",
    WARNING,
    "A prompt holds the command `/imagine`, or what Discord shows around one.",
    why=(
        "The command and the label `prompt:` tell Discord's bot what to do, and behind a job Discord"
        " shows who made it: `- Upscaled by @user (fast)`. Copied and sent through the API, they are"
        " words of the prompt like others."
    ),
    bad="/imagine prompt: a fox in the snow",
    good="a fox in the snow",
    fix="Removes the words; unsafe, since they may be meant.",
)
MULTIPLE_DASHES = define(
    "MJ116",
    "multiple-dashes",
    WARNING,
    "A parameter is written with more dashes than it needs.",
    why=(
        "A third hyphen is no part of any name, and Midjourney was seen to refuse `---` as an"
        " unrecognized parameter."
    ),
    bad="a fox in the snow ---ar 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes two hyphens.",
)
UNUSUAL_SPACE = define(
    "MJ117",
    "unusual-space",
    WARNING,
    "A parameter is set off by white space other than the plain space.",
    why=(
        "Web pages and word processors put no-break spaces and invisible characters into what is"
        " copied from them. They look like a space, or like nothing, and need not end the name or"
        " the value of a parameter."
    ),
    bad="a fox in the snow --ar\u00a016:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes plain spaces.",
)
MISTYPED_PARAMETER = define(
    "MJ118",
    "mistyped-parameter",
    WARNING,
    "Text was most likely meant as a parameter.",
    why=(
        "A parameter is two hyphens and a name (FAQ). With the dashes behind the name, with the long"
        " sign of a Japanese keyboard, or without any dashes it is words of the prompt, and the image"
        " keeps its default without an error."
    ),
    bad="a fox in the snow ar-- 16:9",
    good="a fox in the snow --ar 16:9",
    fix="Writes two hyphens before the name; unsafe, since text may be meant.",
)
STRAY_MARKUP = define(
    "MJ119",
    "stray-markup",
    WARNING,
    "A prompt holds HTML or a Markdown link.",
    why=(
        "Web pages write `&amp;` for `&` and `<br>` for a new line. Copied from their source they are"
        " sent as they stand, and an entity in place of a dash hides a parameter. Of a Markdown link"
        " only the link itself is an image prompt."
    ),
    bad="a fox &amp; an owl in the snow",
    good="a fox & an owl in the snow",
    fix="Writes the sign that it stands for, or removes it; unsafe, since it may be meant.",
)
MALFORMED_WEIGHT = define(
    "MJ120",
    "malformed-weight",
    WARNING,
    "A weight is written with other colons than two plain ones.",
    why=(
        "A weight is `::` and a number (page on multi-prompts). With one colon, as in `night:10`, with"
        " three, or with the `：：` of a Chinese keyboard it is words of the prompt, and everything"
        " weighs the same."
    ),
    bad="a fox:2 in the snow --v 6.1",
    good="a fox::2 in the snow --v 6.1",
    fix="Writes two plain colons; unsafe, since text may be meant.",
)
