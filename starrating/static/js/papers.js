// Reports that are being made: their parts of the page are asked for again until there is something to download.
const PAUSE = 1500;
const LONGEST = 30000;

const working = () => [...document.querySelectorAll("[data-working]")];

// Where the keyboard stands in a part that is put in anew, it stays at that part.
function put(part, now) {
  if (now.textContent !== part.textContent) {
    const held = part.contains(document.activeElement);
    part.replaceChildren(...now.childNodes);
    if (held) {
      part.tabIndex = -1;
      part.focus({ preventScroll: true });
    }
  }
  if (!now.dataset.working) delete part.dataset.working;
}

// True where the page was read: a server that is started again or a line that is down is asked later.
async function read(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status >= 500 || answer.status === 429) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of working()) {
    const now = answer.ok && page.getElementById(part.id);
    if (now) put(part, now);
    else delete part.dataset.working;
  }
  return true;
}

async function follow(pause) {
  const [part] = working();
  if (!part) return;
  const heard = await read(part.dataset.working).catch(() => false);
  const next = heard ? PAUSE : Math.min(2 * pause, LONGEST);
  setTimeout(follow, next, next);
}

setTimeout(follow, PAUSE, PAUSE);
