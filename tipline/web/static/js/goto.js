// Single keys that go somewhere: G then T to the tips, G then C to the cases. Also tells other scripts when a key counts.
const WITHIN_MS = 1500;
let chord = 0;

// A key counts outside of what takes text, without Ctrl, Alt or Meta, and never while Chinese is being composed.
export function counts(event) {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return false;
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const place = event.target instanceof Element ? event.target : document.body;
  return !place.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]:not([contenteditable="false"])');
}

document.addEventListener("keydown", (event) => {
  if (!counts(event) || document.querySelector("dialog[open]")) return;
  if (document.getElementById("inbox")?.dataset.keys === "off") return;
  const key = event.key.toLowerCase();
  const goes = { t: "/inbox", c: "/cases" };
  if (event.timeStamp < chord && key in goes) {
    chord = 0;
    event.preventDefault();
    window.location.assign(goes[key]);
  } else {
    chord = key === "g" ? event.timeStamp + WITHIN_MS : 0;
  }
});
