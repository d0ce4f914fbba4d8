// Single keys, as WCAG 2.1.4 asks for them: at rest while someone types or composes Chinese, and switched off for good
// by whoever wants that.
const KEPT_AS = "tipline-keys";

export function keysAreOn() {
  return localStorage.getItem(KEPT_AS) !== "off";
}

export function rememberKeys(isOn) {
  localStorage.setItem(KEPT_AS, isOn ? "on" : "off");
}

function isTyping(event) {
  const at = event.target;
  // 229 is what browsers report for keys that an input method still holds.
  if (event.isComposing || event.keyCode === 229) return true;
  return at.isContentEditable || (at.matches("input, textarea, select") && !at.matches("[type=checkbox], [type=radio]"));
}

// `keys` gives each key, with "Shift+" before it where Shift is held, the name of a deed.
export function listenToKeys(keys, deed) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTyping(event) || !keysAreOn()) return;
    // The space bar presses what has the focus; a film has it for itself.
    if (event.key === " " && event.target.matches("button, a, summary, input")) return;
    const single = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = keys[event.shiftKey ? `Shift+${event.key}` : single] ?? keys[single];
    if (!name || (event.shiftKey && event.key.startsWith("Arrow") && !keys[`Shift+${event.key}`])) return;
    if (event.key.startsWith("Arrow") && !event.shiftKey) return;
    event.preventDefault();
    deed(name);
  }, true);
}
