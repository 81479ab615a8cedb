// Small plots: bars over steps, and how often a confidence turned out right.
const WIDE = 300;
const HIGH = 80;

function plot(title, more, picture, low, high, ...rest) {
  return h("figure", { class: "plot" },
    h("figcaption", {}, h("h2", {}, title), h("span", { class: "dim num" }, more)),
    picture, h("div", { class: "ticks num" }, h("span", {}, low), h("span", {}, high)), ...rest);
}

function bars(counts, label, title) {
  const most = Math.max(...counts.map((stack) => stack.reduce((sum, part) => sum + part.count, 0)), 1);
  const wide = WIDE / counts.length;
  const svg = s("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img", "aria-label": title });
  counts.forEach((stack, index) => {
    let y = HIGH - 1;
    for (const part of stack) {
      if (!part.count) continue;
      const tall = Math.max(1.5, ((HIGH - 4) * part.count) / most);
      y -= tall;
      svg.append(s("rect", { x: index * wide + 0.5, y, width: Math.max(1, wide - 1.5), height: tall, class: part.status ? `s-${part.status}` : "" },
        s("title", {}, `${label(index)}: ${number(part.count)}${part.status ? " " + part.status : ""}`)));
    }
  });
  svg.append(s("line", { class: "axis", x1: 0, x2: WIDE, y1: HIGH - 0.5, y2: HIGH - 0.5, "vector-effect": "non-scaling-stroke" }));
  return svg;
}

function stepPlot(title, more, found, words) {
  const used = found.bars.map((count, index) => (count ? index : -1)).filter((index) => index >= 0);
  if (!used.length) return null;
  const from = Math.max(0, used[0] - 1);
  const to = Math.min(found.bars.length - 1, used[used.length - 1] + 1);
  const edge = (index) => (index < 0 ? 0 : found.edges[Math.min(index, found.edges.length - 1)]);
  const label = (index) => `${words(edge(from + index - 1))} to ${words(edge(from + index))}`;
  const counts = found.bars.slice(from, to + 1).map((count) => [{ count }]);
  return plot(title, more, bars(counts, label, title), words(edge(from - 1)), words(edge(to)));
}

function confidencePlot(totals) {
  const order = ["absent", "contradicted", "unchecked", "inferred", "approximate", "normalised", "verbatim"];
  const present = order.filter((status) => totals.confidence[status]);
  if (!present.length) return null;
  const size = totals.confidence[present[0]].length;
  const counts = Array.from({ length: size }, (_, bin) => present.map((status) => ({ status, count: totals.confidence[status][bin] })));
  const label = (bin) => `${(bin / size).toFixed(2)} to ${((bin + 1) / size).toFixed(2)}`;
  const all = Object.values(totals.statuses).reduce((sum, count) => sum + count, 0);
  return plot("Confidence", plural(all, "value"), bars(counts, label, "Values by confidence and status"), "0", "1",
    h("div", { class: "legend" }, present.slice().reverse().map((status) => tag(status, `${status} ${number(totals.statuses[status])}`))));
}

function reliabilityPlot(found) {
  if (!found) return null;
  const svg = s("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", role: "img", "aria-label": "Share right by confidence" });
  svg.append(s("line", { class: "diagonal", x1: 0, y1: HIGH, x2: WIDE, y2: 0, "vector-effect": "non-scaling-stroke" }));
  for (const bin of found.bins) {
    if (!bin.n) continue;
    const tall = Math.max(1, HIGH * bin.right);
    svg.append(s("rect", { x: bin.low * WIDE + 1, width: (bin.high - bin.low) * WIDE - 2, y: HIGH - tall, height: tall },
      s("title", {}, `confidence ${bin.low.toFixed(1)} to ${bin.high.toFixed(1)}: ${percent(bin.right)} right of ${number(bin.n)}`)));
  }
  svg.append(s("line", { class: "axis", x1: 0, x2: WIDE, y1: HIGH - 0.5, y2: HIGH - 0.5, "vector-effect": "non-scaling-stroke" }));
  return plot("Right, by confidence", `${plural(found.n, "value")} with gold, off by ${found.ece === null ? "?" : found.ece.toFixed(3)}`, svg, "0", "1");
}
