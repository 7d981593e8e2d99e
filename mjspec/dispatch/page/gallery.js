"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const jobs = all(".job");
const axes = new Map(jobs.map((job) => [job, JSON.parse(job.dataset.axes)]));
all("[data-script]").forEach((node) => { node.hidden = false; });

const words = one("#filter");
const states = one("#states");
const count = one("#count");
const filter = () => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const job of jobs) {
    const text = job.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word))
      && (!states.value || job.dataset.state === states.value);
    job.hidden = !fits;
    shown += fits;
  }
  count.textContent = `${shown} of ${jobs.length}`;
  pivot();
};
const rows = one("#rows");
const columns = one("#columns");
const valueOf = (job, axis) => (axis in axes.get(job) ? axes.get(job)[axis] : "–");
const distinct = (axis) => [...new Set(jobs.map((job) => valueOf(job, axis)))];
const cell = (row, column) => {
  const box = make("td");
  for (const job of jobs) {
    if (job.hidden || valueOf(job, rows.value) !== row || valueOf(job, columns.value) !== column) continue;
    const shots = one(".shots", job);
    const name = one("h3", job).textContent + (shots ? "" : `: ${job.dataset.state}`);
    box.append(make("figure", {}, ...(shots ? [shots.cloneNode(true)] : []), make("figcaption", { textContent: name })));
  }
  return box;
};
const pivot = () => {
  const table = one("table.grid");
  if (!table || !rows) return;
  const across = distinct(columns.value);
  const head = make("tr", {}, make("th", { scope: "col", textContent: `${rows.value} / ${columns.value}` }));
  across.forEach((value) => head.append(make("th", { scope: "col", textContent: value })));
  const lines = distinct(rows.value).map((row) => {
    const line = make("tr", {}, make("th", { scope: "row", textContent: row }));
    across.forEach((column) => line.append(cell(row, column)));
    return line;
  });
  table.replaceChildren(make("thead", {}, head), make("tbody", {}, ...lines));
};
words.addEventListener("input", filter);
states.addEventListener("change", filter);
[rows, columns].forEach((choice) => choice && choice.addEventListener("change", pivot));
filter();

const box = one("dialog");
const picture = one("img", box);
const caption = one("p", box);
let links = [];
let place = 0;
const show = (at) => {
  place = (at + links.length) % links.length;
  const link = links[place];
  picture.src = link.getAttribute("href");
  picture.alt = one("img", link).alt;
  caption.textContent = one("img", link).alt;
};
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".shots a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const root = link.closest("table") || document;
    links = all(".shots a", root).filter((item) => !item.closest("[hidden]") && (root !== document || !item.closest("table")));
    show(links.indexOf(link));
    if (!box.open) box.showModal();
  }
  const button = event.target.closest("button[data-copy]");
  if (button) {
    const text = one(button.dataset.copy, button.closest(".job")).textContent;
    const before = button.textContent;
    button.textContent = (await copy(text)) ? "Copied" : "Select and copy it by hand";
    setTimeout(() => { button.textContent = before; }, 1500);
  }
});
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
};
one("#before").addEventListener("click", () => show(place - 1));
one("#after").addEventListener("click", () => show(place + 1));
one("#close").addEventListener("click", () => box.close());
box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") show(place - 1);
  if (event.key === "ArrowRight") show(place + 1);
});
box.addEventListener("close", () => links[place] && links[place].focus());
