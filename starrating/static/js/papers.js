// A report that is being made: its part of the page is asked for again until there is something to download.
const PAUSE = 1500;

async function follow(part) {
  const answer = await fetch(part.dataset.working, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById(part.id);
  if (!now) return;
  if (now.textContent !== part.textContent) part.replaceChildren(...now.childNodes);
  if (now.dataset.working) setTimeout(() => follow(part).catch(() => {}), PAUSE);
  else delete part.dataset.working;
}

for (const part of document.querySelectorAll("[data-working]")) {
  setTimeout(() => follow(part).catch(() => {}), PAUSE);
}
