// The table of all documents: sorted, filtered, only the rows near the window drawn.
const HEADS = [
  ["name", "Document", ""], ["schema", "Schema", "middle"], ["state", "State", ""], ["pages", "Pages", "right minor"],
  ["values", "Values", "right minor"], ["look", "Look at", ""], ["lowest", "Least sure", "right minor"],
  ["cost", "Cost", "right minor"], ["ms", "Time", "right minor"],
];
const view = { text: "", states: new Set(), why: new Set(), schema: "", sort: "", down: false, now: -1, order: [] };

function matches(row) {
  const text = view.text.trim().toLowerCase();
  if (view.states.size && !view.states.has(row[COLUMN.state])) return false;
  if (view.why.size && !row[COLUMN.why].some((why) => view.why.has(why))) return false;
  if (view.schema && row[COLUMN.schema] !== view.schema) return false;
  return !text || [row[COLUMN.name], row[COLUMN.schema], row[COLUMN.code]].some((part) => part && part.toLowerCase().includes(text));
}

function arrange() {
  const order = [];
  data.rows.forEach((row, index) => { if (matches(row)) order.push(index); });
  if (view.sort) {
    const column = COLUMN[view.sort];
    const sign = view.down ? -1 : 1;
    const words = new Intl.Collator("en", { numeric: true });
    order.sort((one, other) => {
      const [a, b] = [data.rows[one][column], data.rows[other][column]];
      if (a === b) return one - other;
      if (a === null || a === undefined) return 1;
      if (b === null || b === undefined) return -1;
      return sign * (typeof a === "number" ? a - b : words.compare(a, b));
    });
  }
  view.order = order;
}

function named(name) {
  const cut = name.lastIndexOf("/") + 1;
  return [cut ? h("span", { class: "folder" }, name.slice(0, cut)) : null, name.slice(cut)];
}

function reviewed(place) {
  const review = data.reviews[place];
  if (!review || !Object.keys(review.fields).length) return "";
  const changed = Object.values(review.fields).filter((field) => field.op !== "accept").length;
  if (review.fields[""]) return changed ? `checked, ${number(changed)} changed` : "checked";
  return changed ? `${number(changed)} changed` : "begun";
}

function tableRow(position) {
  const index = view.order[position];
  const row = data.rows[index];
  const get = (name) => row[COLUMN[name]];
  const why = get("why").map((each) => WHY[each]).join(", ");
  const cells = [
    h("div", { role: "cell", title: get("name") }, h("a", { href: `#/document/${encodeURIComponent(get("place"))}` }, named(get("name")))),
    h("div", { role: "cell", class: "middle" }, get("schema") || ""),
    h("div", { role: "cell" }, tag(get("state"))),
    h("div", { role: "cell", class: "right minor" }, get("bad") ? `${number(get("pages") - get("bad"))} / ${number(get("pages"))}` : number(get("pages"))),
    h("div", { role: "cell", class: "right minor" }, number(get("values"))),
    h("div", { role: "cell", title: why }, get("look") ? [h("b", { class: "num" }, number(get("look"))), h("span", { class: "dim" }, ` ${why}`)]
      : h("span", { class: "dim" }, (get("code") || "").replaceAll("_", " "))),
    h("div", { role: "cell", class: "right minor" }, get("lowest") === null ? "" : get("lowest").toFixed(2)),
    h("div", { role: "cell", class: "right minor" }, isReview ? reviewed(get("place")) : get("cost") ? money(get("cost")) : ""),
    h("div", { role: "cell", class: "right minor" }, get("ms") ? span(get("ms")) : ""),
  ];
  return h("div", { class: `row${position === view.now ? " now" : ""}`, role: "row", "aria-rowindex": position + 2, "data-at": position,
    onclick: (event) => { if (!event.target.closest("a")) location.hash = `#/document/${encodeURIComponent(get("place"))}`; } }, cells);
}

function chip(text, count, set, name, changed) {
  const button = h("button", { class: "chip", type: "button", "aria-pressed": String(set.has(name)),
    onclick: () => {
      if (set.has(name)) set.delete(name); else set.add(name);
      button.setAttribute("aria-pressed", String(set.has(name)));
      changed();
    } }, text, h("span", { class: "num" }, number(count)));
  return button;
}

function documentTable(totals) {
  const narrow = window.matchMedia("(max-width: 620px)");
  const list = virtualList({ height: () => (narrow.matches ? 44 : 36), make: tableRow, label: "Documents" });
  const count = h("span", { class: "count", role: "status" });
  const empty = h("p", { class: "empty", hidden: true }, "No document fits these filters.");
  const head = h("div", { class: "row head", role: "row" });
  const table = h("div", { class: `table${isReview ? " reviewing" : ""}`, role: "table", "aria-label": "Documents" }, head, list.el, empty);

  function changed() {
    arrange();
    view.now = Math.min(view.now, view.order.length - 1);
    count.textContent = view.order.length === data.rows.length ? plural(data.rows.length, "document") : `${number(view.order.length)} of ${number(data.rows.length)} documents`;
    table.setAttribute("aria-rowcount", view.order.length + 1);
    empty.hidden = view.order.length > 0;
    list.set(view.order.length);
    fill(head, HEADS.map(([name, title, kind]) => h("div", { role: "columnheader", class: kind,
      "aria-sort": view.sort === name ? (view.down ? "descending" : "ascending") : null },
    h("button", { type: "button", onclick: () => sortBy(name) }, isReview && name === "cost" ? "Review" : title))));
  }

  function sortBy(name) {
    const first = ["name", "schema", "state", "lowest"].includes(name) ? false : true;
    if (view.sort !== name) [view.sort, view.down] = [name, first];
    else if (view.down === first) view.down = !first;
    else view.sort = "";
    changed();
    head.querySelectorAll("button")[HEADS.findIndex((each) => each[0] === name)].focus();
  }

  const search = h("input", { type: "search", placeholder: "Filter by name, schema, cause", "aria-label": "Filter documents", value: view.text,
    oninput: (event) => { view.text = event.target.value; changed(); } });
  const schemas = [...new Set(data.rows.map((row) => row[COLUMN.schema]).filter(Boolean))].sort();
  const filters = h("div", { class: "filters" }, search,
    schemas.length > 1 ? h("select", { "aria-label": "Schema", onchange: (event) => { view.schema = event.target.value; changed(); } },
      h("option", { value: "" }, "every schema"), schemas.map((name) => h("option", { value: name, selected: view.schema === name }, name))) : null,
    ["complete", "partial", "failed", "pending"].filter((state) => totals.documents[state]).map((state) => chip(state, totals.documents[state], view.states, state, changed)),
    Object.keys(WHY).filter((why) => totals.looks[why]).map((why) => chip(WHY[why], totals.looks[why], view.why, why, changed)),
    count);

  return {
    el: h("section", { "aria-label": "Documents" }, h("h2", {}, "Documents"), filters, table),
    shown: changed,
    close: list.close,
    key(event) {
      if (event.key === "/") { search.focus(); search.select(); return true; }
      const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
      if (by && view.order.length) {
        view.now = Math.max(0, Math.min(view.order.length - 1, view.now + by));
        list.reveal(view.now);
        list.redraw();
        return true;
      }
      if (event.key === "Enter" && view.now >= 0 && document.activeElement === document.body) {
        location.hash = `#/document/${encodeURIComponent(data.cell(view.order[view.now], "place"))}`;
        return true;
      }
      return false;
    },
  };
}
