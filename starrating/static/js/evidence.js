// Evidence is sent file by file, with how far each is: what is chosen or dragged onto the panel. The list is read anew afterwards,
// pictures open in place. Without this script the forms send and the page answers.
const LARGEST_SHOWN = 100;

function item(list, name, words) {
  const line = document.createElement("li");
  const text = document.createElement("span");
  const shown = document.createElement("span");
  shown.translate = false;
  shown.textContent = name;
  text.append(shown);
  const state = document.createElement("span");
  state.className = "tag tag--now";
  state.textContent = words.sending;
  line.append(text, state);
  list.append(line);
  return { line, text, state };
}

function settle(entry, kind, word, why, colon) {
  entry.state.className = `tag tag--${kind}`;
  entry.state.textContent = word;
  if (why) {
    entry.line.classList.add("file--refused");
    entry.text.append(`${colon}${why}`);
  }
}

function send(form, words, file, entry) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData(form);
    body.delete("files");
    body.append("files", file, file.name);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) {
        const share = Math.floor((LARGEST_SHOWN * event.loaded) / event.total);
        entry.state.textContent = `${words.sending} ${share}%`;
      }
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      const told = answer && answer.files && answer.files[0];
      if (told && told.id) {
        settle(entry, "ok", words.done, "", "");
      } else {
        settle(entry, "err", words.refused, (told && told.error) || (answer && answer.detail) || words.lost, words.colon);
      }
      resolve(Boolean(told && told.id));
    });
    const lost = () => {
      settle(entry, "err", words.refused, words.lost, words.colon);
      resolve(false);
    };
    request.addEventListener("error", lost);
    request.addEventListener("abort", lost);
    request.send(body);
  });
}

// What stands now. Where it cannot be read, the states of what was sent still say it.
async function refresh(panel) {
  const answer = panel.dataset.panel ? await fetch(panel.dataset.panel, { cache: "no-store" }).catch(() => null) : null;
  if (answer?.ok && !answer.redirected) {
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel.querySelector("[data-evidence-files]").replaceWith(read.querySelector("[data-evidence-files]"));
  } else {
    panel.querySelector(".files-none")?.remove();
  }
  panel.dispatchEvent(new CustomEvent("evidence", { bubbles: true }));
}

function sending(panel, input) {
  const list = panel.querySelector("[data-evidence-states]");
  let busy = false;
  return async (files) => {
    if (busy || !files.length) {
      return;
    }
    busy = true;
    let kept = false;
    for (const file of files) {
      // One after the other: a slow line carries one file at a time, and each has its own answer.
      kept = (await send(input.form, panel.dataset, file, item(list, file.name, panel.dataset))) || kept;
    }
    input.value = "";
    busy = false;
    if (kept) {
      await refresh(panel);
    }
  };
}

function accepting(panel, input) {
  const begin = sending(panel, input);
  // What was chosen is sent at once, so there is nothing left to press.
  panel.querySelector("[data-evidence-send]").hidden = true;
  input.addEventListener("change", () => begin([...input.files]));
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    panel.addEventListener(name, (event) => {
      if (event.dataTransfer?.types.includes("Files")) {
        event.preventDefault();
        panel.classList.toggle("evidence--over", name !== "drop" && name !== "dragleave");
        if (name === "drop") {
          begin([...event.dataTransfer.files]);
        }
      }
    });
  }
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin([...input.files]);
  });
}

// A picture in its line, and away again.
function preview(event) {
  const link = event.target.closest("a[data-preview]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  const line = link.closest("li");
  const shown = line.querySelector(".evidence-large");
  if (shown) {
    shown.remove();
    return;
  }
  const picture = document.createElement("img");
  picture.className = "evidence-large";
  picture.src = link.href;
  picture.alt = line.querySelector(".evidence-name").textContent;
  line.append(picture);
}

// Over the page of somebody who works elsewhere: taking a file away leaves them where they are.
async function remove(event) {
  const form = event.target;
  if (!form.closest("dialog") || !form.closest(".evidence-remove")) {
    return;
  }
  event.preventDefault();
  const panel = form.closest("[data-evidence]");
  const headers = { Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
  if (answer?.ok) {
    await refresh(panel);
    return;
  }
  const told = answer ? await answer.json().catch(() => ({})) : {};
  const entry = item(panel.querySelector("[data-evidence-states]"), form.elements.reason.value, panel.dataset);
  settle(entry, "err", panel.dataset.refused, told.detail || panel.dataset.lost, panel.dataset.colon);
}

export function prepare(root) {
  for (const panel of root.querySelectorAll("[data-evidence]")) {
    const input = panel.querySelector('input[type="file"]');
    panel.addEventListener("click", preview);
    panel.addEventListener("submit", remove);
    if (input) {
      accepting(panel, input);
    }
  }
}

prepare(document);
