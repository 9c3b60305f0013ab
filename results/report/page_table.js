"use strict";
// The page, and the table of a run on it.

const NEAR = 14;  // pixels from a point within which it is meant
const LISTED = 8; // architectures that a tip names
const DRAG = 4;   // pixels that make a drag of a click
const root = document.documentElement;
root.classList.add("scripted");

// --- the page ---

const theme = document.querySelector(".theme");
theme.addEventListener("click", () => {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
});
// Paper unfolds nothing.
addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("details")) closed.open = true;
});

const add = (parent, name, attributes) => {
  const made = document.createElementNS(parent.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return parent.appendChild(made);
};

const tip = add(document.body, "div", {class: "tip", "aria-hidden": "true"});
const said = add(document.body, "div", {class: "spoken", role: "status"});
tip.hidden = true;
const showTip = (text, x, y) => {
  tip.textContent = text;
  tip.hidden = false;
  const {width, height} = tip.getBoundingClientRect();
  const left = x + 14 + width > innerWidth ? x - 14 - width : x + 14;
  const top = y + 14 + height > innerHeight ? y - 14 - height : y + 14;
  tip.style.left = `${Math.max(2, left)}px`;
  tip.style.top = `${Math.max(2, top)}px`;
};

// --- a table is sorted by its heads ---

// What a cell is sorted and filtered by.
const valueOf = (row, column) => {
  const cell = row.cells[column];
  if (column === 0) return cell.querySelector(".label").textContent;
  return parseFloat(cell.dataset.value ?? cell.textContent);
};

// Rows without a value stay last.
const sort = (table, heads, column) => {
  const down = heads[column].getAttribute("aria-sort") === "ascending";
  for (const other of heads) other.setAttribute("aria-sort", "none");
  heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
  const compare = (a, b) => typeof a === "string" ? (a < b ? -1 : a > b ? 1 : 0) : a - b;
  const missing = (value) => typeof value === "number" && Number.isNaN(value);
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((left, right) => {
    const a = valueOf(left, column), b = valueOf(right, column);
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    return down ? compare(b, a) : compare(a, b);
  }));
};

const sortByHeads = (table) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => sort(table, heads, column));
  });
  return heads;
};

// --- the table of a run: rows are shown or hidden, and marked ---

class Table {
  constructor(section) {
    this.table = section.querySelector("table");
    this.body = this.table.tBodies[0];
    this.heads = sortByHeads(this.table);
    this.rows = [...this.body.rows];  // by the numbers that points have
    this.filter = section.querySelector("input");
    this.count = section.querySelector(".count");
    this.clear = section.querySelector(".clear");
    this.brushes = new Map();  // picture and axis → a set of numbers, or null: no limit
    this.pictures = [];
    this.marked = new Set();
    this.filter.addEventListener("input", () => this.update());
    this.clear.addEventListener("click", () => {
      this.reset();
      this.filter.focus();
    });
    this.rows.forEach((row, number) => this.prepare(row, number));
    this.update();
  }

  // The label is a button: it says whether its row is marked. One is a stop of the
  // tabulator, arrows go to the others.
  prepare(row, number) {
    const label = row.querySelector(".label");
    label.setAttribute("role", "button");
    label.tabIndex = number === 0 ? 0 : -1;
    row.addEventListener("click", () => {
      if (String(getSelection()) === "") this.mark(number);
    });
    label.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.reset();
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        this.mark(number);
      }
      const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
      const shown = this.shown();
      const next = step && shown[shown.indexOf(row) + step];
      if (!next) return;
      event.preventDefault();
      this.stop(next).focus();
    });
  }

  shown() {
    return [...this.body.rows].filter((row) => !row.hidden);
  }

  // The row whose label the tabulator stops at.
  stop(row) {
    for (const label of this.body.querySelectorAll('.label[tabindex="0"]')) label.tabIndex = -1;
    const own = row.querySelector(".label");
    own.tabIndex = 0;
    return own;
  }

  column(name) {
    return this.heads.findIndex((head) => head.dataset.name === name);
  }

  // "mse<1.2" is a test of a column, anything else a word of the label.
  tests() {
    return this.filter.value.split(/\s+/).filter(Boolean).map((word) => {
      const parts = /^([a-z_]+)(<=|>=|<|>|=)([-+]?[\d.]+(?:e[-+]?\d+)?)$/i.exec(word);
      const column = parts ? this.column(parts[1].toLowerCase()) : -1;
      if (column < 1) {
        const low = word.toLowerCase();
        return (row) => valueOf(row, 0).toLowerCase().includes(low);
      }
      const bound = parseFloat(parts[3]);
      const holds = {"<": (v) => v < bound, "<=": (v) => v <= bound, ">": (v) => v > bound,
        ">=": (v) => v >= bound, "=": (v) => v === bound}[parts[2]];
      return (row) => holds(valueOf(row, column));
    });
  }

  update() {
    const tests = this.tests(), sets = [...this.brushes.values()];
    let shown = 0;
    this.rows.forEach((row, number) => {
      row.hidden = !tests.every((test) => test(row)) || !sets.every((set) => set.has(number));
      row.classList.toggle("marked", this.marked.has(number));
      row.querySelector(".label").setAttribute("aria-pressed", String(this.marked.has(number)));
      shown += row.hidden ? 0 : 1;
    });
    const marks = this.marked.size > 0 ? `, ${this.marked.size} marked` : "";
    this.count.textContent = `${shown} of ${this.rows.length} architectures${marks}`;
    this.limited = shown < this.rows.length;
    if (shown > 0 && !this.body.querySelector('tr:not([hidden]) .label[tabindex="0"]')) {
      this.stop(this.shown()[0]);
    }
    this.clear.hidden = !this.limited && this.marked.size === 0;
    for (const picture of this.pictures) picture.update();
  }

  mark(number) {
    if (!this.marked.delete(number)) this.marked.add(number);
    this.update();
  }

  reset() {
    this.marked.clear();
    this.brushes.clear();
    this.filter.value = "";
    for (const picture of this.pictures) picture.forget();
    this.update();
  }

  cell(number, name) {
    return this.rows[number].cells[this.column(name)].textContent.trim();
  }

  line(number) {
    return `${valueOf(this.rows[number], 0)}: ${this.cell(number, "mse")}`;
  }

  text(number) {
    const row = this.rows[number];
    const cell = (name) => this.cell(number, name);
    return `${valueOf(row, 0)}\ntest MSE ${cell("mse")} (n ${cell("n")})\n` +
      `validation MSE ${cell("validation_mse")}\n` +
      `${cell("parameters")} parameters, ${cell("cpu_seconds")} CPU s`;
  }
}
