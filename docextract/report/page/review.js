// The review's own part of a document's view: accept, edit, mark missing, draw a box, undo, run again.
function reviewing(state, view_) {
  let editor = null;
  let drawing = null;

  async function save(edit, { stay = false } = {}) {
    const path = edit.path;
    const saved = await saveEdit(state, edit);
    editor = null;
    view_.refresh();
    if (saved && !stay) advance(path);
    return saved;
  }

  function advance(path) {
    const from = state.leaves.findIndex((leaf) => leaf.path === path);
    const leaf = state.leaves.slice(from + 1).find((each) => (state.filter === "eyes" || each.why.length ? needsEyes(each) : false));
    if (leaf) state.choose(leaf, {});
  }

  const act = {
    accept: (leaf) => save({ path: leaf.path, op: "accept", value: valueNow(leaf) }),
    missing: (leaf) => save({ path: leaf.path, op: "missing" }),
    edit(leaf) {
      const value = valueNow(leaf);
      const isWhole = value !== null && typeof value === "object";
      editor = { path: leaf.path, text: value === null ? "" : isWhole ? JSON.stringify(value, null, 1) : String(value), isWhole };
      view_.changed();
      const field = document.querySelector(".edit input, .edit textarea");
      field.focus();
      field.select();
    },
    // The list that a value stands in, as JSON: rows are added and taken out there.
    around(leaf) {
      const cut = steps(leaf.path).findLastIndex((each) => /^\d+$/.test(each));
      if (cut < 0) { say("this value stands in no list"); return; }
      const path = steps(leaf.path).slice(0, cut).map((each) => `/${step(each)}`).join("");
      const field = state.review.fields[path];
      const value = field && field.op !== "accept" ? field.value : merged(path);
      editor = { path, text: JSON.stringify(value, null, 1), isWhole: true };
      view_.changed();
      document.querySelector(".edit textarea").focus();
    },
    draw(leaf) {
      say("draw a box around it on the page; Escape gives up");
      drawing = state.sheet.draw(async (box) => {
        drawing = null;
        if (box) { await save({ path: leaf.path, op: leaf.field ? leaf.field.op : "accept", value: valueNow(leaf), box }, { stay: true }); state.sheet.light(state.chosen, false); }
      });
    },
    async undo() {
      const path = await undoEdit(state);
      view_.refresh();
      const leaf = path !== false && state.leaves.find((each) => each.path === path);
      if (leaf) state.choose(leaf, {});
    },
    checked: () => save({ path: "", op: state.review.fields[""] ? "clear" : "accept" }, { stay: true }),
    again: () => runAgain(state),
  };

  function merged(path) {
    const value = structuredClone(at(state.account.data, path));
    for (const [inner, field] of Object.entries(state.review.fields)) {
      if (!inner.startsWith(path + "/") || field.op === "accept") continue;
      const parts = steps(inner.slice(path.length));
      let target = value;
      for (const each of parts.slice(0, -1)) target = target?.[each];
      if (target) target[parts[parts.length - 1]] = field.op === "missing" ? null : field.value;
    }
    return value;
  }

  function acts(leaf) {
    if (editor) return editing();
    const button = (name, text, key, first) => h("button", { class: `button${first ? " first" : ""}`, type: "button", onclick: () => act[name](leaf) }, text, h("kbd", {}, key));
    return h("div", { class: "acts" }, button("accept", "Accept", "a", true), button("edit", "Edit", "e"), button("missing", "Missing", "m"),
      button("draw", "Box", "b"), /\/\d+(\/|$)/.test(leaf.path) ? button("around", "List", "l") : null, button("undo", "Undo", "u"));
  }

  function editing() {
    const send = () => {
      if (!editor.isWhole) return save({ path: editor.path, op: "set", text: field.value });
      try { return save({ path: editor.path, op: "set", value: JSON.parse(field.value) }); } catch (error) { say(`this is not JSON: ${error.message}`, true); }
    };
    const field = h(editor.isWhole ? "textarea" : "input", { value: editor.text, "aria-label": `New value of ${readable(editor.path)}`, spellcheck: "false",
      oninput: () => { editor.text = field.value; },
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") { editor = null; view_.changed(); }
        if (event.key === "Enter" && (!editor.isWhole || event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
      } });
    return h("div", { class: "edit" }, field, h("button", { class: "button first", type: "button", onclick: send }, "Save", h("kbd", {}, editor.isWhole ? "Ctrl Enter" : "Enter")));
  }

  function summary() {
    const fields = Object.entries(state.review.fields);
    const changed = fields.filter(([path, field]) => path && field.op !== "accept").length;
    return h("div", { class: "acts" },
      h("button", { class: "button", type: "button", "aria-pressed": String(Boolean(state.review.fields[""])), onclick: () => act.checked() },
        state.review.fields[""] ? "\u2713 Document checked" : "Document is right", h("kbd", {}, "d")),
      h("button", { class: "button", type: "button", onclick: () => act.again() }, "Run again", h("kbd", {}, "r")),
      changed ? h("span", { class: "dim num" }, `${number(changed)} changed`) : null);
  }

  const keys = { a: "accept", e: "edit", Enter: "edit", m: "missing", b: "draw", l: "around" };
  return {
    acts, summary,
    leave() { editor = null; if (drawing) drawing(); },
    escape() { if (drawing) { drawing(); return true; } if (editor) { editor = null; view_.changed(); return true; } return false; },
    key(event) {
      if (event.key === "u") { act.undo(); return true; }
      if (event.key === "d") { act.checked(); return true; }
      if (event.key === "r") { act.again(); return true; }
      const name = keys[event.key];
      if (!name || !state.chosen || (event.key === "Enter" && document.activeElement && document.activeElement.closest("button, a"))) return false;
      act[name](state.chosen);
      return true;
    },
  };
}

async function runAgain(state) {
  const place = state.account.place;
  try {
    const { command } = await call("api/again", { place, dry: true });
    if (!confirm(`Run this document again?\n\n${command}\n\nAnswers that were paid for are used again.`)) return;
    say("running\u2026");
    let answer = await call("api/again", { place });
    while (answer.running) {
      await new Promise((done) => setTimeout(done, 700));
      answer = await call(`api/again?place=${encodeURIComponent(place)}`);
    }
    say(answer.message, answer.exit_code > 1);
    await show(true);
  } catch (error) { say(error.message, true); }
}

function keysDialog() {
  const line = (key, what) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)];
  const dialog = h("dialog", { class: "keys", "aria-label": "Keys" }, h("h1", {}, "Keys"), h("dl", {},
    line("j k", "next, previous"), line("n p", "next, previous that needs your eyes"), line("[ ]", "previous, next document"), line("+ \u2212 0", "size of the page"),
    line("/", "filter the documents"), line("Esc", "back"),
    isReview ? [line("a", "accept"), line("e", "edit"), line("m", "mark missing"), line("b", "draw a box"), line("l", "edit the list around it"), line("u", "undo"), line("d", "the document is right"), line("r", "run it again")] : null),
  h("form", { method: "dialog" }, h("button", { class: "button", type: "submit" }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
