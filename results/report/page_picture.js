// A picture of a run: gnuplot drew it, and the template after it has its points.

// Lines of the template: row x y, and of an epoch: epoch test validation loss likelihood.
const readPoints = (template) => template.content.textContent.trim().split("\n").map((line) => {
  const [row, x, y, ...epoch] = line.split(" ");
  return {row: Number(row), x: Number(x), y: Number(y), epoch};
});

class Picture {
  constructor(figure, table, name) {
    this.box = figure.querySelector(".picture");
    this.svg = this.box.querySelector("svg");
    this.table = table;
    this.name = name;
    this.kind = figure.dataset.picture;
    this.parallel = this.kind === "parallel_coordinates";
    this.at = -1;
    this.hideByLegend();
    const template = this.box.querySelector("template");
    if (!template) return;
    this.points = readPoints(template).filter((point) => table.rows[point.row]);
    this.order = [...this.points].sort((a, b) => a.x - b.x || a.y - b.y);
    this.axes = [...new Set(this.points.map((point) => point.x))].sort((a, b) => a - b);
    if (this.parallel) this.findStrands();
    this.layer = add(this.svg, "g", {class: "layer"});
    this.rings = add(this.svg, "g", {class: "rings"});
    this.ring = add(this.svg, "circle", {class: "ring", r: 9, visibility: "hidden"});
    this.listen();
  }

  // A line goes from the right side of an axis to the left side of the next, which are
  // points of its row, and has the colour of what is drawn to the last of them.
  findStrands() {
    const drawn = new Map();
    for (const path of this.svg.querySelectorAll("[id*=gnuplot_plot_] path[stroke]")) {
      for (const part of path.getAttribute("d").split(/(?=M)/)) {
        const end = /(-?[\d.]+),(-?[\d.]+)\s*$/.exec(part);
        if (end) drawn.set(`${end[1]},${end[2]}`, path.getAttribute("stroke"));
      }
    }
    this.strands = new Map();
    for (const point of this.points) {
      const own = this.strands.get(point.row) ?? {points: [], color: "currentColor"};
      own.points.push(point);
      this.strands.set(point.row, own);
    }
    for (const own of this.strands.values()) {
      own.points.sort((a, b) => a.x - b.x);
      const last = own.points[own.points.length - 1];
      for (const [across, up] of [[0, 0], [0, 1], [1, 0], [0, -1], [-1, 0]]) {
        const key = `${(last.x + across / 100).toFixed(2)},${(last.y + up / 100).toFixed(2)}`;
        own.color = drawn.get(key) ?? own.color;
      }
    }
  }

  // --- legend ---

  styleOf(element) {
    const of = (name) => (element.getAttribute(name) ?? element.parentNode.getAttribute(name) ?? "")
      .replace(/\s/g, "");
    return element.tagName === "use" ? of("xlink:href") + of("color")
      : of("stroke") + of("stroke-dasharray") + of("stroke-width");
  }

  // An entry hides the plot that it names. One that names what other plots and arrows
  // draw is a plot of its sample alone: what looks the same goes.
  hideByLegend() {
    const drawn = [...this.svg.querySelectorAll("path, use, polygon")]
      .filter((element) => !element.closest("defs"));
    const plotted = (element) => element.closest("[id*=gnuplot_plot_]") !== null;
    for (const plot of this.svg.querySelectorAll("[data-legend]")) {
      const text = [...plot.querySelectorAll("text")]
        .find((one) => one.textContent === plot.dataset.legend);
      const own = drawn.filter((element) => plot.contains(element));
      if (!text || own.length === 0) continue;
      const alone = own.length === 1 && own[0].getAttribute("d")?.match(/M/g)?.length !== 2;
      const style = this.styleOf(own[own.length - 1]);
      const alike = drawn.filter((element) => element !== own[0] && this.styleOf(element) === style &&
        (element.tagName === "path" || plotted(element)));
      if (!alone) {
        this.addEntry(text, [...plot.querySelectorAll("path, use, polygon, text")]
          .filter((element) => element !== text));
      } else if (alike.length > 0) {
        this.addEntry(text, [own[0], ...alike]);
      }
    }
    this.hideByKey(drawn.filter((element) => element.tagName === "use"), plotted);
  }

  // A key of colours and shapes stands beside the plots: a grey sample is of a shape,
  // others are of a colour.
  hideByKey(marks, plotted) {
    const placeOf = (element) => {
      const place = /translate\(([-\d.]+),([-\d.]+)\)/.exec(element.getAttribute("transform") ?? "");
      return place ? {x: Number(place[1]), y: Number(place[2])} : null;
    };
    const texts = [...this.svg.querySelectorAll("text")].filter((text) => !plotted(text))
      .map((text) => ({text, place: placeOf(text.parentNode)})).filter(({place}) => place);
    for (const sample of marks.filter((mark) => !plotted(mark))) {
      const own = placeOf(sample);
      const beside = own && texts.find(({place}) => place.x > own.x && place.x < own.x + 30 &&
        Math.abs(place.y - own.y) < 8);
      const name = sample.getAttribute("color") === "rgb( 96,  96,  96)" ? "xlink:href" : "color";
      const named = marks.filter((mark) => plotted(mark) && !mark.closest("[data-legend]") &&
        mark.getAttribute(name) === sample.getAttribute(name));
      if (beside && named.length > 0) this.addEntry(beside.text, named);
    }
  }

  // What several entries hide is seen again when none of them does.
  addEntry(text, hidden) {
    for (const [key, value] of [["class", "legend"], ["role", "button"], ["tabindex", "0"],
      ["aria-pressed", "true"]]) text.setAttribute(key, value);
    const toggle = () => {
      const off = text.getAttribute("aria-pressed") === "true";
      text.setAttribute("aria-pressed", String(!off));
      for (const element of hidden) {
        element.hiding = (element.hiding ?? 0) + (off ? 1 : -1);
        element.classList.toggle("off", element.hiding > 0);
      }
    };
    text.addEventListener("click", toggle);
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      toggle();
    });
  }

  // --- pointer and keyboard ---

  placeOf(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(
      this.svg.getScreenCTM().inverse());
  }

  scale() {
    return this.svg.getScreenCTM().a || 1;
  }

  // In the picture by architecture a row has its line: whatever lies on it is meant.
  nearest(place) {
    const lines = this.kind === "mse_by_architecture";
    let best = null, least = NEAR / this.scale();
    for (const point of this.points) {
      if (this.table.rows[point.row].hidden) continue;
      const away = lines ? Math.abs(point.y - place.y) : Math.hypot(point.x - place.x, point.y - place.y);
      if (away < least) [best, least] = [point, away];
    }
    return best;
  }

  // Rows that share a place, as those of one value do on an axis.
  sharing(point) {
    return this.points.filter((other) => !this.table.rows[other.row].hidden &&
      Math.hypot(point.x - other.x, point.y - other.y) < 1).map((other) => other.row);
  }

  // One row at a place is turned over; several are marked until all are.
  markAt(point) {
    const rows = this.sharing(point), {marked} = this.table;
    const all = rows.every((row) => marked.has(row));
    for (const row of rows) all ? marked.delete(row) : marked.add(row);
    this.table.update();
  }

  textOf(point) {
    const rows = this.sharing(point);
    if (rows.length > 1) {
      const lines = rows.slice(0, LISTED).map((row) => this.table.line(row));
      if (rows.length > LISTED) lines.push(`and ${rows.length - LISTED} more`);
      return `${rows.length} architectures\n${lines.join("\n")}`;
    }
    if (point.epoch.length === 0) return this.table.text(point.row);
    const [epoch, test, validation, loss, likelihood] = point.epoch;
    const lines = [valueOf(this.table.rows[point.row], 0), `epoch ${epoch}`, `test MSE ${test}`];
    if (validation !== "-") lines.push(`validation MSE ${validation}`);
    if (loss !== "-") {
      lines.push(`training loss${likelihood === "1" ? " (negative log-likelihood)" : ""} ${loss}`);
    }
    return lines.join("\n");
  }

  show(point, x, y) {
    this.ring.setAttribute("visibility", point ? "visible" : "hidden");
    this.box.classList.toggle("over", point !== null);
    if (!point) {
      tip.hidden = true;
      return;
    }
    this.ring.setAttribute("cx", point.x);
    this.ring.setAttribute("cy", point.y);
    showTip(this.textOf(point), x, y);
  }

  listen() {
    const svg = this.svg;
    svg.addEventListener("pointermove", (event) => this.move(event));
    svg.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.classList.contains("legend")) return;
      this.from = this.placeOf(event);
      this.dragged = false;
      if (event.pointerType !== "touch") event.preventDefault();  // no text is selected
      this.box.focus({preventScroll: true});
    });
    svg.addEventListener("pointerup", (event) => this.end(event));
    svg.addEventListener("pointercancel", () => { this.from = null; });
    svg.addEventListener("pointerleave", () => {
      if (!this.dragged) this.show(null);
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("blur", () => this.show(null));
    this.box.setAttribute("role", "application");
  }

  move(event) {
    const place = this.placeOf(event);
    if (this.from) {
      const moved = Math.hypot(place.x - this.from.x, place.y - this.from.y);
      if (!this.dragged && moved > DRAG / this.scale()) {
        this.dragged = true;
        this.show(null);
        this.svg.setPointerCapture(event.pointerId);
      }
      if (this.dragged) this.draw(place);
      return;
    }
    this.show(this.nearest(place), event.clientX, event.clientY);
  }

  end(event) {
    const place = this.placeOf(event);
    if (this.from && this.dragged) {
      this.brush(place);
    } else if (this.from) {
      const point = this.nearest(place);
      if (point) {
        this.markAt(point);
      } else {
        this.forget();
        this.table.update();
      }
    }
    this.from = null;
    this.dragged = false;
  }

  key(event) {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    if (event.key === "Escape") {
      this.table.reset();
      this.show(null);
    }
    if ((event.key === "Enter" || event.key === " ") && this.at >= 0 && event.target === this.box) {
      event.preventDefault();
      this.markAt(this.order[this.at]);
      const marked = this.table.marked.has(this.order[this.at].row);
      said.textContent = `${this.textOf(this.order[this.at])}\n${marked ? "marked" : "not marked"}`;
    }
    if (!step || event.target !== this.box) return;
    const shown = this.order.filter((point) => !this.table.rows[point.row].hidden);
    if (shown.length === 0) return;
    event.preventDefault();
    const old = shown.indexOf(this.order[this.at]);
    const next = old < 0 ? shown[0] : shown[Math.min(Math.max(old + step, 0), shown.length - 1)];
    this.at = this.order.indexOf(next);
    const place = new DOMPoint(next.x, next.y).matrixTransform(this.svg.getScreenCTM());
    this.show(next, place.x, place.y);
    said.textContent = this.textOf(next);
  }

  // --- brush: a box, or a part of the nearest axis ---

  area(place) {
    const {from} = this, top = Math.min(from.y, place.y), height = Math.abs(from.y - place.y);
    if (this.parallel) {
      const axis = this.axes.reduce((best, x) =>
        Math.abs(x - from.x) < Math.abs(best - from.x) ? x : best, this.axes[0]);
      return {x: axis - 12, width: 24, y: top, height, axis};
    }
    return {x: Math.min(from.x, place.x), width: Math.abs(from.x - place.x), y: top, height, axis: 0};
  }

  draw(place) {
    const {x, y, width, height, axis} = this.area(place);
    const own = this.layer.querySelector(`rect[data-axis="${axis}"]`) ??
      add(this.layer, "rect", {class: "brush", "data-axis": axis});
    for (const [key, value] of Object.entries({x, y, width, height})) own.setAttribute(key, value);
  }

  brush(place) {
    this.draw(place);
    const {x, y, width, height, axis} = this.area(place);
    const within = this.points.filter((point) => point.x >= x && point.x <= x + width &&
      point.y >= y && point.y <= y + height);
    this.table.brushes.set(`${this.name} ${axis}`, new Set(within.map((point) => point.row)));
    this.table.update();
  }

  forget() {
    for (const key of this.table.brushes.keys()) {
      if (key.startsWith(`${this.name} `)) this.table.brushes.delete(key);
    }
    this.layer?.replaceChildren();
  }

  // What the table shows is drawn over what it hides, which is faint.
  update() {
    if (!this.points) return;
    const {rows, marked, limited} = this.table;
    this.svg.classList.toggle("faint", limited || (this.parallel && marked.size > 0));
    this.rings.replaceChildren();
    for (const [row, {points, color}] of this.strands ?? []) {
      const own = marked.has(row);
      if (rows[row].hidden || (!own && !limited)) continue;
      const d = points.map(({x, y}, i) => `${i % 2 === 0 ? "M" : "L"}${x},${y}`).join(" ");
      add(this.rings, "path", {class: own ? "strand marked" : "strand shown", stroke: color,
        "data-row": row, d});
    }
    for (const point of this.points) {
      if (rows[point.row].hidden) continue;
      const own = marked.has(point.row);
      if (!own && (!limited || this.parallel)) continue;
      if (own && point.epoch.length > 0) continue;
      const below = this.kind === "heat_map" ? 13 : 0;  // a number stands in the middle
      add(this.rings, "circle", {class: own ? "marked" : "shown", cx: point.x, cy: point.y + below,
        r: own ? 6 : point.epoch.length > 0 ? 1.5 : 3.5, "data-row": point.row});
    }
  }
}
