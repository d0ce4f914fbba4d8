// Lets tips come into an open inbox: new rows at their place, changed ones anew, decided ones out. The row in hand and
// what was decided here stay where they are. `live.js` tells when something changed.
const SETTLE_MS = 500;
const told = document.getElementById("live-new");
let timer = 0;
let isReading = false;

const keyOf = (row) => row.dataset.tip;
const rowsOf = (root) => [...root.querySelectorAll("#inbox tr[data-tip]")];

document.addEventListener("live", ({ detail }) => {
  if (detail.kind !== "tip" && detail.kind !== "everything") return;
  window.clearTimeout(timer);
  timer = window.setTimeout(readAgain, SETTLE_MS);
});

async function readAgain() {
  if (isReading) {
    timer = window.setTimeout(readAgain, SETTLE_MS);
    return;
  }
  isReading = true;
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html", "X-By-Itself": "1" } });
    if (answer.ok && !answer.redirected) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // No connection at the moment: when it is back, what was missed is told.
  } finally {
    isReading = false;
  }
}

function put(fresh) {
  if (!document.getElementById("inbox")) {
    if (fresh.getElementById("inbox")) window.location.reload(); // the list was empty: nothing is in hand
    return;
  }
  for (const place of ["nav.tabs", "#late-counts"]) {
    const [old, now] = [document.querySelector(place), fresh.querySelector(place)];
    if (old && now) old.replaceChildren(...now.childNodes);
  }
  const known = new Map(rowsOf(document).map((row) => [keyOf(row), row]));
  const wanted = rowsOf(fresh);
  let next = null;
  let isNew = false;
  for (const row of wanted.reverse()) {
    const old = known.get(keyOf(row));
    const put = old ? renewed(old, row) : document.importNode(row, true);
    if (!old) {
      isNew = true;
      if (next) next.before(put);
      else document.querySelector("#inbox tbody").append(put);
    }
    next = put;
  }
  const still = new Set(wanted.map(keyOf));
  for (const row of known.values()) {
    if (!still.has(keyOf(row)) && !isInHand(row)) row.remove();
  }
  if (isNew) told.textContent = told.dataset.words;
}

function renewed(old, row) {
  if (isInHand(old) || old.innerHTML === row.innerHTML) return old;
  const put = document.importNode(row, true);
  const tick = old.querySelector('input[type="checkbox"]');
  if (tick?.checked && old.dataset.state === row.dataset.state) put.querySelector('input[type="checkbox"]').checked = true;
  old.replaceWith(put);
  return put;
}

function isInHand(row) {
  return row.hasAttribute("aria-current") || row.dataset.done !== undefined || row.contains(document.activeElement);
}
