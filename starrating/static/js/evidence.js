// Evidence is sent file by file, with how far each is; without this script the form sends them all and the page answers.
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

function send(form, file, entry) {
  const words = form.dataset;
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
        form.parentElement.querySelector(".files-none")?.remove();
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

for (const form of document.querySelectorAll("[data-evidence]")) {
  const input = form.querySelector('input[type="file"]');
  const list = form.parentElement.querySelector("[data-evidence-states]");
  const button = form.querySelector("button");
  // What was chosen is sent at once, so there is nothing left to press.
  button.hidden = true;
  let busy = false;
  const begin = async () => {
    if (busy || !input.files.length) {
      return;
    }
    busy = true;
    for (const file of [...input.files]) {
      // One after the other: a slow line carries one file at a time, and each has its own answer.
      await send(form, file, item(list, file.name, form.dataset));
    }
    input.value = "";
    busy = false;
  };
  input.addEventListener("change", begin);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
}
