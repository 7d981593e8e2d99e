"""The options that every command with prompts shares, and the inputs that they name."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjspec.config import ConfigError, config_for
from mjspec.diagnostics import Severity
from mjspec.files import FileError, read_source
from mjspec.jobs.pipeline import MOST_JOBS, Options
from mjspec.reading.discovery import find_files
from mjspec.reading.exclusion import Exclusion
from mjspec.reading.inputs import (
    LINES,
    ROWS,
    UsageError,
    open_input,
    open_parts,
    open_prompt,
    open_rows,
)
from mjspec.reading.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.dispatch.prices import Prices
    from mjspec.reading.inputs import Input
    from mjspec.spec.overlay import Overlay

__all__ = ["Sources", "column_option", "source_options"]


@dataclass(slots=True)
class Sources:
    """What the command line names.

    Attributes:
        overlay: What lies over every prompt.
        max_jobs: The limit that the command line sets.
        outside: Whether files may lie outside the folder of a spec.
        found: What is wrong with the overlay.
        overlaid: What the texts are called that the overlay is written in.
        problems: Inputs that could not be read; they make the exit code 2 at the end.
        column: The column of a table that holds the prompts.
        rows: Whether Parquet is read, which is never written.
        large: Whether large files of lines and tables are read in parts, and more than once.
    """

    paths: tuple[str, ...]
    prompts: tuple[str, ...]
    overlay: Overlay | None
    max_jobs: int | None
    outside: bool
    keep: bool
    found: list[Diagnostic]
    overlaid: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    stdin_name: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    force_exclude: bool = False
    column: str = "prompt"
    rows: bool = False
    large: bool = False
    _empty: set[str] = field(default_factory=set)
    _known: tuple[str, Config] | None = None
    _files: list[str] | None = None

    def config(self, source: Input) -> Config:
        """The configuration that holds for an input, the command line's selection over it."""
        name = source.source.name
        # It is asked for several times in a row.
        if self._known is None or self._known[0] != name:
            config = config_for(Path(name) if Path(name).exists() else Path())
            select = self.select or config.select
            ignore = (*config.ignore, *self.ignore)
            self._known = (name, replace(config, select=select, ignore=ignore))
        return self._known[1]

    def prices(self) -> Prices:
        """What calls cost: the dated table, with what the configuration says over it."""
        from mjspec.dispatch.prices import PRICES

        first = Path(self.paths[0]) if self.paths else Path()
        own = config_for(first if first.exists() else Path()).prices
        return PRICES.overridden(own, "your configuration") if own else PRICES

    def options_for(self, source: Input) -> Options:
        """What holds for the jobs of an input: the command line, then its configuration."""
        config = self.config(source)
        most = self.max_jobs or config.max_jobs or MOST_JOBS
        return Options(config.assumptions, most, self.outside)

    def files(self) -> list[str]:
        """The files that are read, in order; what names none is noted."""
        if self._files is not None:
            return self._files
        found = find_files(self.paths, Exclusion(), force_exclude=self.force_exclude)
        self.problems += found.problems
        for folder in found.empty:
            if folder not in self._empty:
                self._empty.add(folder)
                _warn(f"{folder}: nothing in this folder is meant for mjspec")
        self._files = found.files
        return self._files

    def inputs(self, *, parts: bool | None = None, sharers: int = 1) -> Iterator[Input]:
        """Each input in order; one that cannot be read is noted and left out.

        Args:
            parts: Whether large files of prompts may come in parts; by default what
                `comes_in_parts`.
            sharers: How many processes look at the parts.
        """
        for number, prompt in enumerate(self.prompts):
            yield from self._usable(iter([open_prompt(prompt, number, self.overlay, Path())]))
        for file in self.files():
            yield from self._usable(self._opened(file, parts=parts, sharers=sharers))

    @property
    def streams(self) -> bool:
        """Whether any input is no file."""
        return bool(self.prompts) or "-" in self.paths

    def comes_in_parts(self, file: str) -> bool:
        """Whether a file is read in parts by itself: it is Parquet, or large."""
        if file.lower().endswith(ROWS):
            return True
        if not self.large or file == "-" or not Path(file).is_file():
            return False
        from mjspec.reading import parts
        from mjspec.spec.tables import TABLES

        kind = Path(file).suffix.lower()
        return Path(file).stat().st_size > parts.PART and (kind in LINES or kind in TABLES)

    def again(self, source: Input) -> Iterator[Input]:
        """The parts of a file once more, from its beginning."""
        return self._usable(self._opened(source.source.name, parts=None))

    def streamed(self, source: Input) -> bool:
        """Whether an input is no file, so that what becomes of it goes to standard output."""
        name = source.source.name
        return source.kind == "prompt" or name == "-" or self._is_standard_input(name)

    def _is_standard_input(self, name: str) -> bool:
        return "-" in self.paths and name == self.stdin_name and name not in self.paths

    def _opened(self, file: str, *, parts: bool | None, sharers: int = 1) -> Iterator[Input]:
        given: dict[str, Any] = {"outside": self.outside, "column": self.column}
        if file.lower().endswith(ROWS):
            if not self.rows:
                raise UsageError(
                    f"{file}: `mjspec lint` and `mjspec compile` read Parquet; nothing writes it"
                )
            yield from open_rows(file, self.overlay, whole=parts is False, **given)
        elif parts or (parts is None and self.comes_in_parts(file)):
            given["sharers"] = sharers
            yield from open_parts(file, self.overlay, stdin_name=self.stdin_name, **given)
        else:
            yield open_input(file, self.overlay, stdin_name=self.stdin_name, **given)

    def _usable(self, opened: Iterator[Input]) -> Iterator[Input]:
        """What of an input can be read, and its configuration as well."""
        try:
            for source in opened:
                self.config(source)
                source.keep_permutations = self.keep
                yield source
        except (FileError, UsageError, ConfigError) as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))


def _warn(text: str) -> None:
    from mjspec.report.cells import plain

    click.get_current_context().obj.say(f"Warning: {plain(text)}")


def column_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option that says where the prompts of a table stand."""
    return click.option(
        "--column",
        default="prompt",
        show_default=True,
        metavar="NAME",
        help="The column of a CSV, JSON Lines or Parquet file that holds the prompts.",
    )(function)


_NAMES = (
    "paths",
    "prompt",
    "spec",
    "set_",
    "permutations",
    "max_jobs",
    "allow_outside",
    "force_exclude",
)


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; the command gets one argument ``sources`` for all of them."""
    import functools

    @functools.wraps(function)
    def wrapped(**values: Any) -> Any:
        taken = {name: values.pop(name) for name in _NAMES}
        return function(sources=_sources(**taken), **values)

    decorators = (
        click.argument("paths", nargs=-1),
        click.option("--prompt", multiple=True, metavar="TEXT", help="A prompt given inline."),
        click.option(
            "--spec", multiple=True, metavar="FILE", help="A spec that lies over every prompt."
        ),
        click.option(
            "--set", "set_", multiple=True, metavar="FIELD=VALUE", help="A field over every prompt."
        ),
        click.option(
            "--permutations",
            type=click.Choice(["expand", "keep"]),
            default="expand",
            show_default=True,
            help="Make a job of each {a, b}, or leave braces to Midjourney.",
        ),
        click.option(
            "--max-jobs",
            type=click.IntRange(1),
            help=f"More jobs than this are an error; default {MOST_JOBS}.",
        ),
        click.option(
            "--allow-outside",
            is_flag=True,
            help="Let specs name files outside their own folder.",
        ),
        click.option(
            "--force-exclude",
            is_flag=True,
            help="Leave out what the configuration excludes also if it is named.",
        ),
    )
    for decorator in reversed(decorators):
        wrapped = decorator(wrapped)
    return wrapped


def _sources(
    *,
    paths: tuple[str, ...],
    prompt: tuple[str, ...],
    spec: tuple[str, ...],
    set_: tuple[str, ...],
    permutations: str,
    max_jobs: int | None,
    allow_outside: bool,
    force_exclude: bool,
) -> Sources:
    if not paths and not prompt:
        raise click.UsageError("name files, folders or `-`, or give a prompt with --prompt")
    found: list[Diagnostic] = []
    overlay = _overlay(spec, set_, found, outside=allow_outside)
    return Sources(
        paths,
        prompt,
        overlay,
        max_jobs,
        allow_outside,
        permutations == "keep",
        found,
        frozenset(["--set", *spec, *(one.location.source.name for one in found)]),
        force_exclude=force_exclude,
    )


def _overlay(
    specs: tuple[str, ...], sets: tuple[str, ...], found: list[Diagnostic], *, outside: bool
) -> Overlay | None:
    if not specs and not sets:
        return None
    from mjspec.spec.overlay import Overlay, read_overlay, read_set

    defaults, fields, variables, assigned = [], [], {}, {}
    for name in specs:
        path = Path(name)
        place = Place(path.parent, path.parent, outside, (Path(os.path.realpath(path)),))
        more, layers, values = read_overlay(read_source(path), place, found)
        defaults += more
        fields += layers
        variables.update(values)
    for text in sets:
        entry = read_set(text, found)
        if entry is None:
            raise click.UsageError(f"--set {text}: {found[-1].message}")
        assigned[entry.key.text] = entry
    faults = tuple(problem for problem in found if problem.severity is Severity.ERROR)
    return Overlay(tuple(defaults), tuple(fields), assigned, variables, faults)
