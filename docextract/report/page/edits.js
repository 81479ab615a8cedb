// What a person says of a value, saved at once. Another tab may have said something meanwhile: then nothing is overwritten.
const person = {
  get name() { try { return localStorage.getItem("docextract-who") || ""; } catch { return ""; } },
  set name(text) { try { localStorage.setItem("docextract-who", text); } catch { /* a browser that keeps nothing */ } },
};
const undone = [];

async function saveEdit(state, edit, { remember = true } = {}) {
  const place = state.account.place;
  const before = state.review.fields[edit.path] || null;
  try {
    const answer = await call("api/edit", { place, base: state.review.version, who: person.name, ...edit });
    if (remember) undone.push({ place, path: edit.path, before, after: answer.review.version });
    take(state, answer.review);
    if (answer.warning) say(answer.warning);
    return true;
  } catch (error) {
    if (error.status === 409) {
      take(state, error.answer.review);
      say("this value was changed in another tab meanwhile; what it says now is shown, nothing was overwritten", true);
    } else say(error.message, true);
    return false;
  }
}

function take(state, review) {
  state.review = review;
  data.reviews[state.account.place] = review;
}

async function undoEdit(state) {
  const last = undone.findLast((each) => each.place === state.account.place);
  if (!last) { say("nothing to undo in this document"); return false; }
  const field = last.before;
  const edit = field ? { op: field.op, value: field.value, box: field.box } : { op: "clear" };
  const saved = await saveEdit(state, { path: last.path, ...edit }, { remember: false });
  if (saved) undone.splice(undone.indexOf(last), 1);
  return saved && last.path;
}

let sayTimer = 0;
function say(text, bad) {
  document.querySelector(".said")?.remove();
  clearTimeout(sayTimer);
  document.body.append(h("p", { class: `said${bad ? " bad" : ""}`, role: bad ? "alert" : "status" }, text));
  sayTimer = setTimeout(() => document.querySelector(".said")?.remove(), bad ? 9000 : 4000);
}
