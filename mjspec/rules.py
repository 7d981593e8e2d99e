"""The table of rules: every code, name and severity is written here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from mjspec.diagnostics import Severity

__all__ = ["RULES", "Rule", "find_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding.

    Attributes:
        code: Stable code, ``MJ`` and three digits; the first digit is the family.
        name: Stable name in kebab-case.
        severity: How bad it is unless the place or the configuration says otherwise.
        summary: What it finds, one sentence.
        why: Why it matters, with the source of the rule.
        bad: A prompt or spec that it finds something in.
        good: The same, mended.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str = ""
    bad: str = ""
    good: str = ""

    @property
    def url(self) -> str:
        """Where the rule is explained."""
        return f"https://github.com/mjspec/mjspec/blob/main/README.md#{self.name}"


RULES: dict[str, Rule] = {}
"""Every rule by its name, in the order of the codes."""


def find_rule(text: str) -> Rule | None:
    """The rule with this code or name, in any case; None if there is none."""
    wanted = text.strip().lower()
    if wanted in RULES:
        return RULES[wanted]
    return next((rule for rule in RULES.values() if rule.code.lower() == wanted), None)


def _rule(code: str, name: str, severity: Severity, summary: str, **pages: str) -> Rule:
    rule = Rule(code=code, name=name, severity=severity, summary=summary, **pages)
    RULES[name] = rule
    return rule


INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR
UNREADABLE_FILE = _rule("MJ001", "unreadable-file", ERROR, "A file cannot be read as text.")
INVALID_YAML = _rule("MJ002", "invalid-yaml", ERROR, "A spec is not valid YAML.")
DUPLICATE_KEY = _rule("MJ003", "duplicate-key", ERROR, "A key stands twice in one mapping.")
UNKNOWN_FIELD = _rule("MJ004", "unknown-field", ERROR, "A key of a spec, a column or a `--set` is no field.")
WRONG_TYPE = _rule("MJ005", "wrong-type", ERROR, "A value has another type than its field.")
UNKNOWN_VARIABLE = _rule("MJ006", "unknown-variable", ERROR, "`${name}` names a variable that nothing sets.")
UNUSED_VARIABLE = _rule("MJ007", "unused-variable", WARNING, "A variable is set and never used.")
AMBIGUOUS_YAML_SCALAR = _rule("MJ008", "ambiguous-yaml-scalar", INFO, "Another YAML reader sees another value.")
COMMENT_IN_PROMPT = _rule("MJ009", "comment-in-prompt", WARNING, "A plain prompt is cut off by ` #`, which starts a comment.")
EMPTY_PROMPT = _rule("MJ010", "empty-prompt", ERROR, "A prompt has neither text nor enough images.")
PROMPT_TOO_LONG = _rule("MJ011", "prompt-too-long", ERROR, "A prompt is longer than Midjourney takes.")
INVALID_EXTENDS = _rule("MJ012", "invalid-extends", ERROR, "A file named by `extends` or `rows` cannot be used.")
INVALID_ROW = _rule("MJ013", "invalid-row", ERROR, "A row of a table cannot be read.")
INVALID_IMAGE = _rule("MJ014", "invalid-image", ERROR, "A local image cannot be used.")
TOO_MANY_JOBS = _rule("MJ015", "too-many-jobs", ERROR, "A spec describes more jobs than the limit allows.")
DUPLICATE_ID = _rule("MJ016", "duplicate-id", ERROR, "Two different jobs have one id.")
INVALID_JSON = _rule("MJ017", "invalid-json", ERROR, "A line of a JSON Lines file is no JSON object.")
EM_DASH = _rule("MJ101", "em-dash", INFO, "A parameter is written with an em dash.")
EN_DASH = _rule("MJ102", "en-dash", WARNING, "A parameter is written with an en dash.")
DETACHED_DASH = _rule("MJ103", "detached-dash", ERROR, "There is a space between the dashes and the name of a parameter.")
GLUED_PARAMETER = _rule("MJ104", "glued-parameter", WARNING, "There is no space before the dashes of a parameter.")
MISSING_SPACE = _rule("MJ105", "missing-space", ERROR, "There is no space between the name of a parameter and its value.")
UPPERCASE_PARAMETER = _rule("MJ106", "uppercase-parameter", ERROR, "The name of a parameter has capital letters.")
FULLWIDTH_PUNCTUATION = _rule("MJ107", "fullwidth-punctuation", ERROR, "A value holds fullwidth signs.")
TRAILING_PUNCTUATION = _rule("MJ108", "trailing-punctuation", ERROR, "A value is followed by punctuation.")
TEXT_AFTER_PARAMETER = _rule("MJ109", "text-after-parameter", ERROR, "Words stand behind the complete value of a parameter.")
MISPLACED_IMAGE = _rule("MJ110", "misplaced-image", WARNING, "An image link does not stand at the front.")
SPACED_WEIGHT = _rule("MJ111", "spaced-weight", WARNING, "A weight is torn off its text or its number.")
UNBALANCED_BRACE = _rule("MJ112", "unbalanced-brace", WARNING, "A brace has no partner.")
ACCIDENTAL_PERMUTATION = _rule("MJ113", "accidental-permutation", WARNING, "Braces that look unintended multiply the jobs.")
SINGLE_HYPHEN = _rule("MJ114", "single-hyphen", WARNING, "A parameter is written with one hyphen and so is text.")
DISCORD_COMMAND = _rule("MJ115", "discord-command", WARNING, "A prompt starts with the Discord command `/imagine`.")
MULTIPLE_DASHES = _rule("MJ116", "multiple-dashes", WARNING, "A parameter is written with more dashes than it needs.")
UNKNOWN_PARAMETER = _rule("MJ201", "unknown-parameter", ERROR, "A parameter does not exist.")
MISSING_VALUE = _rule("MJ202", "missing-value", ERROR, "A parameter has no value.")
UNEXPECTED_VALUE = _rule("MJ203", "unexpected-value", ERROR, "A parameter that takes no value has one.")
INVALID_VALUE = _rule("MJ204", "invalid-value", ERROR, "A value is not of the kind that its parameter takes.")
OUT_OF_RANGE = _rule("MJ205", "out-of-range", ERROR, "A value lies outside the range of its parameter.")
MISSING_REFERENCE = _rule("MJ206", "missing-reference", ERROR, "A parameter needs another one that is not there.")
CONFLICTING_PARAMETERS = _rule("MJ207", "conflicting-parameters", ERROR, "Two parameters exclude each other.")
DUPLICATE_PARAMETER = _rule("MJ208", "duplicate-parameter", ERROR, "A parameter is written twice in one prompt.")
OBSOLETE_PARAMETER = _rule("MJ209", "obsolete-parameter", ERROR, "A parameter belonged to an older Midjourney.")
INVALID_WEIGHTS = _rule("MJ210", "invalid-weights", ERROR, "The weights of a multi-prompt do not add up to more than zero.")
UNSUPPORTED_IN_VERSION = _rule("MJ301", "unsupported-in-version", ERROR, "A parameter or a value does not exist in the model version.")
UNKNOWN_VERSION = _rule("MJ302", "unknown-version", ERROR, "A model version does not exist.")
MULTI_PROMPT_UNSUPPORTED = _rule("MJ303", "multi-prompt-unsupported", ERROR, "The model version has no multi-prompts.")
OVERRIDDEN_BY_FIELD = _rule("MJ401", "overridden-by-field", INFO, "A field replaces a parameter of the prompt.")
EXTRA_CONFLICT = _rule("MJ402", "extra-conflict", ERROR, "`extra` sets a parameter that something else sets too.")
SPEED_IN_PROMPT = _rule("MJ403", "speed-in-prompt", INFO, "A prompt chooses the speed, and so the price.")
MANY_JOBS = _rule("MJ501", "many-jobs", INFO, "A prompt stands for several jobs.")
REPEAT_MULTIPLIES_COST = _rule("MJ502", "repeat-multiplies-cost", INFO, "`--repeat` multiplies the price of a job.")
DUPLICATE_JOB = _rule("MJ503", "duplicate-job", WARNING, "Two jobs are the same.")
PLAN_RESTRICTED = _rule("MJ504", "plan-restricted", WARNING, "A parameter works only with some plans or speeds.")
UNVERIFIED_VERSION = _rule("MJ601", "unverified-version", WARNING, "The provider has not verified a model version.")
