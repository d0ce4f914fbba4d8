// Two videos side by side: step and play both together; without this script each has the browser's own player.
const sides = [...document.querySelectorAll("[data-side-of]")]
  .map((section) => ({ section, film: section.querySelector("video"), frameS: 1 / Number(section.dataset.frameRate) }))
  .filter((side) => side.film);

function step(side, frames) {
  side.film.pause();
  const place = Math.floor(side.film.currentTime / side.frameS + 1e-6) + frames;
  side.film.currentTime = Math.max(0, Math.min((place + 0.5) * side.frameS, side.film.duration || Infinity));
}

const deeds = {
  previous: () => sides.forEach((side) => step(side, -1)),
  next: () => sides.forEach((side) => step(side, 1)),
  play: () => {
    const isStill = sides.every((side) => side.film.paused);
    for (const side of sides) isStill ? side.film.play() : side.film.pause();
  },
};
const both = document.querySelector("[data-both]");
if (both && sides.length === 2) {
  both.hidden = false;
  both.addEventListener("click", (event) => deeds[event.target.closest("[data-both-do]")?.dataset.bothDo]?.());
}
for (const { section, film, frameS } of sides) {
  for (const link of section.querySelectorAll("a[data-at]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      film.pause();
      film.currentTime = Number(link.dataset.at) / 1000 + frameS / 4;
    });
  }
}
