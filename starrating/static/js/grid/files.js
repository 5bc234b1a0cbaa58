// The evidence of the active cell's indicator in a dialog over the grid: its files, pictures in place, more of them by choosing or
// dragging. What was typed stays where it is: nothing is left for it.
import { prepare } from "../evidence.js";
import { ask, part } from "./dialogs.js";
import { make } from "./elements.js";
import { say } from "./words.js";

export class Files {
  constructor(grid, dialog, changed) {
    Object.assign(this, grid, { dialog });
    dialog.addEventListener("evidence", changed);
  }

  async show() {
    const { unit, place } = this.selection;
    if (!unit) {
      return;
    }
    this.choosing.editor.commit();
    this.editing.commit();
    const asked = ask(this.dialog, (dialog) => {
      part(dialog, "about").textContent = `${unit.name}${say("comma")}${place.code} ${place.name}`;
      part(dialog, "asked").textContent = place.evidence || say("evidence.none");
      part(dialog, "panel").replaceChildren(make("p", { className: "note" }, say("files.reading")));
    });
    await this.#fill(unit, place);
    await asked;
    this.selection.reveal();
  }

  async #fill(unit, place) {
    const address = this.connection.addresses.files.replace("UNIT", unit.id);
    const facts = new URLSearchParams({ indicator: place.code, next: location.pathname + location.search });
    const answer = await fetch(`${address}?${facts}`, { headers: { Accept: "text/html" }, redirect: "manual", cache: "no-store" }).catch(() => null);
    const panel = part(this.dialog, "panel");
    if (!answer?.ok) {
      panel.replaceChildren(make("p", { role: "alert" }, say(answer?.type === "opaqueredirect" ? "files.signin" : "files.failed")));
      return;
    }
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel.replaceChildren(...read.body.children);
    prepare(panel);
  }
}
