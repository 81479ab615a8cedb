// Elements are made one by one and text is only ever text: no markup is parsed from data anywhere in these scripts.
function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

function s(tag, props, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, value);
  add(node, children);
  return node;
}

const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many || one + "s"}`;
const number = (value) => Number(value || 0).toLocaleString("en-US");
const percent = (share) => `${(100 * share).toFixed(share < 0.0995 && share > 0 ? 1 : 0)} %`;

function money(value) {
  if (!value) return "$0";
  return "$" + (value >= 1 ? value.toFixed(2) : value >= 0.01 ? value.toFixed(3) : value.toPrecision(2));
}

function span(ms) {
  if (ms === null || ms === undefined) return "";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function bytes(size) {
  if (!size) return "";
  const units = ["B", "kB", "MB", "GB"];
  let at = 0;
  while (size >= 1000 && at < 3) { size /= 1000; at += 1; }
  return `${size.toFixed(at && size < 10 ? 1 : 0)} ${units[at]}`;
}

// JSON pointers (RFC 6901), as every path in a sidecar is one.
const steps = (path) => path.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
const step = (name) => String(name).replaceAll("~", "~0").replaceAll("/", "~1");
const readable = (path) => steps(path).map((each) => (/^\d+$/.test(each) ? String(Number(each) + 1) : each)).join(" \u203a ") || "the document";

function at(data, path) {
  for (const each of steps(path)) {
    if (data === null || typeof data !== "object") return undefined;
    data = data[each];
  }
  return data;
}

const shown = (value) => (value === null || value === undefined ? "missing" : typeof value === "object" ? JSON.stringify(value) : String(value));

const MEANING = {
  verbatim: "stands on the page exactly so", normalised: "stands on the page, written differently",
  approximate: "found with small differences", contradicted: "the page says something near but different",
  absent: "found nowhere on the page", unchecked: "too short or too common to be told apart",
  inferred: "computed or judged, not read", none: "no value", reviewed: "set by a person",
};
const WHY = {
  absent: "absent", contradicted: "contradicted", conflict: "conflict", low: "low confidence", audit: "failed audit",
  issue: "issue",
};
const tag = (status, text) => h("span", { class: `tag s-${status}` }, text || status);
