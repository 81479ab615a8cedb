// The pages of a document with a box for every value: pictures and boxes are made when a page comes near.
function sheets(index, account, state) {
  const el = h("div", { class: "sheets", tabindex: 0, role: "region", "aria-label": "Pages" });
  const pages = new Map();
  let zoom = 1;

  function place(node, box, width) {
    const least = 0.004;
    node.style.left = `${100 * box[0]}%`;
    node.style.top = `${100 * box[1]}%`;
    node.style.width = `${100 * Math.max(box[2] - box[0], least)}%`;
    node.style.height = `${100 * Math.max(box[3] - box[1], least)}%`;
    return node;
  }

  function boxes(page) {
    const made = [];
    for (const leaf of state.leaves) {
      const where = boxesNow(leaf);
      if (!where || where.page !== page) continue;
      for (const box of where.boxes) {
        made.push(place(h("button", { class: `box s-${statusNow(leaf)}${leaf === state.chosen ? " lit" : ""}`, type: "button", tabindex: -1,
          title: `${readable(leaf.path)}: ${shown(valueNow(leaf))}`, "data-path": leaf.path, "aria-label": `${readable(leaf.path)}: ${shown(valueNow(leaf))}`,
          onclick: () => state.choose(leaf, { from: "box" }),
          onmouseenter: () => state.hover(leaf, true), onmouseleave: () => state.hover(leaf, false) }), box));
      }
    }
    return made;
  }

  function near(page) {
    const held = pages.get(page);
    if (held.near) return;
    held.near = true;
    const address = data.picture(index, page, account);
    if (address) {
      const image = h("img", { alt: `Page ${page}`, draggable: "false", decoding: "async" });
      image.addEventListener("load", () => { held.sheet.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`; });
      image.addEventListener("error", () => image.replaceWith(missing(page)));
      image.src = address;
      held.sheet.append(image);
    } else held.sheet.append(missing(page));
    held.layer.replaceChildren(...boxes(page));
    held.sheet.append(held.layer);
  }

  function missing(page) {
    const why = account.pages.find((each) => each[0] === page);
    const words = why && why[1] !== "extracted" ? `Page ${page}: ${why[1]}${why[2] ? ", " + why[2].replaceAll("_", " ") : ""}`
      : isReview ? `Page ${page} has no picture: the source is not where it was, or is a text`
        : `The picture of page ${page} is not in this file; docextract review shows it`;
    return h("div", { class: "missing" }, words);
  }

  function far(page) {
    const held = pages.get(page);
    if (!held.near) return;
    held.near = false;
    held.layer.replaceChildren();
    held.sheet.replaceChildren(held.layer);
  }

  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) (entry.isIntersecting ? near : far)(Number(entry.target.dataset.page));
  }, { root: el, rootMargin: "800px 0px" });

  function build() {
    const texts = account.texts || {};
    for (const [page] of account.pages) {
      if (texts[page] !== undefined) { el.append(textSheet(page, texts[page])); continue; }
      const size = (account.sizes || {})[page] || [1000, 1414];
      const layer = h("div", { class: "layer" });
      const sheet = h("figure", { class: "sheet", "data-page": page, "aria-label": `Page ${page}` }, layer);
      sheet.style.aspectRatio = `${size[0]} / ${size[1]}`;
      pages.set(page, { sheet, layer, near: false });
      el.append(sheet);
      watch.observe(sheet);
    }
    resize();
  }

  function textSheet(page, text) {
    const body = h("div", { class: "text" });
    const marks = state.leaves.filter((leaf) => leaf.known && leaf.known.span && leaf.known.page === page);
    const edges = new Set([0, text.length]);
    for (const { known } of marks) for (const edge of known.span) if (edge >= 0 && edge <= text.length) edges.add(edge);
    const order = [...edges].sort((a, b) => a - b);
    const begins = marks.slice().sort((a, b) => a.known.span[0] - b.known.span[0]);
    let open = [];
    let next = 0;
    for (let cut = 0; cut + 1 < order.length; cut += 1) {
      const [from, to] = [order[cut], order[cut + 1]];
      open = open.filter((leaf) => leaf.known.span[1] > from);
      while (next < begins.length && begins[next].known.span[0] <= from) { if (begins[next].known.span[1] > from) open.push(begins[next]); next += 1; }
      const part = text.slice(from, to);
      if (!open.length) { body.append(part); continue; }
      const leaf = open[open.length - 1];
      body.append(h("mark", { class: `s-${statusNow(leaf)}`, "data-path": leaf.path, title: readable(leaf.path),
        onclick: () => state.choose(leaf, { from: "box" }),
        onmouseenter: () => state.hover(leaf, true), onmouseleave: () => state.hover(leaf, false) }, part));
    }
    return h("figure", { class: "sheet is-text", "data-page": page, "aria-label": "Text" }, body);
  }

  function resize() {
    for (const sheet of el.querySelectorAll(".sheet")) sheet.style.width = sheet.classList.contains("is-text") ? "100%" : `${100 * zoom}%`;
  }

  const parts = (path) => el.querySelectorAll(`[data-path="${CSS.escape(path)}"]`);

  build();
  return {
    el,
    zoom(by) { zoom = Math.min(4, Math.max(0.5, by === 0 ? 1 : zoom * by)); resize(); },
    redraw() { for (const [page, held] of pages) if (held.near) held.layer.replaceChildren(...boxes(page)); },
    hover(leaf, on) { for (const node of parts(leaf.path)) node.classList.toggle("hot", on); },
    light(leaf, move) {
      for (const node of el.querySelectorAll(".lit")) node.classList.remove("lit");
      if (!leaf) return;
      const where = boxesNow(leaf);
      const held = where && pages.get(where.page);
      if (held && !held.near) near(where.page);
      const found = parts(leaf.path);
      for (const node of found) node.classList.add("lit");
      if (!move) return;
      if (found.length) found[0].scrollIntoView({ block: "center", inline: "nearest" });
      else if (leaf.known && leaf.known.page && pages.get(leaf.known.page)) pages.get(leaf.known.page).sheet.scrollIntoView({ block: "nearest" });
    },
    draw: (done) => drawBox(el, pages, place, done),
    close: () => watch.disconnect(),
  };
}

// Let a box be drawn on a page with the pointer; Escape gives up.
function drawBox(el, pages, place, done) {
  const stops = [];
  const stop = (result) => { stops.forEach((each) => each()); done(result); };
  for (const [page, { sheet }] of pages) {
    sheet.classList.add("drawing");
    const down = (event) => {
      event.preventDefault();
      const frame = sheet.getBoundingClientRect();
      const point = (each) => [(each.clientX - frame.left) / frame.width, (each.clientY - frame.top) / frame.height].map((share) => Math.min(1, Math.max(0, share)));
      const start = point(event);
      const drawn = h("div", { class: "drawn" });
      sheet.append(drawn);
      const box = (each) => { const end = point(each); return [Math.min(start[0], end[0]), Math.min(start[1], end[1]), Math.max(start[0], end[0]), Math.max(start[1], end[1])]; };
      const move = (each) => place(drawn, box(each));
      const up = (each) => {
        window.removeEventListener("pointermove", move);
        drawn.remove();
        const found = box(each).map((edge) => Math.round(edge * 1e5) / 1e5);
        stop(found[2] - found[0] > 0.003 && found[3] - found[1] > 0.003 ? { page, box: found } : null);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", up, { once: true });
    };
    sheet.addEventListener("pointerdown", down);
    stops.push(() => { sheet.removeEventListener("pointerdown", down); sheet.classList.remove("drawing"); });
  }
  return () => stop(null);
}
