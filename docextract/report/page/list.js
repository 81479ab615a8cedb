// A list of any length with only the rows near the window in the document. Rows are all of one height.
function virtualList({ height, make, scroller, label, role }) {
  const el = h("div", { class: "list", role: role || "rowgroup", "aria-label": label });
  const EXTRA = 8;
  let count = 0;
  let first = -1;
  let last = -1;
  let asked = 0;

  function draw(force) {
    asked = 0;
    if (!el.isConnected) return;
    const top = el.getBoundingClientRect().top - (scroller ? scroller.getBoundingClientRect().top : 0);
    const room = scroller ? scroller.clientHeight : window.innerHeight;
    const from = Math.max(0, Math.min(count, Math.floor(-top / height()) - EXTRA));
    const to = Math.min(count, Math.max(from, Math.ceil((room - top) / height()) + EXTRA));
    if (!force && from === first && to === last) return;
    [first, last] = [from, to];
    const rows = [];
    for (let index = from; index < to; index += 1) {
      const row = make(index);
      row.style.top = `${index * height()}px`;
      rows.push(row);
    }
    const held = el.contains(document.activeElement) ? document.activeElement.closest("[data-at]")?.dataset.at : null;
    el.replaceChildren(...rows);
    if (held !== null && held !== undefined) el.querySelector(`[data-at="${CSS.escape(held)}"] a`)?.focus({ preventScroll: true });
  }

  const soon = () => { if (!asked) asked = requestAnimationFrame(() => draw(false)); };
  (scroller || window).addEventListener("scroll", soon, { passive: true });
  window.addEventListener("resize", soon);
  if (scroller) new ResizeObserver(soon).observe(scroller);

  return {
    el,
    set(total) {
      count = total;
      el.style.height = `${total * height()}px`;
      draw(true);
    },
    redraw: () => draw(true),
    reveal(index) {
      const view = scroller ? scroller.getBoundingClientRect() : { top: 90, bottom: window.innerHeight };
      const top = el.getBoundingClientRect().top + index * height();
      const by = top < view.top + height() ? top - view.top - height()
        : top + 2 * height() > view.bottom ? top + 2 * height() - view.bottom : 0;
      if (by) (scroller || window).scrollBy(0, by);
      draw(false);
    },
    close() {
      (scroller || window).removeEventListener("scroll", soon);
      window.removeEventListener("resize", soon);
    },
  };
}
