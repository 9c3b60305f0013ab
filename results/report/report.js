"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  const theme = document.querySelector(".theme");
  theme.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  });

  // Cells carry what they are sorted by; rows without a value stay last.
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return column === 0 ? cell.dataset.value : parseFloat(cell.dataset.value);
  };
  const compare = (a, b) => typeof a === "string" ? (a < b ? -1 : a > b ? 1 : 0) : a - b;

  const sort = (table, column) => {
    const head = table.tHead.rows[0].cells[column];
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const cell of table.tHead.rows[0].cells) cell.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const missing = (value) => typeof value === "number" && Number.isNaN(value);
    const rows = Array.from(body.rows).sort((left, right) => {
      const a = valueOf(left, column), b = valueOf(right, column);
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return down ? compare(b, a) : compare(a, b);
    });
    body.append(...rows);
  };

  for (const section of document.querySelectorAll(".results")) {
    const table = section.querySelector("table");
    Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
      cell.querySelector("button").addEventListener("click", () => sort(table, column));
    });
    const filter = section.querySelector("input");
    const count = section.querySelector(".count");
    const show = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const label = row.cells[0].dataset.value.toLowerCase();
        row.hidden = !words.every((word) => label.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${table.tBodies[0].rows.length} architectures`;
    };
    filter.addEventListener("input", show);
    show();
  }
})();
