// Makes sending a tip nicer: progress of the upload, files that turn to "received" by themselves, typed text kept in
// this tab. Without this file every page works all the same.
const REFRESH_MS = 2000;
const PREFIX = "tipline.draft.";

function ready(root) {
  for (const form of root.querySelectorAll("form[data-upload]")) prepareUpload(form);
  for (const form of root.querySelectorAll("form[data-keep]")) keepTyped(form);
  for (const row of root.querySelectorAll(".script-only")) row.hidden = false;
  const copy = root.querySelector("[data-copy]");
  if (copy) copy.addEventListener("click", () => copyCode(copy));
  const print = root.querySelector("[data-print]");
  if (print) print.addEventListener("click", () => window.print());
  refreshFiles();
}

// ---- upload with progress

function prepareUpload(form) {
  const problem = form.querySelector("[data-file-problem]");
  form.querySelector("[data-picks]").classList.add("picks"); // the labels become the buttons
  form.addEventListener("change", () => {
    tellProblem(problem, fileProblem(form));
    listChosen(form);
  });
  listChosen(form);
  form.addEventListener("submit", (event) => {
    const found = fileProblem(form);
    if (found) {
      event.preventDefault();
      tellProblem(problem, found);
      problem.scrollIntoView({ block: "center" });
      return;
    }
    if (filesOf(form).length === 0) return; // words alone need no progress
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    if (form.querySelector("[data-uploads]")) sendInPieces(form, filesOf(form));
    else if (hasWords(form)) sendWordsFirst(form);
    else send(form); // without words it is a tip only if a file is taken, so the two go together
  });
}

function filesOf(form) {
  return [...form.querySelectorAll('input[type="file"]')].flatMap((input) => [...input.files]);
}

function fileProblem(form) {
  const box = form.querySelector("[data-limit-bytes]");
  const files = filesOf(form);
  if (files.length > Number(box.dataset.limitFiles)) return box.dataset.tooMany;
  const large = files.find((file) => file.size > Number(box.dataset.limitBytes));
  return large ? `${large.name} ${box.dataset.tooLarge}` : "";
}

function listChosen(form) {
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const box = input.closest(".pick");
    let list = box.querySelector(".chosen");
    if (!list) {
      list = document.createElement("ul");
      list.className = "chosen";
      list.setAttribute("aria-live", "polite");
      box.append(list);
    }
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const row = document.createElement("li");
        const name = document.createElement("bdi");
        name.className = "file-name";
        name.textContent = file.name;
        const size = document.createElement("span");
        size.className = "num nowrap";
        size.textContent = inUnits(file.size);
        row.append(name, size);
        return row;
      }),
    );
  }
}

function inUnits(bytes) {
  for (const [unit, factor] of [["GB", 1024 ** 3], ["MB", 1024 ** 2], ["KB", 1024]]) {
    if (bytes >= factor) return `${(bytes / factor).toFixed(1).replace(".0", "")} ${unit}`;
  }
  return `${bytes} B`;
}

function tellProblem(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

function hasWords(form) {
  return fieldsOf(form).some((field) => field.tagName !== "SELECT" && field.value.trim());
}

// The words are kept, and the code is shown, before the first byte of a file is sent.
async function sendWordsFirst(form) {
  const files = filesOf(form);
  const words = new FormData(form);
  for (const input of form.querySelectorAll('input[type="file"]')) words.delete(input.name);
  try {
    const answer = await fetch(form.action, { method: "POST", body: words, headers: { Accept: "text/html" } });
    show({ responseText: await answer.text(), responseURL: answer.url }, form);
  } catch {
    const box = form.querySelector("[data-progress]");
    const status = box.querySelector("p");
    box.hidden = false;
    status.textContent = status.dataset.broken;
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    return;
  }
  const next = document.querySelector("form [data-uploads]");
  if (next) sendInPieces(next.closest("form"), files);
}

// Fetched by its address with the digest, so that no browser keeps an old one.
async function sendInPieces(form, files) {
  const { sendFiles } = await import(form.querySelector("[data-uploads]").dataset.script);
  await sendFiles(form, files, showFiles);
}

async function showFiles() {
  try {
    const answer = await fetch("/tips/mine/files", { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("files");
    const list = document.getElementById("files");
    if (fresh && list) list.replaceWith(fresh);
    refreshFiles();
  } catch {
    // No connection at the moment: the page of the tip tells it later.
  }
}

function send(form) {
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const status = box.querySelector("p");
  box.hidden = false;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.value = percent;
    status.textContent = percent < 100 ? `${status.dataset.sending}${percent} %` : status.dataset.storing;
  });
  const broken = () => {
    bar.value = 0;
    status.textContent = status.dataset.broken;
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  };
  request.addEventListener("error", broken);
  request.addEventListener("timeout", broken);
  request.addEventListener("abort", broken);
  request.addEventListener("load", () => show(request, form));
  request.open("POST", form.action);
  request.send(new FormData(form));
}

// The answer is a whole page: its main part takes the place of ours.
function show(request, form) {
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = answer.querySelector("main");
  if (!fresh) {
    window.location.assign(request.responseURL || "/tips/mine");
    return;
  }
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const twin = fresh.querySelector(`form[data-keep] #${input.id}`);
    if (twin) twin.files = input.files; // what was chosen need not be chosen again
  }
  const main = document.querySelector("main");
  main.replaceChildren(...fresh.childNodes);
  document.title = answer.title;
  if (!main.querySelector("form[data-keep]")) {
    forgetTyped("tip");
    // A reload must lead to the tip and not send it again.
    window.history.replaceState(null, "", "/tips/mine");
  }
  ready(main);
  window.scrollTo(0, 0);
  const summary = document.getElementById("error-summary");
  (summary || main).focus();
}

// ---- states of files

let timer = 0;

function refreshFiles() {
  window.clearTimeout(timer);
  const list = document.querySelector("#files[data-refresh]");
  if (!list) return;
  timer = window.setTimeout(async () => {
    try {
      const answer = await fetch(list.dataset.refresh, { headers: { Accept: "text/html" } });
      if (answer.status === 404) return; // the session is over: the page stays as it is
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("files");
        if (fresh && fresh.outerHTML !== list.outerHTML) list.replaceWith(fresh);
      }
    } catch {
      // No connection at the moment: the next turn asks again.
    }
    refreshFiles();
  }, REFRESH_MS);
}

// ---- typed text

// What is typed or chosen; that the vehicle is here now is true at one moment only, so it is no words and is not kept.
function fieldsOf(form) {
  const others = ["file", "hidden", "submit", "checkbox"];
  return [...form.elements].filter((one) => one.name && !others.includes(one.type));
}

function keepTyped(form) {
  const key = PREFIX + form.dataset.keep;
  const isShownAgain = document.getElementById("error-summary") !== null;
  let typed = {};
  try {
    typed = JSON.parse(window.sessionStorage.getItem(key) || "{}");
  } catch {
    typed = {};
  }
  for (const field of fieldsOf(form)) {
    const isEmpty = field.tagName === "SELECT" ? field.selectedIndex === 0 : !field.value;
    if (!isShownAgain && isEmpty && typed[field.name]) field.value = typed[field.name];
  }
  form.addEventListener("input", () => {
    const now = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
    try {
      window.sessionStorage.setItem(key, JSON.stringify(now));
    } catch {
      // Storage is full or forbidden: nothing is kept, everything still works.
    }
  });
}

function forgetTyped(name) {
  try {
    window.sessionStorage.removeItem(PREFIX + name);
  } catch {
    // Storage is forbidden: then nothing was kept.
  }
}

async function copyCode(button) {
  const code = document.querySelector("[data-code]");
  try {
    await navigator.clipboard.writeText(code.textContent.trim());
    button.textContent = button.dataset.copied;
  } catch {
    window.getSelection().selectAllChildren(code); // no secure context: at least mark it
  }
}

if (document.querySelector(".receipt")) forgetTyped("tip");
ready(document);
