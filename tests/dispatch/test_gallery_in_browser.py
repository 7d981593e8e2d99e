"""The gallery in a real browser; skipped with its reason where there is none."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

import mjspec
from mjspec.dispatch.client import Client
from mjspec.dispatch.gallery import gallery
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
MISSING = [
    name
    for name, path in (("chromium", CHROMIUM), ("chromedriver", shutil.which("chromedriver")))
    if path is None
]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"there is no {' and no '.join(MISSING)} on this machine"
)

KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "End": "\ue010",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Home": "\ue011",
    "Tab": "\ue004",
}
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_PATIENCE = 20.0


class Browser:
    """One window.

    Args:
        address: That of the driver.
    """

    def __init__(self, address: str) -> None:
        # Chromium's own sandbox needs rights that a build machine may not give; the page is ours.
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-sandbox"]
        wanted = {
            "goog:chromeOptions": {"args": arguments, "binary": CHROMIUM},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        self._http = requests.Session()
        self._http.trust_env = False
        self._address = f"{address}/session"
        try:
            session = self._post("", capabilities={"alwaysMatch": wanted})
        except AssertionError as error:
            pytest.skip(f"Chromium does not start on this machine: {str(error)[:200]}")
        self._address += f"/{session['sessionId']}"

    def close(self) -> None:
        """Ends the window."""
        self._http.delete(self._address, timeout=_PATIENCE)
        self._http.close()

    def view(self, width: int, *, dark: bool = False) -> None:
        """Takes on the size and the colours of a device."""
        phone = width < 600
        size = {"width": width, "height": 850, "deviceScaleFactor": 1, "mobile": phone}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setDeviceMetricsOverride", **size)
        self.command("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, path: Path) -> None:
        """Opens a file as a person would."""
        self._post("/url", url=path.resolve().as_uri())

    def run(self, script: str, *values: object) -> Any:
        """What the body of a function gives."""
        return self._post("/execute/sync", script=script, args=list(values))

    def until(self, script: str, *values: object) -> Any:
        """What a script gives as soon as it is true."""
        end = time.monotonic() + _PATIENCE
        while not (found := self.run(script, *values)):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)
        return found

    def press(self, *keys: str) -> None:
        """Presses keys one after another, on whatever has the focus."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._post("/actions", actions=[{"type": "key", "id": "keys", "actions": actions}])

    def click(self, selector: str) -> None:
        """Clicks with the mouse on what a person would see."""
        found = self._post("/element", using="css selector", value=selector)
        self._post(f"/element/{found[_ELEMENT]}/click")

    def command(self, name: str, **parameters: object) -> Any:
        """A command of the browser's own protocol."""
        return self._post("/goog/cdp/execute", cmd=name, params=parameters)

    def log(self, kind: str) -> list[Any]:
        """What was logged since it was last asked for."""
        entries = self._post("/se/log", type=kind)
        assert isinstance(entries, list)
        return entries

    def _post(self, path: str, **values: object) -> Any:
        answer = self._http.post(self._address + path, json=values, timeout=60)
        value = answer.json()["value"]
        assert answer.ok, value
        return value


@contextmanager
def browser() -> Iterator[Browser]:
    """A driver and a window, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    driver = subprocess.Popen(
        ["chromedriver", f"--port={port}", "--log-level=OFF"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port)
        window = Browser(f"http://127.0.0.1:{port}")
        try:
            yield window
        finally:
            window.close()
    finally:
        driver.terminate()
        driver.wait(_PATIENCE)


def _await(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, "chromedriver does not start"
            time.sleep(0.05)
        else:
            return


SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
JOBS = """
return [...document.querySelectorAll(".job")].filter((job) => job.checkVisibility())
  .map((job) => job.querySelector("h3").textContent);
"""
GRID = """
const seen = (node) => node.checkVisibility();
return [...document.querySelectorAll(".grid tr")].filter(seen).map((line) =>
  [...line.children].filter(seen).map((cell) => cell.innerText.trim().replace(/\\s+/g, " ")));
"""
FOCUS = "return document.activeElement.getAttribute('href') ?? document.activeElement.id"
PLACE = "return document.querySelector('dialog .place').textContent"
# Every text that is seen, against what is painted behind it.
FAINT = """
const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
const light = (color) => numbers(color).slice(0, 3).map((part) => part / 255)
  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (numbers(color)[3] !== 0) return color;
  }
};
const found = [];
for (const node of document.querySelectorAll(arguments[0])) {
  const own = [...node.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
  if (!own || !node.checkVisibility()) continue;
  const [one, other] = [getComputedStyle(node).color, behind(node)].map(light);
  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (contrast < 4.5) found.push([node.className, node.textContent.slice(0, 30), contrast]);
}
return found;
"""


def jobs() -> list[PaidJob]:
    """Two animals, two strengths, two versions; and two copies of a poster."""
    foxes = [
        PaidJob(
            id=f"forest-{animal}-{stylize}-{version}",
            written="forest",
            fingerprint=f"1:sha256:{animal}{stylize}{version}",
            body={
                "prompt": f"a {animal} in the forest",
                "stylize": stylize,
                "version": version,
                "size": "16:9",
            },
            final_prompt=f"a {animal} in the forest --ar 16:9 --v {version} --s {stylize}",
            billing_key=f"midjourney@imagine-v{version}-fast",
            fields={"stylize": stylize, "version": version},
            variables={"animal": animal},
        )
        for animal in ("fox", "owl")
        for stylize in (100, 750)
        for version in ("6.1", "7")
    ]
    poster = PaidJob(
        id="poster",
        written="poster",
        fingerprint="1:sha256:poster",
        body={"prompt": "a poster", "size": "2:3"},
        final_prompt="a poster --ar 2:3",
        billing_key="midjourney@imagine-fast",
    )
    return [*foxes, poster, replace(poster, copy=2)]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of a folder in which one job was refused and one failed."""
    out = tmp_path_factory.mktemp("gallery") / "forest"
    with Sandbox(Options(seconds=0.05, image_side=64)) as sandbox:
        sandbox.plan("422")
        sandbox.plan("fail")
        options = RunOptions(concurrency=1, rate=60_000, poll_first=0.02, poll_every=0.05)
        Runner(out, Client(sandbox.url, "sandbox"), options).run(jobs())
    return gallery(out)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as one:
        one.command("Page.addScriptToEvaluateOnNewDocument", source=SHIFTS)
        yield one


@pytest.fixture
def opened(window: Browser, page: Path) -> Iterator[Browser]:
    """The page at desktop width; it must log no errors and ask for nothing but its own files."""
    window.log("browser")
    window.log("performance")
    window.view(1400)
    window.open(page)
    yield window
    assert window.log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in window.log("performance")]
    asked = {
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    }
    folder = page.parent.resolve().as_uri()
    assert asked
    assert all(url.startswith(f"{folder}/") for url in asked), asked


def names(*endings: str) -> list[str]:
    return [f"forest-{ending}" for ending in endings]


def test_the_filter_by_keyboard(opened: Browser) -> None:
    assert len(opened.run(JOBS)) == 10
    opened.press("/")
    assert opened.run(FOCUS) == "filter"
    opened.press(*"OWL 750")
    assert opened.run(JOBS) == names("owl-750-6.1", "owl-750-7")
    assert opened.run("return document.querySelector('#count').value") == "2 of 10 jobs"
    # A row and a column that have nothing left go away with it.
    assert opened.run(GRID) == [["stylize ↓ animal →", "owl"], ["750", "version 6.1 version 7"]]
    opened.press("Escape")
    assert len(opened.run(JOBS)) == 10
    opened.press("/", *"version:7 stylize=100")
    assert opened.run(JOBS) == names("fox-100-7", "owl-100-7")
    opened.press("Escape", "/", *"nothing at all")
    assert opened.run(JOBS) == []
    assert "No job fits the filter." in opened.run("return document.body.innerText")


def test_the_filter_by_state(opened: Browser) -> None:
    choose(opened, "#states", "failed")
    assert opened.run(JOBS) == names("fox-100-7")
    assert opened.run(GRID)[1][1].startswith("failed the provider ended the task")


def choose(window: Browser, selector: str, value: str) -> None:
    window.run(
        "const choice = document.querySelector(arguments[0]); choice.value = arguments[1];"
        "choice.dispatchEvent(new Event('change', {bubbles: true}))",
        selector,
        value,
    )


def test_the_grid_by_any_two_axes(opened: Browser) -> None:
    refused = "rejected HTTP 422: The image or prompt did not pass moderation; refunded"
    failed = "failed the provider ended the task: No available upstream"
    both = "version 6.1 version 7"
    assert opened.run(GRID) == [
        ["stylize ↓ animal →", "fox", "owl"],
        ["100", f"{refused} version 6.1 {failed} version 7", both],
        ["750", both, both],
    ]
    left = "return document.querySelector('#left-out').textContent"
    assert opened.run(left) == "2 jobs have neither and stand below."
    opened.run("document.querySelector('#rows').focus()")
    opened.press(*"version")
    opened.until("return document.querySelector('.corner').textContent.startsWith('version')")
    assert opened.run(GRID) == [
        ["version ↓ animal →", "fox", "owl"],
        ["6.1", f"{refused} stylize 100 stylize 750", "stylize 100 stylize 750"],
        ["7", f"{failed} stylize 100 stylize 750", "stylize 100 stylize 750"],
    ]
    # The same axis twice makes no grid: the other one takes its place.
    choose(opened, "#rows", "animal")
    assert opened.run(GRID)[0] == ["animal ↓ version →", "6.1", "7"]
    choose(opened, "#columns", "copy")
    assert opened.run(GRID)[0] == ["animal ↓ copy →", "1", "2"]
    assert opened.run(GRID)[3] == ["–", "poster", "poster (copy 2)"]
    assert opened.run(GRID)[2][2] == "no job"
    images = "return document.querySelectorAll('.grid img').length"
    assert opened.run(images) == 8 * 4


def test_the_head_of_the_grid_stays(opened: Browser) -> None:
    opened.run("document.querySelector('.scroll').style.height = '12rem'")
    opened.run("document.querySelector('.scroll').scrollTop = 150")
    tops = opened.run(
        "const top = (s) => document.querySelector(s).getBoundingClientRect().top;"
        "return [top('.grid th'), top('.scroll')]"
    )
    assert abs(tops[0] - tops[1]) < 2


def test_the_lightbox_by_keyboard(opened: Browser) -> None:
    first = "#job-3 .shots a"
    opened.run("document.querySelector(arguments[0]).focus()", first)
    opened.press("Enter")
    assert opened.run("return document.querySelector('dialog').open")
    assert opened.run(PLACE) == "1 of 32, forest-fox-750-6.1-1.png"
    opened.press("ArrowRight")
    assert opened.run(PLACE) == "2 of 32, forest-fox-750-6.1-2.png"
    opened.press("End")
    assert opened.run(PLACE) == "32 of 32, poster-copy2-4.png"
    opened.press("ArrowRight", "ArrowLeft", "ArrowLeft")
    assert opened.run(PLACE) == "31 of 32, poster-copy2-3.png"
    opened.press("Home", *["ArrowRight"] * 4)
    assert opened.run(PLACE) == "5 of 32, forest-fox-750-7-1.png"
    told = "return document.querySelector('dialog .legend').innerText.replace(/\\s+/g, ' ')"
    assert opened.run(told) == (
        "5 of 32, forest-fox-750-7-1.png a fox in the forest --ar 16:9 --v 7 --s 750"
        " stylize 750 version 7 animal fox"
    )
    drawn = "const i = document.querySelector('dialog img'); return i.complete && i.naturalWidth"
    assert opened.until(drawn) == 64
    opened.press("/")
    assert opened.run("return document.querySelector('dialog').open"), "the page's keys rest"
    opened.press("Escape")
    assert not opened.run("return document.querySelector('dialog').open")
    assert opened.run(FOCUS) == "./forest-fox-750-7-1.png", "the focus is where the eye is"


def test_the_lightbox_by_mouse_stays_in_what_is_shown(opened: Browser) -> None:
    opened.press("/", *"poster")
    opened.click("#job-10 .shots li:nth-child(4) a")
    assert opened.run(PLACE) == "8 of 8, poster-copy2-4.png"
    opened.click("#after")
    assert opened.run(PLACE) == "1 of 8, poster-1.png"
    opened.click("#before")
    assert opened.run(PLACE) == "8 of 8, poster-copy2-4.png"
    opened.click("#close")
    assert not opened.run("return document.querySelector('dialog').open")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_tall_image_leaves_the_words_their_place(width: int, opened: Browser) -> None:
    opened.view(width)
    opened.click("#job-3 .shots a")
    opened.run(
        "const image = document.querySelector('dialog img');"
        "image.style.width = '900px'; image.style.height = '2000px';"
        "document.querySelector('dialog .words').textContent = 'a wide view '.repeat(200)"
    )
    image, words, buttons = opened.run(
        "return ['img', '.legend', '.actions'].map((name) =>"
        " document.querySelector('dialog ' + name).getBoundingClientRect())"
        ".map((box) => [box.top, box.bottom])"
    )
    assert image[1] <= words[0] < words[1] <= buttons[0] < buttons[1] <= 850


def test_jobs_by_keyboard(opened: Browser) -> None:
    opened.press("j", "j", "k", "j")
    assert opened.run(FOCUS) == "name-2"
    opened.press("Tab")
    assert "Copy prompt" in opened.run("return document.activeElement.textContent")
    opened.press("k", "k", "k")
    assert opened.run(FOCUS) == "name-1"


def test_copies_of_the_prompt_and_of_the_yaml(opened: Browser, tmp_path: Path) -> None:
    opened.command("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    held = "return navigator.clipboard.readText()"
    opened.click("#job-3 [data-copy='.prompt']")
    done = "return document.querySelector(arguments[0]).textContent === 'Copied'"
    opened.until(done, "#job-3 [data-copy='.prompt']")
    assert opened.run(held) == "a fox in the forest --ar 16:9 --v 6.1 --s 750"
    opened.click("#job-3 .shots a")
    opened.press("End")
    opened.click("dialog [data-copy='.yaml']")
    opened.until(done, "dialog [data-copy='.yaml']")
    text = opened.run(held)
    assert text == '- id: "poster"\n  prompt: "a poster"\n  size: "2:3"'
    path = tmp_path / "copied.yaml"
    path.write_text(f"jobs:\n{text}\n")
    loaded = mjspec.load(path)
    assert [one.job.id for one in loaded.jobs] == ["poster"]
    assert loaded.diagnostics == ()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1400])
def test_every_width_and_both_colours(opened: Browser, width: int, dark: bool) -> None:
    opened.view(width, dark=dark)
    assert opened.run("return matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert opened.run("return document.documentElement.scrollWidth") <= width
    assert opened.run(FAINT, "body > :not(dialog) *") == []
    small = "return [...document.querySelectorAll('button, input, select')]"
    small += ".filter((node) => node.checkVisibility() && node.offsetHeight < 40).length"
    assert opened.run(small) == 0
    opened.run("document.querySelector('#job-3 .shots a').click()")
    assert opened.run(FAINT, "dialog *") == []


@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_moves_while_images_come(window: Browser, page: Path, width: int) -> None:
    window.view(width)
    window.open(page)
    for _ in range(6):
        wheel = {"type": "mouseWheel", "x": 100, "y": 700, "deltaX": 0, "deltaY": 700}
        window.command("Input.dispatchMouseEvent", **wheel)
        time.sleep(0.05)
    assert window.run("return window.shifts") < 0.001


def test_without_scripts_everything_is_there_to_look_at(window: Browser, page: Path) -> None:
    window.view(1400)
    window.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        window.open(page)
        assert len(window.run(JOBS)) == 10
        assert window.run(GRID)[0] == ["stylize ↓ animal →", "fox", "owl"]
        dead = "return [...document.querySelectorAll('button, input, select')]"
        assert window.run(f"{dead}.filter((node) => node.checkVisibility()).length") == 0
        links = "return [...document.querySelectorAll('.shots a')].map((link) => link.href)"
        assert len(window.run(links)) == 32 + 24
        drawn = (
            "const i = document.querySelector('.shots img'); return i.complete && i.naturalWidth"
        )
        assert window.until(drawn) == 64
    finally:
        window.command("Emulation.setScriptExecutionDisabled", value=False)
