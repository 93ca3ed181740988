// The loss curves, drawn with uPlot: one chart per group of related terms.

const GROUPS = [
  { title: "L1 losses: reconstruction and latent", terms: { l1: "|B^ - B|", latent: "|E(B^) - z|" } },
  { title: "adversarial losses of G", terms: { gan: "cVAE-GAN", ganLr: "cLR-GAN" } },
  { title: "discriminator losses", terms: { dVae: "D_VAE", dLr: "D_LR" } },
  { title: "KL divergence", terms: { kl: "KL" } },
  { title: "diversity: mean difference of two samples", terms: { diversity: "diversity" } },
];
const VALIDATION = { title: "held-out pairs: L1 of the nearest sample", terms: { heldOutL1: "|B^ - B|" } };
// Columns that not every step has.
const OCCASIONAL = ["diversity", "heldOutL1"];
const HEIGHT = 190;
const MAX_ROWS = 6000;
const SMOOTHING = 0.9;

export class Charts {
  constructor() {
    this.columns = [];
    this.rows = [];
    this.container = document.getElementById("charts");
    this.log = document.getElementById("log-scale");
    this.smooth = document.getElementById("smooth");
    this.log.addEventListener("change", () => this.build());
    this.smooth.addEventListener("change", () => this.draw(true));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.build());
    new ResizeObserver(() => this.resize()).observe(this.container);
    this.charts = [];
  }

  /** Replaces all points. */
  reset(history) {
    this.columns = history.columns;
    this.rows = history.points;
    this.build();
  }

  /** Appends points; the older half is thinned out when there are too many. */
  append(points) {
    if (points.length === 0) {
      return;
    }
    this.rows.push(...points);
    if (this.rows.length > MAX_ROWS) {
      const half = this.rows.length / 2;
      this.rows = this.rows.filter((row, i) => i > half || i % 2 === 0);
    }
    if (this.charts.length !== this.groups().length) {
      this.build();
    }
    this.draw(false);
  }

  build() {
    document.getElementById("no-losses").hidden = this.rows.length > 0;
    this.charts.forEach(({ plot }) => plot.destroy());
    this.container.replaceChildren();
    this.charts = this.rows.length === 0 ? [] : this.groups().map((group) => this.chart(group));
    this.draw(true);
    // The empty container may have hidden the page's scroll bar, so charts were measured too wide; no resize event follows.
    this.resize();
  }

  /** The groups of this run: without train.validation there is no error on held-out pairs. */
  groups() {
    const column = this.columns.indexOf("heldOutL1");
    return this.rows.some((row) => row[column] >= 0) ? [VALIDATION, ...GROUPS] : GROUPS;
  }

  chart(group) {
    const element = document.createElement("div");
    element.className = "chart";
    element.setAttribute("role", "img");
    this.container.append(element);
    const style = getComputedStyle(document.documentElement);
    const axis = {
      stroke: style.getPropertyValue("--muted"),
      grid: { stroke: style.getPropertyValue("--line"), width: 1 },
      ticks: { stroke: style.getPropertyValue("--line"), width: 1 },
    };
    const series = Object.entries(group.terms).map(([term, label], i) => ({
      label,
      stroke: style.getPropertyValue(`--series-${i + 1}`),
      width: 1.5,
      spanGaps: true,
      // A term that few steps have is a line of few points; the first one alone would be invisible.
      points: { show: term === "heldOutL1" },
      value: (plot, value) => (value == null ? "--" : value.toPrecision(3)),
    }));
    const plot = new uPlot({
      title: group.title,
      width: Math.max(element.clientWidth, 200),
      height: HEIGHT,
      cursor: { sync: { key: "losses" } },
      scales: { x: { time: false }, y: { distr: this.log.checked ? 3 : 1 } },
      axes: [axis, { ...axis, size: 64, values: (plot, ticks) => ticks.map((tick) => (tick == null ? "" : String(+tick.toPrecision(3)))) }],
      series: [{ label: "step" }, ...series],
    }, [[], ...series.map(() => [])], element);
    return { group, plot, element };
  }

  /** @param resetZoom true: shows all steps; false: charts that are zoomed in stay zoomed in */
  draw(resetZoom) {
    const steps = this.rows.map((row) => row[0]);
    for (const { group, plot, element } of this.charts) {
      const values = Object.keys(group.terms).map((term) => this.values(term));
      const { min, max } = plot.scales.x;
      const zoomed = !resetZoom && this.isZoomed(plot);
      plot.batch(() => {
        plot.setData([steps, ...values]);
        if (zoomed) {
          plot.setScale("x", { min, max });
        }
      });
      element.dataset.points = steps.length;
      const last = values.map((value) => value.findLast((known) => known !== null)?.toPrecision(3) ?? "unknown").join(" and ");
      element.setAttribute("aria-label", `${group.title}: ${last} at step ${steps.at(-1) ?? 0}`);
    }
  }

  isZoomed(plot) {
    const steps = plot.data[0];
    return steps.length > 2 && (plot.scales.x.min > steps[0] || plot.scales.x.max < steps[steps.length - 1]);
  }

  /** The curve of a term. Unknown values are -1 and have no point; zeros have none on a log scale. */
  values(term) {
    const column = this.columns.indexOf(term);
    let average = null;
    return this.rows.map((row) => {
      const value = OCCASIONAL.includes(term) && row[column] < 0 ? null : Math.max(0, row[column]);
      if (value === null || (value === 0 && this.log.checked)) {
        return null;
      }
      average = average === null || !this.smooth.checked ? value : SMOOTHING * average + (1 - SMOOTHING) * value;
      return average;
    });
  }

  resize() {
    for (const { plot, element } of this.charts) {
      if (element.clientWidth > 0 && Math.abs(plot.width - element.clientWidth) > 1) {
        plot.setSize({ width: element.clientWidth, height: HEIGHT });
      }
    }
  }
}
