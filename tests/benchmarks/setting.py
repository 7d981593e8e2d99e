"""What all rows share: a folder, the prompts, how much is wanted."""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "data" / "prompts.jsonl"
MODELS = ["", "--v 6.1", "--v 7", "--niji 6"]
FLAGS = ["--ar 16:9", "--style raw", "--tile", "--no text", "--q 1"]
FLAG = re.compile(r"--|[—–]\s?(?=[a-z])")
VERSIONS = ["", "--v 5.2", "--v 6", "--v 6.1", "--v 7", "--v 8.1", "--niji 6", "--niji 7"]
VARIED = {
    "--ar": "16:9,1:1,3:2,2:3,9:16,4:5,21:9,13:7,100:43",
    "--q": ".25,.5,1,2",
    "--style": "raw",
    "--tile": "",
}
NUMBERED = [("--seed", 4294967295), ("--s", 1000), ("--c", 100), ("--w", 3000)]
LINKED, WEIGHTED = 0.05, 0.1
"""Up to which share prompts begin with a link, and up to which others have weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a row is measured with.

    Attributes:
        folder: Scratch.
        prompts: Real prompts, each in one line.
        quick: Whether small sizes will do.
    """

    folder: Path
    prompts: tuple[str, ...]
    quick: bool = False

    def size(self, usual: int) -> int:
        """How many prompts or jobs."""
        return max(100, usual // 50) if self.quick else usual

    def rounds(self, usual: int) -> int:
        """How many interleaved rounds."""
        return min(2, usual) if self.quick else usual

    def file(self, name: str, text: str) -> Path:
        """A file in the scratch folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


def program(name: str) -> str:
    """The path of an installed program, as its users start it."""
    return str(Path(sys.executable).parent / name)


def read_prompts(path: Path | None) -> tuple[str, ...]:
    """The prompts of a file, one a line or JSON Lines; without one, the sample in tests/data."""
    path = path or SAMPLE
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        lines = [json.loads(line)["prompt"] for line in lines if line.strip()]
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def made_up(count: int, prompts: tuple[str, ...]) -> str:
    """Prompts that share words and parameters, and hardly ever are equal."""
    chance = random.Random(1)
    words = " ".join(prompt.partition("--")[0] for prompt in prompts).split()
    words = [word for word in words if word.rstrip(",.").isalpha()]
    result = []
    for _ in range(count):
        text = " ".join(chance.choices(words, k=chance.randint(5, 40)))
        flags = chance.sample(FLAGS, chance.randint(0, 3))
        numbered = chance.sample(NUMBERED, chance.randint(0, 2))
        flags += [
            chance.choice(MODELS),
            *(f"{name} {chance.randint(0, most)}" for name, most in numbered),
        ]
        result.append(f"{text} {' '.join(flags)}".strip() + "\n")
    return "".join(result)


def varied(count: int, prompts: tuple[str, ...]) -> str:
    """Prompts that hold any of the common parameters, links and weights among them."""
    chance = random.Random(3)
    words = " ".join(prompt.partition("--")[0] for prompt in prompts).split()
    words = [word for word in words if word.isalpha()]
    result = []
    for _ in range(count):
        text = " ".join(chance.choices(words, k=chance.randint(5, 30)))
        flags = [
            *(f"{name} {chance.choice(of.split(','))}".strip() for name, of in VARIED.items()),
            *(f"{name} {chance.randint(0, most)}" for name, most in NUMBERED),
            f"--no {', '.join(chance.choices(words, k=chance.randint(1, 3)))}",
            f"--sref {chance.randint(1, 1 << 32)}",
        ]
        flags = [chance.choice(VERSIONS), *chance.sample(flags, chance.randint(0, 5))]
        kind = chance.random()
        if kind < LINKED:
            text = f"https://example.com/{chance.randint(1, 9999)}.png {text}"
        elif kind < WEIGHTED:
            text = f"{text}::{chance.randint(1, 3)} {chance.choice(words)}::2"
        result.append(f"{text} {' '.join(flags)}".strip() + "\n")
    return "".join(result)


def recombined(count: int, prompts: tuple[str, ...]) -> str:
    """Real prompts whose beginning, end and parameters come from three of them."""
    chance = random.Random(2)
    texts, flags = zip(*(halves(prompt) for prompt in prompts), strict=True)
    begins = [text[: middle(text)] for text in texts]
    ends = [text[middle(text) :] for text in texts]
    return "".join(
        f"{chance.choice(begins)}{chance.choice(ends)} {chance.choice(flags)}".strip() + "\n"
        for _ in range(count)
    )


def halves(prompt: str) -> tuple[str, str]:
    """The text and the parameters."""
    match = FLAG.search(prompt)
    at = match.start() if match else len(prompt)
    return prompt[:at].strip(), prompt[at:]


def middle(text: str) -> int:
    """The end of the word in the middle."""
    found = text.find(" ", len(text) // 2)
    return len(text) if found < 0 else found
