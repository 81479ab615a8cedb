// The frame, the address, the keys.
const app = document.getElementById("app");
let current = null;
let place = null;
let asked = 0;

function theme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

function top() {
  const what = [run.inputs.join(", "), run.model, (run.schema || []).join(", ")].filter(Boolean).join(" \u00b7 ");
  return h("div", { class: "top", role: "banner" }, h("a", { class: "mark", href: "#/" }, isReview ? "docextract review" : "docextract"), h("span", { class: "what", title: what }, what), h("span", { class: "space" }),
    isReview ? h("input", { class: "who", "aria-label": "Your name, for the record", placeholder: "your name", value: person.name, onchange: (event) => { person.name = event.target.value.trim(); } }) : null,
    h("button", { class: "plain", type: "button", onclick: keysDialog, "aria-label": "Keys" }, "?"),
    h("button", { class: "plain", type: "button", onclick: theme, "aria-label": "Dark or light" }, "\u25d0"));
}

function overview() {
  const table = documentTable(run.totals);
  const totals = run.totals;
  const left = run.left_out || {};
  const el = h("main", { class: "wrap" }, notes(), glance(totals), plots(totals),
    causes("Failed documents", totals.failures, "failed", ""), causes("Failed pages", totals.page_failures, "failed", ""),
    table.el, causes("Issues", totals.issues, "partial", ""),
    h("p", { class: "foot" }, `docextract ${run.version}${run.finished ? ", " + String(run.finished).replace("T", " ").slice(0, 16) + " UTC" : ""}. `,
      left.accounts || left.pictures ? `To keep this file small ${plural(left.accounts || 0, "document")} and ${plural(left.pictures || 0, "picture")} are not in it: docextract review shows them all.` : ""));
  return { ...table, el };
}

function lost(text) {
  return { el: h("main", { class: "wrap" }, h("p", { class: "note s-partial" }, h("b", {}, text)), h("a", { href: "#/" }, "\u2190 all documents")), shown() {}, key: () => false, close() {} };
}

async function show(again) {
  const [, kind, rest] = location.hash.split("/");
  const [name, wanted] = (rest || "").split("?");
  const mine = (asked += 1);
  let next;
  try {
    if (kind === "document") {
      const index = data.indexOf(decodeURIComponent(name));
      const found = index < 0 ? null : await data.document(index);
      next = found ? documentView(index, found, wanted && decodeURIComponent(wanted))
        : lost(index < 0 ? "There is no such document in this run." : "This document is not in this file, which has a limited size: `docextract review` shows it.");
    } else {
      if (again !== true && isReview && current) await data.load();
      next = overview();
    }
  } catch (error) {
    next = lost(error.message);
  }
  // Somebody went on while this one was fetched.
  if (mine !== asked) { next.close(); return; }
  if (current) current.close();
  const isFirst = current === null;
  const scrolled = place;
  if (kind === "document" && !(current && current.state)) place = window.scrollY;
  current = next;
  fill(app, top(), next.el);
  document.title = kind === "document" ? `${decodeURIComponent(name)} \u2013 docextract` : "docextract";
  next.shown();
  if (kind !== "document" && !isFirst && scrolled) window.scrollTo(0, scrolled);
  document.documentElement.dataset.ready = "yes";
}

window.addEventListener("hashchange", () => show());
window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "?") { keysDialog(); return; }
  if (current && current.key(event)) event.preventDefault();
});
// Another tab may have gone on meanwhile.
window.addEventListener("focus", async () => {
  if (!isReview || !current || !current.seen) return;
  try { current.seen((await data.document(current.state.index)).review); } catch { /* told at the next edit */ }
});

data.load().then(show, (error) => fill(app, h("main", { class: "wrap" }, h("p", { class: "note s-failed" }, h("b", {}, error.message)))));
