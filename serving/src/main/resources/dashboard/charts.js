// Loss curves. The chart library is uPlot; a chart is a group of terms of one kind.

const GROUPS = [
  { title: "reconstruction and latent, L1", terms: { l1: "|B^ - B|", latent: "|E(B^) - z|" } },
  { title: "generator against D", terms: { gan: "G, cVAE-GAN", ganLr: "G, cLR-GAN" } },
  { title: "discriminators", terms: { dVae: "D_VAE", dLr: "D_LR" } },
  { title: "KL of the latent", terms: { kl: "KL" } },
  { title: "diversity", terms: { diversity: "mean difference of two samples" } },
];
const HEIGHT = 190;
const MOST = 6000;
const WEIGHT = 0.9;

export class Charts {
  constructor() {
    this.columns = [];
    this.rows = [];
    this.holder = document.getElementById("charts");
    this.log = document.getElementById("log-scale");
    this.smooth = document.getElementById("smooth");
    this.log.addEventListener("change", () => this.build());
    this.smooth.addEventListener("change", () => this.draw(true));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.build());
    new ResizeObserver(() => this.resize()).observe(this.holder);
    this.charts = [];
  }

  restart(history) {
    this.columns = history.columns;
    this.rows = history.points;
    this.build();
  }

  add(points) {
    if (points.length === 0) {
      return;
    }
    this.rows.push(...points);
    if (this.rows.length > MOST) {
      const half = this.rows.length / 2;
      this.rows = this.rows.filter((row, i) => i > half || i % 2 === 0);
    }
    if (this.charts.length === 0) {
      this.build();
    }
    this.draw(false);
  }

  build() {
    document.getElementById("no-losses").hidden = this.rows.length > 0;
    this.charts.forEach(({ plot }) => plot.destroy());
    this.holder.replaceChildren();
    this.charts = this.rows.length === 0 ? [] : GROUPS.map((group) => this.chart(group));
    this.draw(true);
  }

  chart(group) {
    const place = document.createElement("div");
    place.className = "chart";
    place.setAttribute("role", "img");
    this.holder.append(place);
    const style = getComputedStyle(document.documentElement);
    const axis = {
      stroke: style.getPropertyValue("--quiet"),
      grid: { stroke: style.getPropertyValue("--line"), width: 1 },
      ticks: { stroke: style.getPropertyValue("--line"), width: 1 },
    };
    const series = Object.values(group.terms).map((label, i) => ({
      label,
      stroke: style.getPropertyValue(`--series-${i + 1}`),
      width: 1.5,
      spanGaps: true,
      points: { show: false },
      value: (plot, value) => (value == null ? "--" : value.toPrecision(3)),
    }));
    const plot = new uPlot({
      title: group.title,
      width: Math.max(place.clientWidth, 200),
      height: HEIGHT,
      cursor: { sync: { key: "losses" } },
      scales: { x: { time: false }, y: { distr: this.log.checked ? 3 : 1 } },
      axes: [axis, { ...axis, size: 64, values: (plot, ticks) => ticks.map((tick) => (tick == null ? "" : String(+tick.toPrecision(3)))) }],
      series: [{ label: "step" }, ...series],
    }, [[], ...series.map(() => [])], place);
    return { group, plot, place };
  }

  /** @param again whether to show all; else a zoomed-in view stays as it is */
  draw(again) {
    const steps = this.rows.map((row) => row[0]);
    for (const { group, plot, place } of this.charts) {
      const values = Object.keys(group.terms).map((term) => this.values(term));
      const { min, max } = plot.scales.x;
      const zoomed = !again && this.isZoomed(plot);
      plot.batch(() => {
        plot.setData([steps, ...values]);
        if (zoomed) {
          plot.setScale("x", { min, max });
        }
      });
      place.dataset.points = steps.length;
      const last = values.map((value) => value.at(-1)?.toPrecision(3) ?? "unknown").join(" and ");
      place.setAttribute("aria-label", `${group.title}: ${last} at step ${steps.at(-1) ?? 0}`);
    }
  }

  isZoomed(plot) {
    const steps = plot.data[0];
    return steps.length > 2 && (plot.scales.x.min > steps[0] || plot.scales.x.max < steps[steps.length - 1]);
  }

  /** What is 0 or unknown has no place on a log scale, nor a diversity that was not probed. */
  values(term) {
    const column = this.columns.indexOf(term);
    let average = null;
    return this.rows.map((row) => {
      const value = term === "diversity" && row[column] < 0 ? null : Math.max(0, row[column]);
      if (value === null || (value === 0 && this.log.checked)) {
        return null;
      }
      average = average === null || !this.smooth.checked ? value : WEIGHT * average + (1 - WEIGHT) * value;
      return average;
    });
  }

  resize() {
    for (const { plot, place } of this.charts) {
      if (place.clientWidth > 0 && Math.abs(plot.width - place.clientWidth) > 1) {
        plot.setSize({ width: place.clientWidth, height: HEIGHT });
      }
    }
  }
}
