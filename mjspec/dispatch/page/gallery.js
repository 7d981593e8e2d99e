"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

const jobs = all(".job").map((card, at) => ({
  at,
  card,
  name: one("h3", card).textContent,
  axes: JSON.parse(card.dataset.axes),
  settings: new Map(all("[data-name]", card).map((item) => [item.dataset.name.toLowerCase(), one("b", item).textContent.toLowerCase()])),
  text: ["h3", ".state", ".prompt", ".settings", ".blank"].map((part) => one(part, card)?.textContent ?? "").join("\n").toLowerCase(),
  fits: true,
}));
const jobOf = (node) => jobs[Number(node.closest("figure[data-job]")?.dataset.job ?? node.closest(".job").id.slice(4)) - 1];

/* Filter: every word must be somewhere in the job; `stylize:100` must be its value. */
const words = one("#filter");
const states = one("#states");
const fitsWord = (job, word) => {
  const colon = word.search(/[:=]/);
  const value = colon > 0 ? job.settings.get(word.slice(0, colon)) : undefined;
  return value === undefined ? job.text.includes(word) : value === word.slice(colon + 1);
};
const filter = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const job of jobs) {
    job.fits = wanted.every((word) => fitsWord(job, word)) && (!states.value || job.card.dataset.state === states.value);
    job.card.hidden = !job.fits;
  }
  const shown = jobs.filter((job) => job.fits).length;
  one("#count").textContent = `${shown} of ${jobs.length} jobs`;
  one("#nothing").hidden = shown > 0 || !jobs.length;
  sift(shown < jobs.length);
};

/* Grid: the figures are made once and moved to where the two axes want them. */
const NONE = "–";
const table = one(".grid");
const rows = one("#rows");
const columns = one("#columns");
const figures = new Map(all("figure", table ?? make("p")).map((node) => [jobOf(node), node]));
const figureOf = (job) => {
  if (!figures.has(job)) {
    const parts = all(":scope > .shots, :scope > .blank", job.card).map((node) => node.cloneNode(true));
    const link = make("a", { href: `#${job.card.id}` });
    const node = make("figure", {}, ...parts, make("figcaption", {}, link));
    node.dataset.job = job.at + 1;
    figures.set(job, node);
  }
  return figures.get(job);
};
const captionOf = (job) => {
  const more = [...rows.options].map((option) => option.value)
    .filter((axis) => axis !== rows.value && axis !== columns.value && axis in job.axes && !(axis === "copy" && job.axes.copy === "1"))
    .map((axis) => `${axis} ${job.axes[axis]}`);
  return more.join(", ") || job.name;
};
const ordered = (values) => {
  const found = [...new Set(values)];
  return [...found.filter((value) => value !== NONE), ...found.filter((value) => value === NONE)];
};
const pivot = () => {
  const inside = jobs.filter((job) => rows.value in job.axes || columns.value in job.axes);
  const placed = new Map();
  for (const job of inside) {
    const place = JSON.stringify([job.axes[rows.value] ?? NONE, job.axes[columns.value] ?? NONE]);
    placed.set(place, [...(placed.get(place) ?? []), job]);
    const figure = figureOf(job);
    one("figcaption a", figure).textContent = captionOf(job);
  }
  const across = ordered(inside.map((job) => job.axes[columns.value] ?? NONE));
  const corner = make("td", { className: "corner" }, make("span", { textContent: `${rows.value} ↓` }), " ", make("span", { textContent: `${columns.value} →` }));
  const head = make("tr", {}, corner, ...across.map((value) => make("th", { scope: "col", textContent: value })));
  const lines = ordered(inside.map((job) => job.axes[rows.value] ?? NONE)).map((row) => {
    const cells = across.map((column) => make("td", {}, ...(placed.get(JSON.stringify([row, column])) ?? []).map(figureOf)));
    return make("tr", {}, make("th", { scope: "row", textContent: row }), ...cells);
  });
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...lines));
  const left = jobs.length - inside.length;
  one("#left-out").textContent = left ? `${left} ${left === 1 ? "job has" : "jobs have"} neither and stand below.` : "";
  filter();
};
/* Rows and columns that the filter empties go away; a cell without an image says why. */
const sift = (filtered) => {
  if (!table) return;
  const full = new Set();
  for (const line of all("tbody tr", table)) {
    let any = false;
    all("td", line).forEach((cell, at) => {
      const inside = all("figure", cell);
      inside.forEach((node) => { node.hidden = !jobOf(node).fits; });
      const seen = inside.some((node) => !node.hidden);
      one(".empty", cell)?.remove();
      if (!seen) cell.append(make("p", { className: "empty", textContent: inside.length ? "filtered out" : "no job" }));
      if (seen) full.add(at);
      any ||= seen;
    });
    line.hidden = filtered && !any;
  }
  for (const line of all("tr", table)) {
    [...line.children].slice(1).forEach((cell, at) => { cell.hidden = filtered && !full.has(at); });
  }
  one("#grid").hidden = filtered && !full.size;
};
const turn = (choice, other) => () => {
  if (choice.value === other.value) other.value = choice.dataset.before;
  choice.dataset.before = choice.value;
  other.dataset.before = other.value;
  pivot();
};
if (table) {
  [rows, columns].forEach((choice) => { choice.dataset.before = choice.value; });
  rows.addEventListener("change", turn(rows, columns));
  columns.addEventListener("change", turn(columns, rows));
}
words.addEventListener("input", filter);
states.addEventListener("change", filter);
const size = one("#size");
const resize = () => document.documentElement.style.setProperty("--thumb", `${size.value}rem`);
size.addEventListener("input", resize);
/* A page that is loaded again keeps what stood in its fields. */
if (size.value !== size.defaultValue) resize();
filter();

/* Lightbox */
const box = one("dialog");
const picture = one("img", box);
let links = [];
let place = 0;
const show = (at) => {
  place = (at + links.length) % links.length;
  const link = links[place];
  const job = jobOf(link);
  const thumb = one("img", link);
  picture.removeAttribute("src");
  picture.width = thumb.getAttribute("width") ?? 0;
  picture.height = thumb.getAttribute("height") ?? 0;
  if (!thumb.hasAttribute("width")) ["width", "height"].forEach((side) => picture.removeAttribute(side));
  picture.src = link.getAttribute("href");
  picture.alt = thumb.alt;
  one(".place", box).textContent = `${place + 1} of ${links.length}, ${link.title}`;
  one(".words", box).replaceChildren(...one(".prompt", job.card).cloneNode(true).childNodes);
  one(".settings", box).replaceChildren(...all(".differs", job.card).map((item) => item.cloneNode(true)));
  one("#original").href = link.getAttribute("href");
  for (const near of [place + 1, place - 1]) {
    new Image().src = links[(near + links.length) % links.length].getAttribute("href");
  }
};
const open = (link) => {
  const root = link.closest("table") ?? one("#jobs");
  links = all(".shots a", root).filter((item) => !item.closest("[hidden]"));
  show(links.indexOf(link));
  box.showModal();
};
one("#before").addEventListener("click", () => show(place - 1));
one("#after").addEventListener("click", () => show(place + 1));
one("#close").addEventListener("click", () => box.close());
const TURNS = { ArrowLeft: () => place - 1, ArrowRight: () => place + 1, Home: () => 0, End: () => links.length - 1 };
box.addEventListener("keydown", (event) => {
  if (!(event.key in TURNS) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  show(TURNS[event.key]());
});
box.addEventListener("close", () => links[place]?.focus());
let touched = null;
box.addEventListener("touchstart", (event) => { touched = event.touches.length === 1 ? event.touches[0].clientX : null; }, { passive: true });
box.addEventListener("touchend", (event) => {
  const moved = touched === null ? 0 : event.changedTouches[0].clientX - touched;
  if (Math.abs(moved) > 50) show(moved > 0 ? place - 1 : place + 1);
}, { passive: true });

/* Copies */
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { value: text, readOnly: true });
    (box.open ? box : document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};
const copied = async (button) => {
  const job = box.open ? jobOf(links[place]) : jobOf(button);
  const label = (button.dataset.label ??= button.textContent);
  const done = await copy(one(button.dataset.copy, job.card).textContent);
  button.focus();
  button.setAttribute("aria-live", "polite");
  button.textContent = done ? "Copied" : "Copy it by hand";
  setTimeout(() => { button.textContent = label; }, 1500);
};
document.addEventListener("click", (event) => {
  const link = event.target.closest(".shots a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link);
  }
  const button = event.target.closest("button[data-copy]");
  if (button) copied(button);
});

/* Keys of the page */
const step = (by) => {
  const shown = jobs.filter((job) => job.fits);
  const here = shown.findIndex((job) => job.card.contains(document.activeElement));
  const next = shown[here < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(Math.max(here + by, 0), shown.length - 1)];
  if (!next) return;
  next.card.scrollIntoView({ block: "start" });
  one("h3", next.card).focus({ preventScroll: true });
};
document.addEventListener("keydown", (event) => {
  if (box.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === words && event.key === "Escape") {
    words.value = "";
    filter();
    words.blur();
  }
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    words.focus();
    words.select();
  }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});
