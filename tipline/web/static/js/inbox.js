// The inbox by the keyboard: a current row, its preview beside the list, and one key for each deed.
// Without this script every link opens the tip, whose page has the same deeds as forms.
import { counts } from "./goto.js";

const inbox = document.getElementById("inbox");
const preview = document.getElementById("preview");
const toast = document.getElementById("toast");
const bannerPlace = document.getElementById("banner-place");
const csrf = document.querySelector('meta[name="csrf-token"]').content;
let current = null;
let loading = null;
let busy = false;
let deeds = inbox?.dataset.lastDeed ? [{ id: inbox.dataset.lastDeed, tip: inbox.dataset.lastTip }] : [];

const rows = () => [...inbox.querySelectorAll("tr[data-tip]")];
const rowOf = (tip) => inbox.querySelector(`tr[data-tip="${tip}"]`);
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

function choose(row, { move = true } = {}) {
  if (!row || row === current) return;
  current?.removeAttribute("aria-current");
  current = row;
  row.setAttribute("aria-current", "true");
  if (move) {
    row.querySelector("a.row-link").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  show(row);
}

async function show(row) {
  loading?.abort();
  loading = new AbortController();
  preview.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`/tips/${row.dataset.tip}/preview`, { signal: loading.signal });
    const text = await answer.text();
    const pane = parsed(text).querySelector(".pane");
    if (!pane) throw new Error(`${answer.status}`);
    preview.replaceChildren(pane);
    row.classList.remove("unread");
    row.querySelector(".dot")?.remove();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    const words = document.createElement("p");
    words.className = "warning";
    words.setAttribute("role", "alert");
    words.textContent = inbox.dataset.retry;
    preview.replaceChildren(words);
  }
  preview.removeAttribute("aria-busy");
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current);
  choose(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

// After a deed: on to the next row that still waits, else stay.
function onward() {
  const all = rows();
  const at = all.indexOf(current);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((row) => !row.dataset.done);
  if (next) choose(next);
  else show(current);
}

function say(element) {
  toast.replaceChildren(...(element ? element.childNodes : []));
}

function warn(element) {
  bannerPlace.replaceChildren(...(element ? [element] : []));
  element?.focus();
}

async function send(address, data, tip, { isUndo = false, stays = false } = {}) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { "X-CSRF-Token": csrf, "X-Fragment": "row" },
    });
    const told = parsed(await answer.text());
    const fresh = told.querySelector("tr[data-tip]");
    if (!fresh && !told.getElementById("banner")) throw new Error(`${answer.status}`);
    put(fresh, tip, { isDone: answer.ok && !isUndo && !stays });
    warn(told.getElementById("banner"));
    const undo = told.querySelector("[data-undo]");
    if (undo) deeds.push({ id: undo.dataset.undo, tip });
    say(answer.ok ? told.getElementById("done") : null);
    if (answer.ok && !isUndo && !stays) onward();
    else if (rowOf(tip) === current) show(current);
  } catch {
    toast.textContent = inbox.dataset.failed;
  } finally {
    busy = false;
  }
}

function put(fresh, tip, { isDone }) {
  const old = rowOf(tip);
  if (!fresh || !old) return;
  const row = document.importNode(fresh, true);
  if (isDone) row.dataset.done = "yes";
  old.replaceWith(row);
  if (old === current) {
    current = row;
    row.setAttribute("aria-current", "true");
  }
}

function undo() {
  const last = deeds.pop();
  if (!last) {
    toast.textContent = inbox.dataset.nothing;
    return;
  }
  if (rowOf(last.tip)) choose(rowOf(last.tip));
  send(`/deeds/${last.id}/undo`, {}, last.tip, { isUndo: true });
}

function openMenu(id) {
  const menu = document.getElementById(id);
  if (!menu) return;
  menu.showModal();
  (menu.querySelector("button[value]") ?? menu.querySelector("button"))?.focus();
}

function onKey(event) {
  if (!counts(event)) return;
  const menu = document.querySelector("dialog[open]");
  if (menu) {
    const choice = /^[1-9]$/.test(event.key) && menu.querySelectorAll(".choices button")[Number(event.key) - 1];
    if (choice) {
      event.preventDefault();
      choice.click();
    }
    return;
  }
  const key = event.key.toLowerCase();
  const menus = { 2: "menu-duplicate", 3: "menu-decline", 4: "menu-link", h: "menu-snooze", a: "menu-assign" };
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    1: () => preview.querySelector('form[data-deed="1"]')?.requestSubmit(),
    x: () => current?.querySelector('input[type="checkbox"]')?.click(),
    n: () => inbox.dataset.cases === "on" && current && window.location.assign(`/tips/${current.dataset.tip}/case`),
    z: undo,
    "/": () => document.getElementById("q").focus(),
    "?": () => document.getElementById("keys-help").showModal(),
    "？": () => document.getElementById("keys-help").showModal(),
  };
  const isFresh = preview.querySelector(".pane")?.dataset.tip === current?.dataset.tip;
  if (key in menus || key === "1") {
    // The forms belong to the tip that is shown: a key pressed before its preview came decides nothing.
    event.preventDefault();
    if (!isFresh || busy) return;
    if (key in menus) openMenu(menus[key]);
    else acts[1]();
  } else if (key === "enter" && !event.target.closest?.("a, button, summary") && current) {
    window.location.assign(current.querySelector("a.row-link").href);
  } else if (key in acts) {
    event.preventDefault();
    acts[key]();
  }
}

function begin() {
  document.getElementById("keys-open").hidden = false;
  document.getElementById("keys-open").addEventListener("click", () => document.getElementById("keys-help").showModal());
  if (inbox.dataset.keys === "on") document.addEventListener("keydown", onKey);
  inbox.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-tip]");
    if (row && !event.target.closest("a, input")) choose(row, { move: false });
  });
  inbox.addEventListener("focusin", (event) => {
    if (event.target.matches("a.row-link")) choose(event.target.closest("tr"), { move: false });
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-menu]");
    if (opener) openMenu(opener.dataset.menu);
    const back = event.target.closest("[data-undo]");
    if (back) {
      deeds = deeds.filter((one) => one.id !== back.dataset.undo);
      send(`/deeds/${back.dataset.undo}/undo`, {}, back.dataset.tip, { isUndo: true });
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-deed]")) return;
    event.preventDefault();
    event.target.closest("dialog")?.close();
    const tip = event.target.closest(".pane").dataset.tip;
    // Whose hands a tip is in decides nothing: the row stays the current one.
    const stays = event.target.closest("#menu-assign") !== null;
    send(event.target.getAttribute("action"), new FormData(event.target, event.submitter), tip, { stays });
  });
  document.body.classList.add("scripted");
  choose(rows()[0], { move: false });
}

if (inbox) begin();
