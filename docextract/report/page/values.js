// The values of a document, leaf by leaf, with what is known of each; and the one that is chosen, in full.
function leavesOf(account, review) {
  const evidence = new Map(account.evidence.map(([path, page, boxes, spans, quote, status, confidence]) =>
    [path, { page, boxes, span: spans, quote, status, confidence }]));
  const fields = review ? review.fields : {};
  const found = [];
  const seen = new Set();

  function leaf(path, value) {
    const known = evidence.get(path);
    const field = fields[path];
    seen.add(path);
    found.push({ path, value, status: known ? known.status : "none", known, why: account.look[path] || [], field });
  }

  function walk(value, path) {
    const whole = fields[path];
    if (path && whole && whole.op !== "accept" && value !== null && typeof value === "object") { leaf(path, value); return; }
    if (Array.isArray(value)) value.forEach((inner, index) => walk(inner, `${path}/${index}`));
    else if (value !== null && typeof value === "object") for (const [key, inner] of Object.entries(value)) walk(inner, `${path}/${step(key)}`);
    else leaf(path, value);
  }

  if (account.data !== null && account.data !== undefined) walk(account.data, "");
  for (const [path, why] of Object.entries(account.look)) {
    // A list or a whole row may be doubted too: it has no value of its own.
    if (path && !seen.has(path) && at(account.data, path) !== undefined) found.push({ path, value: at(account.data, path), status: "none", known: evidence.get(path), why, field: fields[path] });
  }
  return found;
}

// What a person has said of a leaf stands for it.
const valueNow = (leaf) => (leaf.field && leaf.field.op !== "accept" ? leaf.field.value : leaf.value);
const statusNow = (leaf) => (leaf.field && leaf.field.op !== "accept" ? "reviewed" : leaf.status);
const boxesNow = (leaf) => {
  if (leaf.field && leaf.field.box) return { page: leaf.field.box.page, boxes: [leaf.field.box.box] };
  if (!leaf.known || !leaf.known.boxes.length) return null;
  return { page: leaf.known.page, boxes: leaf.known.boxes };
};
const needsEyes = (leaf) => leaf.why.length > 0 && !leaf.field;

function valueRow(leaf, position, state) {
  const changed = leaf.field && leaf.field.op !== "accept";
  const value = valueNow(leaf);
  const row = h("div", { class: `value s-${statusNow(leaf)}${leaf === state.chosen ? " lit" : ""}${changed ? " changed" : ""}`, role: "option",
    id: `value-${position}`, "aria-selected": String(leaf === state.chosen), "data-at": position, "data-path": leaf.path,
    onclick: () => state.choose(leaf, { from: "value" }),
    onmouseenter: () => state.hover(leaf, true), onmouseleave: () => state.hover(leaf, false) },
  h("span", { class: "path", title: leaf.path }, h("bdi", {}, readable(leaf.path))),
  h("span", { class: `shown${value === null ? " is-null" : ""}`, title: shown(value) }, shown(value),
    changed && leaf.value !== value ? h("span", { class: "was" }, shown(leaf.value)) : null),
  leaf.field ? tag("reviewed", { accept: "accepted", set: "corrected", missing: "missing" }[leaf.field.op])
    : tag(leaf.status, leaf.status === "none" ? "no value" : leaf.status));
  return row;
}

function inspected(leaf, account, acts) {
  if (!leaf) return h("p", { class: "dim" }, "Choose a value, or a box on the page. ", h("kbd", {}, "j"), " ", h("kbd", {}, "k"), " move, ", h("kbd", {}, "n"), " goes to the next that needs your eyes.");
  const known = leaf.known;
  const value = valueNow(leaf);
  const issues = account.issues.filter(([path]) => path === leaf.path);
  const conflicts = account.conflicts.filter((each) => each.path === leaf.path);
  const status = leaf.status;
  const line = (name, ...what) => [h("dt", {}, name), h("dd", {}, ...what)];
  return [
    h("h2", { title: leaf.path }, readable(leaf.path)),
    h("p", { class: "full" }, value === null ? h("span", { class: "dim" }, "missing") : typeof value === "object" ? JSON.stringify(value, null, 1) : String(value)),
    acts || null,
    h("dl", {},
      leaf.field ? line("by hand", `${{ accept: "accepted", set: "corrected", missing: "marked missing" }[leaf.field.op]}${leaf.field.who ? " by " + leaf.field.who : ""}, ${String(leaf.field.when).slice(0, 16).replace("T", " ")}`) : null,
      leaf.field && leaf.field.op !== "accept" ? line("was", shown(leaf.value)) : null,
      status !== "none" ? line("status", tag(status), h("span", { class: "dim" }, ` ${MEANING[status]}`)) : null,
      known ? line("confidence", meter(known.confidence, status)) : null,
      known && known.quote !== null && known.quote !== String(leaf.value) ? line("as printed", `\u201c${known.quote}\u201d`) : null,
      known && known.page ? line("page", String(known.page)) : null,
      conflicts.map((each) => line("elsewhere", each.other.map((other) => `${shown(other.value)}${other.page ? ` (page ${other.page})` : ""}`).join(", "))),
      issues.map(([, code, message]) => line(code.replaceAll("_", " "), message))),
  ];
}

function meter(share, status) {
  const inner = h("i", { class: `s-${status}` });
  inner.style.width = `${100 * share}%`;
  return [h("span", { class: "meter", "aria-hidden": "true" }, inner), h("span", { class: "num" }, share.toFixed(2))];
}
