"""The library's functions for whole prompts and files; the stages stand in modules of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.diagnostics import Diagnostic, MjspecError, Severity
from mjspec.jobs.compiler import Compiled, compile_job, examine
from mjspec.jobs.job import Job
from mjspec.jobs.pipeline import Findings, Options, examined_jobs, single_jobs
from mjspec.language.settings import Layer
from mjspec.reading.inputs import UsageError, open_input, open_prompt
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.jobs.emit import Emit
    from mjspec.jobs.examined import Examined
    from mjspec.language.settings import JSON
    from mjspec.migration.whole import Migrated

__all__ = ["CompileError", "Loaded", "compile", "fmt", "lint", "load", "migrate"]


class CompileError(MjspecError):
    """A prompt has errors and makes no request.

    Attributes:
        diagnostics: Everything that was found, errors and others.
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        errors = [found for found in diagnostics if found.severity is Severity.ERROR]
        super().__init__("; ".join(f"{found.name}: {found.message}" for found in errors))


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds.

    Attributes:
        jobs: Its jobs after all checks, permutations expanded.
        diagnostics: Everything that was found, in the order of the file.
    """

    jobs: tuple[Examined, ...]
    diagnostics: tuple[Diagnostic, ...]


def lint(
    source: str | Path,
    fields: Mapping[str, JSON] | None = None,
    options: Options | None = None,
) -> tuple[Diagnostic, ...]:
    """What is wrong with a prompt, or with a file.

    A file is looked at as ``mjspec lint`` does without a configuration: comments in it hide findings,
    and every rule is reported.

    Args:
        source: A prompt as text, or the path of a file.
        fields: Fields of the request that lie over the prompt; not for files.
        options: Assumptions and limits.

    Raises:
        FileError: The file cannot be read.
        UsageError: Its ending says nothing about what it holds.
    """
    options = options or Options()
    if isinstance(source, Path):
        return _lint_file(source, options)
    findings = Findings()
    text = open_prompt(source, 0, None, Path())
    for one in single_jobs(text, options, findings, [_job(source, fields)]):
        findings.add(examine(one, options.assumptions, outside=options.outside).diagnostics)
    return tuple(findings.take())


def _lint_file(path: Path, options: Options) -> tuple[Diagnostic, ...]:
    from mjspec.config import Config
    from mjspec.linting.batches import lint_input
    from mjspec.linting.memory import Known

    text = open_input(str(path), None, outside=options.outside)
    findings = Findings()
    for batch in lint_input(text, options, Config(), Known()):
        findings.add(batch.found, job=False)
    return tuple(findings.take())


def compile(  # noqa: A001 (the command's name; the built-in is not needed here)
    prompt: str,
    fields: Mapping[str, JSON] | None = None,
    emit: Emit = "structured",
    options: Options | None = None,
) -> tuple[Compiled, ...]:
    """The requests of a prompt: one, or one for each of its permutations.

    Args:
        prompt: The prompt with its flags.
        fields: Fields of the request that lie over the prompt.
        emit: Whether parameters go into fields (``structured``) or into the prompt (``flat``).
        options: Assumptions and limits.

    Raises:
        CompileError: Something is wrong with it.
    """
    options = options or Options()
    requests = []
    findings = Findings()
    text = open_prompt(prompt, 0, None, Path())
    for one in single_jobs(text, options, findings, [_job(prompt, fields)]):
        examined = examine(one, options.assumptions, outside=options.outside)
        compiled = compile_job(examined, emit)
        if compiled is None:
            raise CompileError(examined.diagnostics)
        requests.append(compiled)
    if not requests:
        # It stands for more jobs than are allowed.
        raise CompileError(tuple(findings.take()))
    return tuple(requests)


def fmt(source: str | Path, options: Options | None = None) -> str:
    """The canonical spelling of a prompt, or the text of a file with that of its prompts.

    Safe fixes are applied; what is written means what was there before. Nothing is saved.

    Args:
        source: A prompt as text, which becomes one line, or the path of a file.
        options: Assumptions and limits.

    Raises:
        FileError: The file cannot be read.
        UsageError: Its ending says nothing about what it holds.
    """
    from mjspec.config import Config
    from mjspec.formatting.reformat import reformat

    options = options or Options()
    if isinstance(source, Path):
        text = open_input(str(source), None, outside=options.outside)
    else:
        text = open_prompt(source, 0, None, Path())
    return reformat(text, options, Config()).text


def migrate(
    source: str | Path, to: str, options: Options | None = None, *, unsafe: bool = False
) -> Migrated:
    """A prompt, or the text of a file, with its prompts on another model version.

    What would have to mean something else is left as it is, and told. Nothing is saved.

    Args:
        source: A prompt as text, or the path of a file.
        to: The version: ``7``, ``8.1``, ``niji 7``.
        options: Assumptions and limits.
        unsafe: Whether what the version does not have may be dropped, and values be changed.

    Raises:
        FileError: The file cannot be read.
        UsageError: Its ending says nothing about what it holds, or there is no such version.
    """
    from mjspec.config import Config
    from mjspec.migration.goal import goal_named
    from mjspec.migration.plan import Course
    from mjspec.migration.whole import migrate_source

    options = options or Options()
    goal = goal_named(to, Config(versions=options.assumptions.declared))
    if goal is None:
        raise UsageError(f"`{to}` is no version")
    course = Course(
        goal=goal, assumptions=options.assumptions, outside=options.outside, unsafe=unsafe
    )
    if isinstance(source, Path):
        text = open_input(str(source), None, outside=options.outside)
    else:
        text = open_prompt(source, 0, None, Path())
    text.most_jobs = options.most_jobs
    return migrate_source(text, course)


def load(path: str | Path, options: Options | None = None) -> Loaded:
    """The jobs of a file, checked.

    Args:
        path: A file of any kind that the command line reads.
        options: Assumptions and limits.

    Raises:
        FileError: The file cannot be read.
        UsageError: Its ending says nothing about what it holds.
    """
    options = options or Options()
    findings = Findings()
    source = open_input(str(path), None, outside=options.outside)
    jobs = tuple(examined_jobs(source, options, findings))
    return Loaded(jobs, tuple(findings.take()))


def _job(prompt: str, fields: Mapping[str, JSON] | None) -> Job:
    text = Source("prompt", prompt).excerpt()
    if not fields:
        return Job(prompt=text, origin=text.location)
    faults: list[Diagnostic] = []
    layer = _layer(fields, faults)
    return Job(prompt=text, origin=text.location, layers=(layer,), faults=tuple(faults))


def _layer(fields: Mapping[str, JSON], faults: list[Diagnostic]) -> Layer:
    """Values from a program, read as JSON would be, so that findings have a text to point at."""
    from mjspec.spec.fields import FIELDS, read_field
    from mjspec.spec.inherit import unknown_field
    from mjspec.spec.tables import read_jsonl

    source = Source("fields", json.dumps(dict(fields), ensure_ascii=False))
    values, unread = {}, set()
    for row in read_jsonl(source, faults):
        for entry in row.entries:
            name = entry.key.text
            if name not in FIELDS or name == "prompt":
                unknown_field(entry.key, FIELDS - {"prompt"}, faults)
            elif setting := read_field(name, entry.key.excerpt, entry.value, "field", faults):
                values[name] = setting
            else:
                unread.add(name)
    return Layer("field", values, frozenset(unread))
