// One document: its pages on one side, its values on the other, each showing where the other is.
function documentView(index, found, wanted) {
  const { account } = found;
  const state = { leaves: [], chosen: null, filter: null, tab: "values", choose, hover, account, index, review: found.review };
  const pane = h("div", { class: "pane", tabindex: 0, role: "listbox", "aria-label": "Values" });
  const list = virtualList({ height: () => 34, make: (position) => valueRow(visible[position], position, state), scroller: pane, label: "Values", role: "presentation" });
  const inspector = h("section", { class: "inspect", "aria-label": "The chosen value", "aria-live": "polite" });
  const tabs = h("div", { class: "tabs", role: "tablist" });
  const narrow = h("div", { class: "narrow" });
  const about = h("header", { class: "about" });
  const hands = isReview ? reviewing(state, { changed, refresh }) : null;
  let visible = [];
  state.leaves = leavesOf(account, state.review);
  const sheet = sheets(index, account, state);
  state.sheet = sheet;
  if (!isReview && !account.evidence.length && state.leaves.length > 0) state.filter = null;

  function refresh() {
    const path = state.chosen && state.chosen.path;
    state.leaves = leavesOf(account, state.review);
    state.chosen = state.leaves.find((leaf) => leaf.path === path) || null;
    changed();
    sheet.redraw();
  }

  function changed() {
    visible = state.leaves.filter((leaf) => !state.filter || (state.filter === "eyes" ? needsEyes(leaf) || leaf === state.chosen : state.filter === "none" ? leaf.status === "none" : leaf.status === state.filter));
    header();
    if (state.tab === "values") {
      if (list.el.parentNode !== pane) fill(pane, list.el);
      pane.setAttribute("role", "listbox");
      list.set(visible.length);
      if (!visible.length) fill(pane, list.el, h("p", { class: "empty" }, state.leaves.length ? "No value here." : "There are no values."));
    } else {
      pane.setAttribute("role", "tabpanel");
      fill(pane, { issues: issueList, attempts: attemptList, pages: pageList }[state.tab](account, state));
    }
    active();
    fill(inspector, inspected(state.chosen, account, hands && state.chosen ? hands.acts(state.chosen) : null));
  }

  function active() {
    const position = visible.indexOf(state.chosen);
    if (position >= 0) pane.setAttribute("aria-activedescendant", `value-${position}`); else pane.removeAttribute("aria-activedescendant");
  }

  function choose(leaf, { from, quiet } = {}) {
    if (hands) hands.leave();
    state.chosen = leaf;
    if (state.tab !== "values") state.tab = "values";
    if (leaf && state.filter && !visible.includes(leaf)) state.filter = null;
    changed();
    sheet.light(leaf, from !== "box");
    if (leaf && from !== "value") { const position = visible.indexOf(leaf); if (position >= 0) list.reveal(position); }
    if (!quiet && leaf) history.replaceState(null, "", `#/document/${encodeURIComponent(account.place)}?${encodeURIComponent(leaf.path)}`);
  }

  function hover(leaf, on) {
    sheet.hover(leaf, on);
    const row = pane.querySelector(`[data-path="${CSS.escape(leaf.path)}"]`);
    if (row) row.classList.toggle("hot", on);
  }

  function header() {
    const usage = account.usage;
    const eyes = state.leaves.filter(needsEyes).length;
    fill(about, h("h1", {}, named(account.name)),
      h("div", { class: "facts dim" }, tag(account.state), [account.schema, account.kind, plural(account.pages.length, "page"), bytes(account.bytes)].map((each) => h("span", {}, each)),
        usage.cost_usd ? h("span", {}, money(usage.cost_usd)) : null, eyes ? h("b", { class: "tag s-approximate" }, `${number(eyes)} to look at`) : null),
      account.error ? h("p", { class: "note s-failed" }, h("b", {}, account.error.message), " ", account.error.hint) : null,
      account.fault ? h("p", { class: "note s-failed" }, account.fault) : null,
      account.why ? h("p", { class: "dim" }, `taken as ${account.schema}: ${account.why}`) : null,
      hands ? hands.summary() : null);
    const issues = account.issues.length + account.conflicts.length;
    const choices = [["values", "Values", state.leaves.length], ["issues", "Issues", issues], ["attempts", "Calls", account.attempts.length], ["pages", "Pages", account.pages.length]];
    fill(tabs, choices.map(([name, title, count]) => h("button", { type: "button", role: "tab", "aria-selected": String(state.tab === name),
      onclick: () => { state.tab = name; changed(); } }, title, h("span", { class: "num" }, number(count)))));
    const counts = {};
    for (const leaf of state.leaves) counts[leaf.status] = (counts[leaf.status] || 0) + 1;
    narrow.hidden = state.tab !== "values";
    const pick = (name, text, count) => h("button", { class: `chip s-${name}`, type: "button", "aria-pressed": String(state.filter === name),
      onclick: () => { state.filter = state.filter === name ? null : name; changed(); } }, text, h("span", { class: "num" }, number(count)));
    fill(narrow, eyes ? pick("eyes", "to look at", eyes) : null,
      ["verbatim", "normalised", "approximate", "contradicted", "absent", "unchecked", "inferred"].filter((name) => counts[name]).map((name) => pick(name, tag(name), counts[name])),
      counts.none ? pick("none", "no value", counts.none) : null);
  }

  function move(by) {
    if (!visible.length) return;
    const position = visible.indexOf(state.chosen);
    choose(visible[position < 0 ? (by > 0 ? 0 : visible.length - 1) : Math.max(0, Math.min(visible.length - 1, position + by))], {});
  }

  // The next value that needs eyes, in this document, then in the ones after it; false where there is none.
  function next(by) {
    const from = state.leaves.indexOf(state.chosen);
    const rest = by > 0 ? state.leaves.slice(from + 1) : state.leaves.slice(0, Math.max(from, 0)).reverse();
    const leaf = rest.find(needsEyes);
    if (leaf) { choose(leaf, {}); return; }
    const other = neighbour(by, (each) => data.rows[each][COLUMN.look] > 0 && !(data.reviews[data.cell(each, "place")] || { fields: {} }).fields[""]);
    if (other !== null) location.hash = `#/document/${encodeURIComponent(data.cell(other, "place"))}?${by > 0 ? "first" : "last"}`;
    else say("nothing more needs your eyes in this direction");
  }

  function neighbour(by, fits) {
    const order = view.order.length ? view.order : data.rows.map((_, each) => each);
    for (let position = order.indexOf(index) + by; position >= 0 && position < order.length; position += by) if (fits(order[position])) return order[position];
    return null;
  }

  function go(by) {
    const other = neighbour(by, () => true);
    if (other !== null) location.hash = `#/document/${encodeURIComponent(data.cell(other, "place"))}`;
  }

  const button = (text, title, act) => h("button", { class: "plain", type: "button", title, "aria-label": title, onclick: act }, text);
  const el = h("main", { class: "desk" },
    h("div", { class: "left" },
      h("div", { class: "tools" }, h("a", { class: "plain", href: "#/" }, "\u2190 all documents"), h("span", { class: "space" }),
        button("\u2212", "smaller (-)", () => sheet.zoom(1 / 1.25)), button("+", "larger (+)", () => sheet.zoom(1.25)),
        button("\u2191", "previous document ([)", () => go(-1)), button("\u2193", "next document (])", () => go(1))),
      sheet.el),
    h("div", { class: "right-side" }, about, tabs, narrow, pane, inspector));

  const keys = { j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1), n: () => next(1), p: () => next(-1),
    "[": () => go(-1), "]": () => go(1), "+": () => sheet.zoom(1.25), "=": () => sheet.zoom(1.25), "-": () => sheet.zoom(1 / 1.25), "0": () => sheet.zoom(0),
    Escape: () => { if (!(hands && hands.escape())) location.hash = "#/"; } };

  return {
    el, state,
    shown() {
      changed();
      const leaf = wanted === "first" ? state.leaves.find(needsEyes) : wanted === "last" ? state.leaves.findLast(needsEyes)
        : state.leaves.find((each) => each.path === wanted);
      if (leaf) choose(leaf, { quiet: wanted === "first" || wanted === "last" });
    },
    key(event) {
      if (hands && hands.key(event)) return true;
      if (!keys[event.key] || (event.key.startsWith("Arrow") && document.activeElement === sheet.el)) return false;
      keys[event.key]();
      return true;
    },
    seen: (review) => { state.review = review; refresh(); },
    close() { list.close(); sheet.close(); },
  };
}

function issueList(account, state) {
  const to = (path) => { const leaf = state.leaves.find((each) => each.path === path); return leaf ? h("button", { class: "plain", type: "button", onclick: () => state.choose(leaf, {}) }, readable(path)) : h("span", { class: "dim" }, path ? readable(path) : "the document"); };
  return h("div", { class: "plain-list" },
    account.issues.map(([path, code, message, page]) => h("div", {}, h("b", {}, code.replaceAll("_", " ")), " ", to(path), page ? h("span", { class: "dim" }, ` page ${page}`) : null, h("p", {}, message))),
    account.conflicts.map((each) => h("div", {}, h("b", {}, "conflict"), " ", to(each.path), h("p", {}, `kept ${shown(each.kept)}; also ${each.other.map((other) => `${shown(other.value)}${other.page ? ` on page ${other.page}` : ""}`).join(", ")}`))),
    account.issues.length + account.conflicts.length ? null : h("p", { class: "empty" }, "Nothing was found amiss."));
}

function attemptList(account) {
  const row = (cells, name) => h("tr", {}, cells.map((cell) => h(name, {}, cell === null || cell === undefined ? "" : cell)));
  return h("div", { class: "plain-list" }, h("div", {}, h("table", {}, h("thead", {}, row(["window", "try", "outcome", "time", "in", "cached", "out"], "th")),
    h("tbody", {}, account.attempts.map(([where, n, outcome, , ms, input, cached, output]) => row([where, n, outcome.replaceAll("_", " "), span(ms), number(input), number(cached), number(output)], "td"))))),
  h("div", { class: "dim" }, `${account.model || ""}${account.usage.reasoning_tokens ? `, ${number(account.usage.reasoning_tokens)} tokens of reasoning` : ""}`));
}

function pageList(account) {
  return h("div", { class: "plain-list" }, account.pages.map(([page, kind, reason, where]) => h("div", {}, h("b", { class: "num" }, `Page ${page} `), tag(kind),
    reason ? h("span", { class: "dim" }, ` ${reason.replaceAll("_", " ")}`) : null, where === null || where === undefined ? null : h("span", { class: "dim" }, ` window ${where}`))));
}
