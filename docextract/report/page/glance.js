// The run at a glance, the plots, and what went wrong with what to do about it.
function stacked(counts, order) {
  return h("div", { class: "bar", "aria-hidden": "true" }, order.filter((name) => counts[name]).map((name) => {
    const part = h("i", { class: `s-${name}` });
    part.style.flexGrow = counts[name];
    return part;
  }));
}

const parted = (counts, order) => h("div", { class: "parts" }, order.filter((name) => counts[name]).map((name) => tag(name, `${number(counts[name])} ${name}`)));
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

function figure(title, big, more, wide) {
  return h("div", { class: `figure${wide ? " wide" : ""}` }, h("dt", {}, title), h("dd", { class: "big" }, big), h("dd", { class: "more" }, more));
}

function glance(totals) {
  const states = ["complete", "partial", "failed", "pending"];
  const pages = ["extracted", "blank", "duplicate", "skipped", "failed"];
  const values = sum(totals.statuses);
  const checked = values - (totals.statuses.inferred || 0) - (totals.statuses.unchecked || 0);
  const located = ["verbatim", "normalised", "approximate"].reduce((all, name) => all + (totals.statuses[name] || 0), 0);
  const usage = totals.usage;
  const plan = totals.planned;
  const eyes = data.rows.reduce((all, row) => all + row[COLUMN.look], 0);
  return h("dl", { class: "glance" },
    figure("Documents", number(sum(totals.documents)), [stacked(totals.documents, states), parted(totals.documents, states)], true),
    figure("Pages", number(sum(totals.pages)), [stacked(totals.pages, pages), parted(totals.pages, pages)], true),
    figure("Values found", number(values), checked ? `${percent(located / checked)} located of those that can be` : "nothing to locate"),
    figure("Need your eyes", number(eyes), eyes ? Object.entries(totals.looks).map(([why, count]) => `${number(count)} ${WHY[why]}`).join(", ") : "nothing was doubted"),
    figure("Cost", money(totals.cost), costWords(totals, plan)),
    figure("Tokens a page", totals.tokens_per_page === null ? "none" : number(Math.round(totals.tokens_per_page)),
      usage.input_tokens ? `${percent(usage.cached_tokens / usage.input_tokens)} of the input from the cache` : "no tokens were used"),
    figure("Time", run.seconds ? span(1000 * run.seconds) : "\u2013", run.seconds
      ? `${(sum(totals.pages) / Math.max(run.seconds, 0.001)).toFixed(1)} pages a second` : "not recorded"));
}

function costWords(totals, plan) {
  const calls = plural(totals.usage.calls || 0, "call");
  if (!plan || !plan[1]) return `${calls}${run.model === "local" ? " of the embedded engine" : ""}`;
  return `${calls}, planned ${money(plan[0])} to ${money(plan[1])}`;
}

function plots(totals) {
  const latency = totals.latency;
  return h("div", { class: "plots" },
    stepPlot("Latency of a call", latency.median === null ? "" : `median ${span(latency.median)}, 95 % in ${span(latency.p95)}`, latency, span),
    stepPlot("Cost of a document", totals.documents.complete ? `mean ${money(totals.cost / Math.max(1, sum(totals.documents)))}` : "", totals.costs, money),
    confidencePlot(totals), reliabilityPlot(run.calibration));
}

function causes(title, list, tone, words) {
  if (!list.length) return null;
  return h("section", { "aria-label": title }, h("h2", {}, title), h("div", { class: "causes" }, list.map((cause) =>
    h("details", { class: "cause" },
      h("summary", {}, h("b", {}, number(cause.count)), tag(tone, cause.code.replaceAll("_", " ")), h("span", { class: "dim" }, cause.hint || words)),
      h("ul", {}, cause.documents.map((index) => data.rows[index] && h("li", {}, link(index)))),
      cause.count > cause.documents.length && cause.documents.length >= 200 ? h("p", { class: "dim" }, "and more: filter the table below") : null))));
}

function link(index) {
  return h("a", { href: `#/document/${encodeURIComponent(data.cell(index, "place"))}` }, data.cell(index, "name"));
}

function notes() {
  const found = [];
  if (run.live) found.push(["pending", "The run is still at work.", "This page is written again as it goes; reload to see more."]);
  if (run.error) found.push(["failed", run.error.message, run.error.hint]);
  if (run.in_doubt && run.in_doubt.calls) found.push(["partial", `${plural(run.in_doubt.calls, "call")} of a run that was cut off may have been billed`, `at most ${money(run.in_doubt.cost_usd)}`]);
  return found.map(([tone, what, more]) => h("p", { class: `note s-${tone}` }, h("b", {}, what), " ", more));
}
