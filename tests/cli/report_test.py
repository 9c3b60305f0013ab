#!/usr/bin/env python3
"""crosslane report in a browser: report_test.py CROSSLANE [CASE...]

The page is used as its readers do, with pointer and keyboard, in a headless Chromium.
What it shows is held against `crosslane show --format csv`. 77, meson's "skipped",
where there is no Chromium. Each case is told in cmocka's form, for tools/count_tests.py.
"""
import base64
import csv
import io
import pathlib
import re
import subprocess
import sys
import tempfile
import traceback

import browser

CONFIG = """\
schema: 1
name: page
description: Is <b>this</b> a question?
data:
  source: synthetic
  synthetic: {users: 60, items: 80, ratings: 2000, seed: 1}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender, occupation, genre]}}
train: {epochs: 2}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[], [8], [16], [8, 8], [16, 16]]}
    model.deep.embedding_dim: {values: [2, 12]}
"""
MANY = """\
schema: 1
name: many
data:
  source: synthetic
  synthetic: {users: 40, items: 50, ratings: 400, seed: 1}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender, occupation, genre]}}
train: {epochs: 1}
seeds: [1]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[], [2], [4], [6], [8], [2, 2], [4, 4], [6, 6], [8, 8], [8, 8, 8]]}
    model.deep.embedding_dim: {values: [2, 3, 4, 5]}
    train.batch_size: {values: [16, 64]}
    model.wide.crosses: {values: [[], [gender*genre], [gender*occupation, occupation*genre*gender]]}
"""
OTHER = CONFIG.replace("name: page", "name: other").replace("epochs: 2", "epochs: 3") \
    .replace("[16, 16]]", "[32]]")
A4_WIDTH = 703  # px: 210 mm without 12 mm at each side
MOST_BYTES = 1.5e6

# Rows as the table has them now, and what a picture holds.
HELP = """
const rows = () => [...document.querySelectorAll("tbody tr")];
const labelOf = (row) => row.querySelector(".label").textContent;
const shown = () => rows().filter((row) => !row.hidden).map(labelOf);
const marked = () => rows().filter((row) => row.classList.contains("marked")).map(labelOf);
const figure = (kind) => document.querySelector(`[data-picture=${kind}]`);
const points = (kind) => {
  const own = figure(kind), names = startNames, svg = own.querySelector("svg");
  svg.scrollIntoView({block: "center"});
  const matrix = svg.getScreenCTM();
  return own.querySelector("template").content.textContent.trim().split("\\n").map((line) => {
    const [row, x, y] = line.split(" ").map(Number);
    const at = new DOMPoint(x, y).matrixTransform(matrix);
    return {label: names[row], x: at.x, y: at.y};
  });
};
const startNames = rows().map(labelOf);
const seen = (element) => element.getClientRects().length > 0;
"""


class Page:
    """The page of one run, and what the program says of that run."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.path = self.make("page", CONFIG)
        told = self.run("show", folder / "page", "--format", "csv")
        self.table = {row["label"]: row for row in csv.DictReader(io.StringIO(told))}
        self.browser = None

    def run(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], check=True, text=True,
                              capture_output=True).stdout

    def make(self, name, config):
        file = self.folder / f"{name}.yaml"
        file.write_text(config, encoding="utf-8")
        self.run("sweep", file, "--out", self.folder / name, "--quiet")
        self.run("report", self.folder / name)
        return self.folder / name / "report.html"

    def open(self, **window):
        self.browser.open(self.path, **window)
        self.browser.ask(f"{HELP}; 1")

    def ask(self, expression):
        return self.browser.ask(expression)

    def sorted_by(self, column):
        return sorted(self.table, key=lambda label: float(self.table[label][column]))

    def middle(self, selector):
        return self.ask(f"""(() => {{ const own = document.querySelector('{selector}');
            own.scrollIntoView({{block: "center"}}); const box = own.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")

    def point(self, kind, label):
        """The last one, from left to right."""
        return max((point for point in self.ask(f"points('{kind}')") if point["label"] == label),
                   key=lambda point: point["x"])


def expect(found, wanted, what=""):
    if found != wanted:
        raise AssertionError(f"{what}expected {wanted!r}, found {found!r}")


def the_page_loads_with_no_error_and_no_request(page):
    page.open()
    expect(page.browser.happened("Runtime.exceptionThrown"), [])
    expect(page.browser.happened("Log.entryAdded"), [])
    asked = [event["request"]["url"] for event in page.browser.happened("Network.requestWillBeSent")]
    expect([url for url in asked if not url.startswith("data:")], [page.path.as_uri()])
    expect(page.ask('document.querySelector(".question").textContent'), "Is <b>this</b> a question?")
    expect(page.ask('document.querySelector(".warning").textContent').startswith("SYNTHETIC DATA"), True)
    expect(page.ask('document.querySelectorAll("svg").length'), 8)


def many_architectures_are_a_small_page(page):
    path = page.make("many", MANY)
    size = path.stat().st_size
    # 240 of them: 700 would have a page within the limit.
    if size > 2e5 + (MOST_BYTES - 2e5) * 240 / 700:
        raise AssertionError(f"{size} bytes for 240 architectures")
    page.browser.open(path)
    expect(page.ask('document.querySelectorAll("tbody tr").length'), 240)


def the_table_sorts_both_ways_and_says_so(page):
    page.open()
    state = '[...document.querySelectorAll("thead th")].map((head) => head.ariaSort).join(" ")'
    click = 'document.querySelector("[data-name=mse] button").click()'
    page.ask(click)
    expect(page.ask("rows().map(labelOf)"), page.sorted_by("mse"))
    expect(page.ask(state).split()[:4], ["none", "none", "ascending", "none"])
    page.ask(click)
    expect(page.ask("rows().map(labelOf)"), page.sorted_by("mse")[::-1])
    expect(page.ask(state).split()[:4], ["none", "none", "descending", "none"])


def rows_without_a_value_stay_last(page):
    page.open()
    baseline = next(label for label, row in page.table.items() if row["baseline"] == "true")
    for _ in range(2):
        page.ask('document.querySelector("[data-name=difference] button").click()')
        expect(page.ask("rows().map(labelOf).pop()"), baseline)


def the_table_filters_by_label_and_column(page):
    page.open()
    for typed, wanted in (
            ("hidden=[16] DIM=2", ["hidden=[16] embedding_dim=2"]),
            ("parameters<=135", [label for label, row in page.table.items()
                                 if int(row["parameters"]) <= 135]),
            (f"mse<{page.table[page.sorted_by('mse')[3]]['mse']}", page.sorted_by("mse")[:3])):
        page.ask(f"""(() => {{ const field = document.querySelector("input"); field.value = "{typed}";
            field.dispatchEvent(new Event("input")); }})()""")
        expect(sorted(page.ask("shown()")), sorted(wanted), f"{typed}: ")
        expect(page.ask('document.querySelector(".count").textContent'),
               f"{len(wanted)} of 10 architectures")


def all_columns_are_seen_at_1280(page):
    page.open()
    expect(page.ask("""[...document.querySelectorAll("thead th")].filter((head) => {
        const box = head.getBoundingClientRect(); return box.right > 1280 || box.width < 5; }).length"""), 0)
    expect(page.ask("""[...document.querySelectorAll(".scroll, .picture, html")].filter((box) =>
        box.scrollWidth > box.clientWidth).length"""), 0)
    expect(page.ask('getComputedStyle(document.querySelector(".scroll")).overflowX'), "visible")


def nothing_but_boxes_is_wider_than_a_telephone(page):
    page.open(width=400)
    expect(page.ask("document.documentElement.scrollWidth"), 400)
    expect(page.ask("""[...document.querySelectorAll("body *")].filter((one) =>
        !one.closest(".scroll, .picture, pre, .spoken") && one.getBoundingClientRect().right > 401)
        .map((one) => one.outerHTML.slice(0, 80))"""), [])


def a_point_says_what_it_is(page):
    page.open()
    label = "hidden=[8, 8] embedding_dim=12"
    row = page.table[label]
    wanted = [label,
              f"test MSE {float(row['mse']):.4f} ± {float(row['mse_sd']):.4f} (n 2)",
              f"validation MSE {float(row['validation_mse']):.4f}",
              f"{row['parameters']} parameters, {float(row['cpu_seconds']):.3g} CPU s"]
    for kind in ("mse_against_parameters", "mse_against_runtime", "mse_by_architecture",
                 "parallel_coordinates", "heat_map"):
        point = page.point(kind, label)
        page.browser.move(point["x"], point["y"])
        expect(page.ask('document.querySelector(".tip").innerText').split("\n"), wanted, f"{kind}: ")
    page.browser.move(2, 2)
    expect(page.ask('seen(document.querySelector(".tip"))'), False)


def a_place_of_several_says_and_marks_all(page):
    page.open()
    wide = [label for label in page.table if label.endswith("=12")]
    points = [point for point in page.ask("points('parallel_coordinates')") if point["label"] == wide[0]]
    second = sorted(point["x"] for point in points)[1]
    place = next(point for point in points if point["x"] == second)
    page.browser.move(place["x"], place["y"])
    told = page.ask('document.querySelector(".tip").innerText').split("\n")
    expect(told, ["5 architectures"] + [
        f"{label}: {float(page.table[label]['mse']):.4f} ± {float(page.table[label]['mse_sd']):.4f}"
        for label in wide])
    page.browser.click(place["x"], place["y"])
    expect(page.ask("marked()"), wide)
    page.browser.click(place["x"], place["y"])
    expect(page.ask("marked()"), [])


def an_epoch_says_its_numbers(page):
    page.open()
    best = page.sorted_by("validation_mse")[0]
    point = page.ask("points('learning_curves')")[0]
    page.browser.move(point["x"], point["y"])
    told = page.ask('document.querySelector(".tip").innerText').split("\n")
    expect(told[:2], [best, "epoch 1"])
    expect([line.rsplit(" ", 1)[0] for line in told[2:]],
           ["test MSE", "validation MSE", "training loss"])
    page.browser.move(*[page.ask("points('learning_curves')")[1][name] for name in "xy"])
    told = page.ask('document.querySelector(".tip").innerText').split("\n")
    expect(told[1:4], ["epoch 2", f"test MSE {float(page.table[best]['mse']):.4f}",
                       f"validation MSE {float(page.table[best]['validation_mse']):.4f}"])


def a_click_on_a_row_marks_its_points(page):
    page.open()
    label = "hidden=[16] embedding_dim=12"
    number = list(page.table).index(label)
    page.browser.click(*page.middle(f"tbody tr:nth-child({number + 1}) td:nth-child(3)"))
    expect(page.ask("marked()"), [label])
    for kind in ("mse_against_parameters", "mse_by_architecture", "parallel_coordinates"):
        rings = page.ask(f"""[...figure("{kind}").querySelectorAll(".rings .marked")]
            .map((ring) => ring.dataset.row)""")
        expect(set(rings), {str(number)}, f"{kind}: ")
    expect(page.ask("""[...document.querySelectorAll(".strand.marked")]
        .map((strand) => strand.dataset.row)"""), [str(number)])
    expect(page.ask('document.querySelector(".count").textContent'), "10 of 10 architectures, 1 marked")
    page.browser.click(*page.middle(f"tbody tr:nth-child({number + 1}) td:nth-child(3)"))
    expect(page.ask("marked()"), [])
    expect(page.ask('document.querySelectorAll(".rings .marked").length'), 0)


def a_click_on_a_point_marks_its_row(page):
    page.open()
    for label in ("hidden=[8] embedding_dim=2", "hidden=[] embedding_dim=12"):
        point = page.point("mse_against_parameters", label)
        page.browser.click(point["x"], point["y"])
    expect(page.ask("marked()"), ["hidden=[] embedding_dim=12", "hidden=[8] embedding_dim=2"])
    page.browser.click(*page.middle(".clear"))
    expect(page.ask("marked()"), [])


def a_brush_on_a_scatter_filters_the_table(page):
    page.open()
    wanted = [label for label, row in page.table.items() if int(row["parameters"]) < 450]
    points = page.ask("points('mse_against_parameters')")
    inside = [point for point in points if point["label"] in wanted]
    outside = min(point["x"] for point in points if point["label"] not in wanted)
    right = (max(point["x"] for point in inside) + outside) / 2
    page.browser.drag(min(point["x"] for point in inside) - 20, min(point["y"] for point in inside) - 15,
                      right, max(point["y"] for point in inside) + 15)
    expect(page.ask("shown()"), wanted)
    expect(page.ask('document.querySelector(".count").textContent'),
           f"{len(wanted)} of 10 architectures")
    # All pictures keep to it, and a click beside the points ends it.
    expect(sorted(page.ask("""[...figure("mse_against_runtime").querySelectorAll(".rings .shown")]
        .map((ring) => startNames[ring.dataset.row])""")), sorted(wanted))
    box = page.ask("(() => { const b = figure('mse_against_parameters').querySelector('svg')"
                   ".getBoundingClientRect(); return [b.x + 8, b.y + 8]; })()")
    page.browser.click(*box)
    expect(len(page.ask("shown()")), 10)


def brushes_on_axes_filter_the_table(page):
    page.open()
    points = page.ask("points('parallel_coordinates')")
    axes = sorted({round(point["x"], 1) for point in points})
    expect(len(axes), 4)  # the first axis, both sides of the second, the MSE
    best = page.sorted_by("mse")[:6]
    last = {point["label"]: point["y"] for point in points if abs(point["x"] - axes[3]) < 1}
    edge = (max(last[label] for label in page.sorted_by("mse")[6:]) + min(last[label] for label in best)) / 2
    page.browser.drag(axes[3], max(last.values()) + 10, axes[3] + 2, edge)
    expect(sorted(page.ask("shown()")), sorted(best))
    # Of those the ones with the wide embeddings: a brush on the axis before.
    middle = {point["label"]: point["y"] for point in points if abs(point["x"] - axes[1]) < 1}
    wide = [label for label in middle if label.endswith("=12")]
    page.browser.drag(axes[1], min(middle[label] for label in wide) - 8,
                      axes[1] - 3, max(middle[label] for label in wide) + 8)
    expect(sorted(page.ask("shown()")), sorted(label for label in best if label in wide))
    expect(sorted(page.ask("""[...new Set([...document.querySelectorAll(".strand.shown")]
        .map((strand) => startNames[strand.dataset.row]))]""")),
           sorted(label for label in best if label in wide))


def a_click_on_the_legend_hides(page):
    page.open()
    expect(page.ask('document.querySelectorAll(".legend").length > 8'), True)
    # The points of a plot.
    page.ask("""void (window.entry = [...figure("mse_by_architecture").querySelectorAll(".legend")]
        .find((text) => text.textContent === "mean validation MSE"))""")
    page.ask("void (window.plot = entry.closest('[data-legend]'))")
    count = "[...plot.querySelectorAll('use')].filter(seen).length"
    expect(page.ask(count) >= 10, True)
    page.ask("entry.scrollIntoView({block: 'center'})")
    place = page.ask("(() => { const b = entry.getBoundingClientRect(); return [b.x + 9, b.y + 6]; })()")
    page.browser.click(*place)
    expect(page.ask(count), 0)
    expect(page.ask("entry.getAttribute('aria-pressed')"), "false")
    page.browser.click(*place)
    expect(page.ask(count) >= 10, True)
    # A colour and a shape of a key beside the plots, of which one model has both.
    page.ask("""void (window.key = (name) => [...figure("mse_against_depth").querySelectorAll(".legend")]
        .find((text) => text.textContent === name))""")
    marks = """[...figure("mse_against_depth").querySelectorAll("[id*=gnuplot_plot_]:not([data-legend]) use")]
        .filter(seen).length"""
    all_marks = page.ask(marks)
    page.ask("key('2').dispatchEvent(new Event('click'))")
    expect(page.ask(marks), all_marks - 5)
    page.ask("key('2').dispatchEvent(new Event('click'))")
    expect(page.ask(marks), all_marks)
    # A line that is no plot of its own, with the keyboard.
    page.ask("""void (window.entry = [...figure("mse_by_architecture").querySelectorAll(".legend")]
        .find((text) => text.textContent.startsWith("lowest validation MSE")))""")
    paths = "[...figure('mse_by_architecture').querySelectorAll('path')].filter(seen).length"
    before = page.ask(paths)
    page.ask("entry.focus()")
    page.browser.key("Enter")
    expect(before - page.ask(paths), 2)  # the line and its sample


def all_is_done_by_keyboard(page):
    page.open()
    stops = []
    for _ in range(60):
        page.browser.key("Tab")
        stop = page.ask("""(() => { const own = document.activeElement;
            return own === document.body ? "" : own.tagName.toLowerCase() + "." +
              (own.getAttribute("class") ?? ""); })()""")
        if stop == "":
            break
        stops.append(stop)
    for wanted in ("button.theme", "input.", "div.picture", "text.legend", "summary.", "span.label"):
        expect(any(stop.startswith(wanted) for stop in stops), True, f"{wanted} in {stops}: ")
    expect(stops.count("span.label"), 1)  # one stop for all rows
    # Arrows within the table.
    page.ask('document.querySelector(".label").focus()')
    page.browser.key("ArrowDown")
    page.browser.key("ArrowDown")
    page.browser.key("ArrowUp")
    page.browser.key("Enter")
    expect(page.ask("marked()"), [list(page.table)[1]])
    expect(page.ask("document.activeElement.getAttribute('aria-pressed')"), "true")
    # Arrows within a picture, from left to right.
    page.ask('figure("mse_against_parameters").querySelector(".picture").focus()')
    page.browser.key("ArrowRight")
    page.browser.key("ArrowRight")
    second = sorted(page.table, key=lambda label: int(page.table[label]["parameters"]))[1]
    expect(page.ask('document.querySelector(".spoken").textContent').split("\n")[0], second)
    page.browser.key("Enter")
    expect(page.ask('document.querySelector(".spoken").textContent').split("\n")[-1], "marked")
    expect(second in page.ask("marked()"), True)
    page.browser.key("Escape")
    expect(page.ask("marked()"), [])


def a_screen_reader_has_names_and_roles(page):
    page.open()
    nodes = [node for node in page.browser.call("Accessibility.getFullAXTree")["nodes"]
             if not node["ignored"]]
    roles = {}
    for node in nodes:
        roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    for role in ("button", "searchbox", "application", "columnheader", "rowheader", "main", "heading"):
        expect(len(roles.get(role, [])) > 0, True, f"{role}: ")
        expect([name for name in roles[role] if name.strip() == "" and role != "main"], [], f"{role}: ")
    expect(len(roles["columnheader"]), 10)
    expect(len(roles["rowheader"]), 10)
    expect(len(roles["main"]), 1)
    expect("Parallel coordinates" in roles["application"], True)


def dark_follows_the_system(page):
    luminance = """(() => { const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g)
          .map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const of = (selector, name) => light(getComputedStyle(document.querySelector(selector))[name]);
        const paper = of("body", "backgroundColor");
        const contrast = (a) => (Math.max(a, paper) + 0.05) / (Math.min(a, paper) + 0.05);
        return {paper, ink: contrast(of("body", "color")), soft: contrast(of(".soft", "color")),
          axis: Math.min(...[...document.querySelectorAll(".picture:not(.light) svg text")]
            .filter((text) => !text.closest("[data-picture=heat_map]"))
            .map((text) => contrast(light(getComputedStyle(text).fill)))),
          canvas: of("[data-picture=mse_against_parameters] svg rect", "fill") - paper}; })()"""
    for scheme, dark in (("light", False), ("dark", True)):
        page.open(scheme=scheme)
        for change in (False, True):
            if change:
                page.browser.click(*page.middle(".theme"))
            found = page.ask(luminance)
            expect(found["paper"] < 0.2, dark != change, f"{scheme}: ")
            expect(min(found["ink"], found["soft"], found["axis"]) >= 4.5, True, f"{scheme} {found}: ")
            expect(found["canvas"], 0)


def it_prints_whole_on_a4(page):
    page.open(width=A4_WIDTH, height=1032, media="print")
    expect(page.ask(f"""[...document.querySelectorAll("body *")].filter((one) => seen(one) &&
        !one.closest(".spoken") && one.getBoundingClientRect().right > {A4_WIDTH} + 1)
        .map((one) => one.outerHTML.slice(0, 80))"""), [])
    expect(page.ask("""[...document.querySelectorAll("thead th")].filter(seen).length"""), 10)
    expect(page.ask('[...document.querySelectorAll("svg")].every((one) => '
                    'one.getBoundingClientRect().height < 1032)'), True)
    expect(page.ask('[...document.querySelectorAll(".controls, .theme")].some(seen)'), False)
    # As it is sent to the printer, with what was folded.
    printed = page.browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
    sizes = {tuple(round(float(size)) for size in box.split())
             for box in re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", base64.b64decode(printed["data"]))}
    expect(sizes, {(595, 842)})
    expect(page.ask('document.querySelector("details:last-of-type").open'), True)


def several_runs_stand_side_by_side(page):
    page.make("other", OTHER)
    path = page.folder / "both.html"
    runs = [page.folder / "page", page.folder / "other"]
    page.run("report", *runs, "--out", path)
    page.browser.open(path)
    page.browser.ask(f"{HELP}; 1")
    told = csv.DictReader(io.StringIO(page.run("show", *runs, "--format", "csv")))
    wanted = {row["label"]: row for row in told if row["change"] != ""}
    expect(len(wanted), 8)
    cells = """[...document.querySelectorAll(".changes tbody tr")].map((row) =>
        [...row.cells].map((cell) => cell.textContent))"""
    found = page.ask(cells)
    expect([row[0] for row in found], list(wanted))
    for label, first, second, change, interval in found:
        row = wanted[label]
        expect(first.split(" ")[0], f"{float(row['first_mse']):.4f}")
        expect(second, f"{float(row['mse']):.4f} ± {float(row['mse_sd']):.4f}")
        expect(change.split(" ")[0], f"{float(row['change']):+.4f}")
        expect(interval, f"{float(row['change_low']):+.4f} to {float(row['change_high']):+.4f}")
    page.ask('document.querySelector(".changes th:nth-child(4) button").click()')
    expect([row[0] for row in page.ask(cells)],
           sorted(wanted, key=lambda label: float(wanted[label]["change"])))
    # One row is marked in both runs, and a filter of one leaves the other alone.
    label = page.ask(cells)[0][0]
    page.ask('document.querySelector(".changes tbody tr td").click()')
    expect(page.ask("""[...document.querySelectorAll("article")].map((run) =>
        [...run.querySelectorAll("tr.marked .label")].map((own) => own.textContent))"""),
           [[label], [label]])
    page.ask("""(() => { const field = document.querySelector("input"); field.value = "=12";
        field.dispatchEvent(new Event("input")); })()""")
    expect(page.ask('[...document.querySelectorAll(".count")].map((own) => own.textContent)'),
           ["5 of 10 architectures, 1 marked", "10 of 10 architectures, 1 marked"])


CASES = [case for name, case in list(globals().items())
         if callable(case) and getattr(case, "__module__", "") == __name__
         and "_" in name and not isinstance(case, type)]


def main():
    program, *names = sys.argv[1:]
    chromium = browser.find()
    if chromium is None:
        print("no chromium (Debian: chromium; CROSSLANE_CHROMIUM names another)")
        return 77
    cases = [case for case in CASES if not names or case.__name__ in names]
    failed = 0
    print(f"[==========] Running {len(cases)} test(s).")
    with tempfile.TemporaryDirectory(prefix="crosslane-report.") as folder:
        page = Page(program, pathlib.Path(folder))
        with browser.Browser(chromium) as page.browser:
            for case in cases:
                print(f"[ RUN      ] {case.__name__}", flush=True)
                try:
                    case(page)
                    print(f"[       OK ] {case.__name__}", flush=True)
                except Exception:
                    failed += 1
                    traceback.print_exc()
                    print(f"[  FAILED  ] {case.__name__}", flush=True)
    return 1 if failed else 0


sys.exit(main())
