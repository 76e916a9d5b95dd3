// A run while it searches: best and bound over time. The numbers come with the page's live part; the chart is drawn
// from what was seen since the page was opened.
import uPlot from "uplot";

export function watchRun(room) {
  const chart = document.querySelector("[data-chart]");
  const seen = [[], [], []];
  const ink = getComputedStyle(document.documentElement);
  const colour = (name) => ink.getPropertyValue(name).trim();
  const per = Number(chart.dataset.per);
  let plot = null;
  let before = room.querySelector(".state").textContent.trim();

  function take() {
    const told = room.querySelector("[data-elapsed]");
    const [at, best, bound] = [told.dataset.elapsed, told.dataset.best, told.dataset.bound].map((text) => (text === "" ? null : Number(text)));
    if (best !== null) {
      const last = seen[0].length - 1;
      if (seen[0][last] === at) seen.forEach((column) => column.pop());
      [at, best / per, bound === null ? null : bound / per].forEach((figure, column) => seen[column].push(figure));
      draw();
    }
    const state = room.querySelector(".state").textContent.trim();
    if (state !== before) document.getElementById("told").textContent = before = state;
    if ("over" in told.dataset) document.querySelector(".stopping")?.remove();
  }

  function draw() {
    if (seen[0].length < 2) return;
    if (plot) return plot.setData(seen);
    const axis = { stroke: colour("--ink-soft"), grid: { stroke: colour("--hairline") } };
    plot = new uPlot(
      {
        width: chart.clientWidth,
        height: 220,
        scales: { x: { time: false } },
        axes: [axis, { ...axis, size: 80 }],
        series: [
          { label: chart.dataset.seconds },
          { label: chart.dataset.best, stroke: colour("--go"), width: 2 },
          { label: chart.dataset.bound, stroke: colour("--wait"), width: 2, dash: [6, 4] },
        ],
      },
      seen,
      chart,
    );
  }

  room.addEventListener("live", take);
  take();
}
