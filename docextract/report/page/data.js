// Where the data comes from: blocks in this file, or the review server. The views do not know which.
const block = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

const run = block("run");
const isReview = run.mode === "review";
const COLUMN = Object.fromEntries(run.columns.map((name, at) => [name, at]));
const kept = new Map();

const data = {
  rows: block("rows") || [],
  reviews: {},

  async load() {
    if (!isReview) return;
    const answer = await call("api/rows");
    this.rows = answer.rows;
    this.reviews = answer.reviews;
    run.totals = answer.totals;
  },

  // The account of a document; null where this file has no room for it.
  async document(index) {
    if (isReview) {
      const found = await call(`api/document?place=${encodeURIComponent(this.cell(index, "place"))}`);
      this.reviews[found.account.place] = found.review;
      return found;
    }
    if (!kept.has(index)) {
      if (kept.size > 20) kept.clear();
      kept.set(index, block(`d${index}`));
    }
    const account = kept.get(index);
    return account && { account, review: null };
  },

  // Address of a page's picture; null where there is none.
  picture(index, page, account) {
    if (isReview) return `picture?place=${encodeURIComponent(account.place)}&page=${page}`;
    return block(`p${index}-${page}`);
  },

  cell(index, name) {
    return this.rows[index][COLUMN[name]];
  },

  indexOf(place) {
    return this.rows.findIndex((row) => row[COLUMN.place] === place);
  },
};

class Refused extends Error {
  constructor(status, answer) {
    super(answer.message || `the review server answered ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

async function call(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Refused(0, { message: "the review server does not answer: is `docextract review` still running?" });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}
