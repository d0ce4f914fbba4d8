// Keeps open pages of the desk up to date. One event stream a browser: the tab that holds a lock has it and passes on
// what it hears; without locks each tab has its own. Events tell ids only, and the page is read again. Without this
// script every page shows the present state when it is opened again.
const NAME = "tipline-live";
const SETTLE_MS = 300; // what comes together is read once
const SILENT_MS = 45000; // three missed beats: the line is dead although nobody said so
const AGAIN_MS = 5000;
const POLL_MS = 20000; // while there is no stream
const RING_MS = 20000; // until somebody answers
const KEPT = 50;

const note = document.getElementById("live-note");
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
const heard = []; // by the tab that has the stream: [moment, data], for tabs that are opened a moment later
const waiting = new Set();
let isLeading = false;
let source = null;
let last = "";
let beatAt = 0;
let settle = 0;
let isOver = false;
let hasLine = false;

// ---- the stream

function open() {
  const query = last ? `after=${last}` : `age_ms=${Math.ceil(performance.now())}`;
  source = new EventSource(`/events?${query}`);
  beatAt = Date.now();
  source.onopen = () => pass("open");
  source.addEventListener("beat", () => {
    beatAt = Date.now();
    if (!hasLine) pass("open");
  });
  source.addEventListener("change", (event) => {
    beatAt = Date.now();
    last = event.lastEventId || last;
    heard.push([Date.now(), event.data]);
    heard.splice(0, heard.length - KEPT);
    pass(event.data);
  });
  source.addEventListener("ended", () => {
    source.close();
    pass("ended");
  });
  source.onerror = () => {
    pass("lost");
    if (source.readyState === EventSource.CLOSED && !isOver) window.setTimeout(reopen, AGAIN_MS);
  };
}

// Closed for good: either the session is over, or the server was away when we asked.
async function reopen() {
  if (isOver) return;
  try {
    const answer = await fetch("/alarms", { headers: { Accept: "application/json", "X-By-Itself": "1" } });
    if (answer.status === 401) {
      pass("ended");
      return;
    }
  } catch {
    // No connection at the moment: the next turn asks again.
  }
  source.close();
  open();
}

function pass(data) {
  channel?.postMessage({ data });
  hear(data);
}

function lead() {
  isLeading = true;
  open();
  window.setInterval(() => {
    if (!isOver && Date.now() - beatAt > SILENT_MS) {
      source.close();
      pass("lost");
      open();
    }
  }, AGAIN_MS);
}

// ---- what is heard

function hear(data) {
  if (isOver) return;
  if (data === "open" || data === "lost" || data === "ended") {
    hasLine = data === "open";
    isOver = data === "ended";
    if (note) {
      note.hidden = hasLine;
      note.querySelector("span").textContent = hasLine ? "" : note.dataset[data];
    }
    return;
  }
  const [kind, id] = data.split(" ");
  if (kind === "alarm" || kind === "everything") waiting.add("alarms");
  for (const element of document.querySelectorAll("[data-live]")) {
    const wanted = element.dataset.live.split(" ");
    if (kind === "everything" || wanted.includes(kind) || wanted.includes(`${kind}:${id}`)) waiting.add(element.id);
  }
  document.dispatchEvent(new CustomEvent("live", { detail: { kind, id } }));
  if (!settle && waiting.size) settle = window.setTimeout(readAgain, SETTLE_MS);
}

async function readAgain() {
  const ids = [...waiting];
  waiting.clear();
  const addresses = new Map();
  for (const id of ids) {
    const address = id === "alarms" ? "/alarms" : document.getElementById(id)?.dataset.liveFrom;
    if (address) addresses.set(address, [...(addresses.get(address) || []), id]);
  }
  for (const [address, wanted] of addresses) {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html", "X-By-Itself": "1" } });
      if (!answer.ok || answer.redirected) continue;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of wanted) await put(id, fresh.getElementById(id));
    } catch {
      // No connection at the moment: when it is back, what was missed is told.
    }
  }
  settle = waiting.size ? window.setTimeout(readAgain, SETTLE_MS) : 0;
}

async function put(id, fresh) {
  const old = document.getElementById(id);
  if (!old || !fresh || old.isEqualNode(fresh)) return;
  if (old.dataset.watch !== undefined) {
    // Not put in place under somebody's hands: only told that it changed.
    old.hidden = old.dataset.watch === fresh.dataset.watch;
    return;
  }
  const called = new Set((old.dataset.calls || "").split(" "));
  if (window.htmx && id !== "alarms") {
    await window.htmx.swap({ sourceElement: old, target: old, text: fresh.outerHTML, swap: "outerMorph" });
  } else {
    old.replaceWith(document.importNode(fresh, true));
  }
  if (id === "alarms") showAlarms(called);
}

// ---- alarms

function showAlarms(called) {
  const box = document.getElementById("alarms");
  const button = box?.querySelector("[data-alarm-sound]");
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(wantsSound()));
  }
  const calls = (box?.dataset.calls || "").split(" ").filter((id) => id && !called.has(id));
  if (calls.length && wantsSound()) ring();
}

function wantsSound() {
  try {
    return window.localStorage.getItem("tipline.alarm.sound") !== "off";
  } catch {
    return true;
  }
}

function ring() {
  // Browsers play nothing before the first click or key: then the banner has to do.
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  try {
    const audio = new AudioContext();
    const loudness = audio.createGain();
    loudness.connect(audio.destination);
    loudness.gain.value = 0.2;
    for (const [index, pitch] of [880, 660, 880, 660].entries()) {
      const tone = audio.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(loudness);
      tone.start(audio.currentTime + index * 0.25);
      tone.stop(audio.currentTime + index * 0.25 + 0.2);
    }
    window.setTimeout(() => audio.close(), 2000);
  } catch {
    // No sound on this device: the banner is there.
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-alarm-sound]");
  if (!button) return;
  const isOn = !wantsSound();
  try {
    window.localStorage.setItem("tipline.alarm.sound", isOn ? "on" : "off");
  } catch {
    // Storage is forbidden: the sound stays on.
  }
  button.setAttribute("aria-pressed", String(wantsSound()));
  if (isOn) ring();
});

// ---- begin

channel?.addEventListener("message", ({ data }) => {
  if (data.data) hear(data.data);
  else if (data.since && isLeading) {
    channel.postMessage({ data: hasLine ? "open" : "lost" });
    for (const [moment, what] of heard) if (moment >= data.since) channel.postMessage({ data: what });
  }
});
if (channel && navigator.locks) {
  navigator.locks.request(NAME, () => {
    lead();
    return new Promise(() => {}); // held until the tab is closed
  });
  if (!isLeading) channel.postMessage({ since: Math.floor(performance.timeOrigin) - 2000 });
} else {
  lead();
}
window.setInterval(() => {
  if (document.getElementById("alarms")?.dataset.calls && wantsSound()) ring();
}, RING_MS);
window.setInterval(() => {
  if (!hasLine && !isOver) hear("everything");
}, POLL_MS);
showAlarms(new Set());
