from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.dispatch.dimensions import dimensions
from mjspec.dispatch.exhibits import collect
from mjspec.dispatch.gallery import gallery

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.dispatch.job import PaidJob

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)> ' & </pre> {{x}}"


class Page(HTMLParser):
    """Collects the tags of a page and the text of each kind."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(make_runner: Any, make_jobs: Any, out: Path, sandbox: Any) -> str:
    sandbox.plan("422")
    jobs = [
        replace(
            job,
            id=f"{animal}-{stylize}",
            body={"prompt": "x", "stylize": stylize, "size": "16:9"},
            final_prompt=f"a {animal} --s {stylize} {EVIL}",
            fields={"stylize": stylize},
            variables={"animal": animal + EVIL},
        )
        for job, (animal, stylize) in zip(
            make_jobs(4),
            [("fox", 100), ("fox", 750), ("owl", 100), ("owl", 750)],
            strict=True,
        )
    ]
    make_runner(concurrency=1).run(jobs)
    path = gallery(out)
    assert path == out / "gallery.html"
    return path.read_text(encoding="utf-8")


def test_nothing_that_others_wrote_becomes_markup(page: str) -> None:
    parsed = Page(page)
    assert len(parsed.all("script")) == 1
    assert all("onerror" not in attributes for _, attributes in parsed.tags)
    assert EVIL in "".join(parsed.texts)


def test_the_page_loads_nothing_from_elsewhere(page: str, out: Path) -> None:
    parsed = Page(page)
    assert not parsed.all("link")
    for tag, attributes in parsed.tags:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            target = attributes.get(name)
            if target is not None and not target.startswith("#"):
                assert target.startswith("./"), (tag, target)
                assert (out / target).is_file()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert "style=" not in page.replace(style[0], "")


def test_the_policy_names_exactly_our_script_and_style(page: str) -> None:
    policy = Page(page).all("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none'")
    for tag in ("script", "style"):
        found = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert found is not None
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_it_shows_jobs_images_grid_and_differences_without_script(page: str) -> None:
    parsed = Page(page)
    assert len(parsed.all("article")) == 4
    # Three jobs came home; each image stands with its job and in the grid.
    assert len(parsed.all("img")) == 2 * 12 + 1
    assert all("alt" in image for image in parsed.all("img"))
    heads = [attributes.get("scope") for attributes in parsed.all("th")]
    assert heads.count("col") == 2
    assert heads.count("row") == 2
    differing = re.findall(r'<li class="differs" data-name="(\w+)"', page)
    assert set(differing) == {"animal", "stylize"}
    # The job that has no image says why, with its card and in the grid.
    assert page.count("did not pass moderation") == 2


def test_images_load_when_they_are_looked_at_and_nothing_jumps(page: str) -> None:
    *images, lightbox = Page(page).all("img")
    assert lightbox == {"alt": ""}
    for image in images:
        assert (image["loading"], image["decoding"]) == ("lazy", "async")
        assert (image["width"], image["height"]) == ("64", "36")


def test_a_file_that_is_gone_is_said(make_runner: Any, make_jobs: Any, out: Path) -> None:
    make_runner().run(make_jobs(1))
    (out / "fox-0-2.png").unlink()
    text = gallery(out).read_text(encoding="utf-8")
    assert "2: the file fox-0-2.png is gone" in text
    assert len(Page(text).all("img")) == 3 + 1


def test_what_differs_is_told_among_siblings(make_runner: Any, make_jobs: Any, out: Path) -> None:
    def job(number: int, written: str | None, **body: Any) -> PaidJob:
        prompt = f"a fox {number}"
        changes: dict[str, Any] = {"written": written, "body": {"prompt": prompt, **body}}
        plain: PaidJob = make_jobs(number + 1)[number]
        return replace(plain, **changes)

    jobs = [
        job(0, "a", size="1:1", stylize=100),
        job(1, "a", size="1:1", stylize=750),
        job(2, "b", size="2:3", stylize=100),
        job(3, "c", size="2:3", stylize=200),
        job(4, None, size="2:3", stylize=200, tile=True),
    ]
    make_runner(max_cost=0).run([*jobs, replace(jobs[2], copy=2)])
    exhibits = collect(out).exhibits
    assert [sorted(exhibit.differing) for exhibit in exhibits] == [
        ["stylize"],
        ["stylize"],
        # Jobs without siblings are compared with one another.
        ["stylize", "tile"],
        ["stylize", "tile"],
        ["stylize", "tile"],
        ["stylize", "tile"],
    ]
    assert collect(out).axes == ("stylize", "size", "tile", "copy")
    text = gallery(out).read_text(encoding="utf-8")
    assert text.count("not sent yet; <code>mjspec resume</code> sends it") == 2 * 6


JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb000300ffffc20011080200038003")
WEBP = b"RIFF\0\0\0\0WEBP"


@pytest.mark.parametrize(
    "head, size",
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\3\x80\0\0\2\0", (896, 512)),
        (b"GIF89a\x80\3\0\2", (896, 512)),
        (JPEG, (896, 512)),
        (WEBP + b"VP8X\n\0\0\0\0\0\0\0\x7f\3\0\xff\1\0", (896, 512)),
        (WEBP + b"VP8L\0\0\0\0\x2f\x7f\xc3\x7f\0", (896, 512)),
        (WEBP + b"VP8 \0\0\0\0\0\0\0\x9d\1\x2a\x80\3\0\2", (896, 512)),
        (b"\0\0\0\x1cftypavif" + b"\0" * 40 + b"ispe\0\0\0\0\0\0\3\x80\0\0\2\0", (896, 512)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\2\0", None),
        (b"\x89PNG\r\n\x1a\n\0", None),
        (JPEG[:-3], None),
        (JPEG[:20] + b"\0" * 40, None),
        (WEBP + b"VP9 " + b"\0" * 40, None),
        (b"\0\0\0\x1cftypavif" + b"\0" * 40, None),
        (b"<svg width='896' height='512'>", None),
    ],
)
def test_the_size_of_an_image_is_told_by_its_head(
    head: bytes, size: tuple[int, int] | None
) -> None:
    assert dimensions(head) == size


@given(st.sampled_from([JPEG[:3], WEBP, WEBP + b"VP8L", b"GIF89a"]), st.binary(max_size=200))
def test_broken_images_have_no_size_and_do_no_harm(start: bytes, rest: bytes) -> None:
    assert dimensions(start + rest) is None or all(
        side > 0 for side in dimensions(start + rest) or ()
    )


def test_a_folder_without_images_has_a_page(make_runner: Any, out: Path) -> None:
    make_runner().run([])
    assert "no jobs" in gallery(out).read_text(encoding="utf-8")
