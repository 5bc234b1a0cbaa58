// Pictures of charts: what can be clicked in one is a single stop of the Tab key, and the arrow keys walk through it.
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function walk(group) {
  const links = [...group.querySelectorAll("a")];
  let at = 0;
  links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  group.setAttribute("aria-label", group.dataset.targets);
  const go = (place) => {
    links[at].setAttribute("tabindex", "-1");
    at = Math.max(0, Math.min(links.length - 1, place));
    links[at].setAttribute("tabindex", "0");
    links[at].focus();
  };
  group.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in STEPS) go(at + STEPS[event.key]);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(links.length - 1);
    else return;
    event.preventDefault();
  });
  group.addEventListener("focusin", (event) => {
    const place = links.indexOf(event.target.closest("a"));
    if (place >= 0 && place !== at) go(place);
  });
}

for (const group of document.querySelectorAll("[data-targets]")) walk(group);

// Says how many pictures are drawn while the others are; each appears by itself, with this script or without.
const progress = document.querySelector("[data-chart-progress]");
const pictures = [...document.querySelectorAll(".chart-drawn img")];

function tell() {
  const done = pictures.filter((picture) => picture.complete).length;
  const words = progress.dataset.chartProgress.replace("{done}", done).replace("{all}", pictures.length);
  progress.textContent = done < pictures.length ? words : "";
}

if (progress && pictures.some((picture) => !picture.complete)) {
  for (const picture of pictures) {
    picture.addEventListener("load", tell);
    picture.addEventListener("error", tell);
  }
  tell();
}
