from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.gallery import gallery

if TYPE_CHECKING:
    from pathlib import Path

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
    from dataclasses import replace

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
    assert heads.count("col") == 3
    assert heads.count("row") == 2
    differing = re.findall(r'<li class="differs">(\w+)', page)
    assert set(differing) == {"animal", "stylize"}
    assert "rejected" in page


def test_a_folder_without_images_has_a_page(make_runner: Any, out: Path) -> None:
    make_runner().run([])
    assert "no jobs" in gallery(out).read_text(encoding="utf-8")
