// The review page: step by frame, zoom and move, put the moment on the stage into forms, draw a crop. All of it has a
// button or a field as well; without this script the page shows stills and the browser's own player.
import { keysAreOn, listenToKeys, rememberKeys } from "./keys.js";

const root = document.querySelector("[data-review]");
const LARGEST = 8;
const ZOOM = 1.5;
const HALF = 0.5;

function words(ms) {
  const pad = (number, places) => String(number).padStart(places, "0");
  const whole = Math.max(0, Math.round(ms));
  const seconds = Math.floor(whole / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const begin = hours ? `${hours}:${pad(minutes, 2)}` : `${minutes}`;
  return `${begin}:${pad(seconds % 60, 2)}.${pad(whole % 1000, 3)}`;
}

if (root) {
  const stage = root.querySelector("[data-stage]");
  const inner = root.querySelector("[data-inner]");
  const film = root.querySelector("[data-film]");
  const boxes = root.querySelector("[data-boxes]");
  const peek = root.querySelector("[data-peek]");
  const now = root.querySelector("[data-now]");
  const frameS = 1 / Number(root.dataset.frameRate);
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const view = { scale: 1, x: 0, y: 0 };
  let shownMs = film ? Number(film.dataset.start) : 0;
  let isDrawing = false;

  // ---- where we are
  function tell(ms) {
    shownMs = Math.round(ms);
    if (now) now.textContent = words(shownMs);
    for (const group of boxes ? boxes.querySelectorAll("[data-at]") : []) {
      // A box belongs to its own frame: at any other moment it would lie beside what it names.
      const isHere = !film || Math.abs(Number(group.dataset.at) - shownMs) <= frameS * 1000 * HALF;
      group.toggleAttribute("hidden", !isHere);
      group.style.display = isHere ? "" : "none";
    }
    const shown = document.querySelector("[data-true-time]");
    if (shown && film) {
      const at = Number(shown.dataset.trueAt) * 1000 + shownMs - Number(shown.dataset.trueAtMs);
      const isEnglish = root.dataset.lang === "en";
      const moment = new Intl.DateTimeFormat(isEnglish ? "en-GB" : "zh-CN", {
        dateStyle: isEnglish ? "medium" : "long",
        timeStyle: "medium",
        timeZone: "Asia/Shanghai",
      }).format(new Date(at));
      shown.textContent = isEnglish ? `${moment} (UTC+8)` : moment;
    }
  }

  function follow() {
    if (!film.requestVideoFrameCallback) {
      film.addEventListener("timeupdate", () => tell(film.currentTime * 1000));
      return;
    }
    // The frame's own time, not the player's: that is the frame a marker keeps.
    const each = (_, frame) => {
      tell(frame.mediaTime * 1000);
      film.requestVideoFrameCallback(each);
    };
    film.requestVideoFrameCallback(each);
  }

  function goTo(ms) {
    film.pause();
    // Into the frame, not onto its edge: browsers round either way there.
    film.currentTime = Math.max(0, Math.min(ms / 1000 + frameS / 4, film.duration || Infinity));
  }

  function step(frames) {
    film.pause();
    const place = Math.floor(film.currentTime / frameS + 1e-6) + frames;
    film.currentTime = Math.max(0, Math.min((place + HALF) * frameS, film.duration || Infinity));
  }

  function jump(seconds) {
    film.currentTime = Math.max(0, Math.min(film.currentTime + seconds, film.duration || Infinity));
  }

  // ---- zoom and move
  function place() {
    const reach = (view.scale - 1) / (2 * view.scale);
    view.x = Math.max(-reach, Math.min(reach, view.x));
    view.y = Math.max(-reach, Math.min(reach, view.y));
    inner.style.transform = `scale(${view.scale}) translate(${view.x * 100}%, ${view.y * 100}%)`;
    stage.classList.toggle("is-zoomed", view.scale > 1);
    if (film) film.controls = view.scale === 1;
  }

  function zoom(factor) {
    view.scale = Math.max(1, Math.min(LARGEST, view.scale * factor));
    place();
  }

  function move(x, y) {
    view.x += x / view.scale;
    view.y += y / view.scale;
    place();
  }

  // ---- forms
  function field(selector) {
    return document.querySelector(selector);
  }

  function put(selector, value) {
    for (const one of document.querySelectorAll(selector)) one.value = value;
  }

  function mark() {
    put("[data-moment]", words(shownMs));
    field("[data-note]")?.focus();
  }

  function deeds(name) {
    const known = {
      previous: () => film && step(-1),
      next: () => film && step(1),
      back: () => film && jump(-5),
      on: () => film && jump(5),
      play: () => film && (film.paused ? film.play() : film.pause()),
      closer: () => zoom(ZOOM),
      farther: () => zoom(1 / ZOOM),
      whole: () => zoom(0),
      left: () => move(0.2, 0),
      right: () => move(-0.2, 0),
      up: () => move(0, 0.2),
      down: () => move(0, -0.2),
      mark,
      from: () => film && put("[data-clip-from]", words(shownMs)),
      to: () => film && put("[data-clip-to]", words(shownMs)),
      draw: () => {
        isDrawing = true;
        stage.classList.add("is-drawing");
        stage.scrollIntoView({ block: "nearest" });
      },
      earlier: () => field('[data-key-link="["]')?.click(),
      later: () => field('[data-key-link="]"]')?.click(),
    };
    return known[name];
  }

  // ---- drag: move the enlarged picture, or draw the crop
  let begun = null;
  function onPicture(event) {
    const shown = inner.getBoundingClientRect();
    const part = (at, from, length) => Math.max(0, Math.min(1, (at - from) / length));
    return { x: part(event.clientX, shown.left, shown.width), y: part(event.clientY, shown.top, shown.height) };
  }
  stage?.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (!isDrawing && view.scale === 1)) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    begun = { ...onPicture(event), clientX: event.clientX, clientY: event.clientY };
  });
  stage?.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const here = onPicture(event);
    if (isDrawing) {
      const percent = (value) => (Math.floor(value * 10_000) / 100).toFixed(2);
      put('[data-side="left"]', percent(Math.min(begun.x, here.x)));
      put('[data-side="top"]', percent(Math.min(begun.y, here.y)));
      put('[data-side="width"]', percent(Math.abs(here.x - begun.x)));
      put('[data-side="height"]', percent(Math.abs(here.y - begun.y)));
      put("[data-moment]", words(shownMs));
    } else {
      move((event.clientX - begun.clientX) / inner.offsetWidth, (event.clientY - begun.clientY) / inner.offsetHeight);
      begun = { ...begun, clientX: event.clientX, clientY: event.clientY };
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage?.addEventListener(end, () => {
      if (begun && isDrawing) {
        isDrawing = false;
        stage.classList.remove("is-drawing");
        field('[data-side="left"]')?.focus();
      }
      begun = null;
    });
  }

  // ---- the strip
  for (const link of document.querySelectorAll("a[data-at]")) {
    link.addEventListener("click", (event) => {
      if (!film || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      goTo(Number(link.dataset.at));
      stage.scrollIntoView({ block: "nearest" });
      if (!link.dataset.frame) return;
      fetch(root.dataset.seen + link.dataset.frame, { method: "POST", headers: { "X-CSRF-Token": token } }).then((answer) => {
        if (!answer.ok) return;
        link.parentElement.classList.add("seen");
        const tag = link.querySelector("[data-seen-mark]");
        tag.hidden = false;
        tag.classList.add("ok");
      });
    });
    if (!link.dataset.frame || !peek) continue;
    const look = () => {
      peek.src = link.querySelector("img").src;
      peek.hidden = false;
    };
    const leave = () => {
      peek.hidden = true;
    };
    link.addEventListener("mouseenter", look);
    link.addEventListener("mouseleave", leave);
    link.addEventListener("focus", look);
    link.addEventListener("blur", leave);
  }

  // ---- buttons, switches, keys
  document.addEventListener("click", (event) => deeds(event.target.closest("[data-do]")?.dataset.do)?.());
  for (const one of document.querySelectorAll("[data-controls], [data-do='draw']")) one.hidden = !stage;
  root.querySelector("[data-speed]")?.addEventListener("change", (event) => {
    film.playbackRate = Number(event.target.value);
  });
  root.querySelector("[data-show-boxes]")?.addEventListener("change", (event) => {
    boxes?.classList.toggle("is-off", !event.target.checked);
  });
  const switched = root.querySelector("[data-use-keys]");
  if (switched) {
    switched.checked = keysAreOn();
    switched.addEventListener("change", () => rememberKeys(switched.checked));
  }
  listenToKeys({
    ",": "previous", ".": "next", "Shift+ArrowLeft": "back", "Shift+ArrowRight": "on", " ": "play", "+": "closer",
    "=": "closer", "-": "farther", "−": "farther", m: "mark", i: "from", o: "to", "[": "earlier", "]": "later",
  }, (name) => deeds(name)());
  boxes?.removeAttribute("hidden");
  if (film) {
    follow();
    const begin = () => goTo(Number(film.dataset.start));
    if (Number(film.dataset.start) > 0) {
      if (film.readyState >= 1) begin();
      else film.addEventListener("loadedmetadata", begin, { once: true });
    }
  }
  tell(shownMs);
}
