// Two people, one cell: what stood, what somebody else saved and when, what was typed here. Both stay until one is chosen.
import { placeBeside } from "./beside.js";
import { make, verbatim } from "./elements.js";
import { say } from "./words.js";

export class Conflicts {
  constructor(grid, box) {
    Object.assign(this, grid, { box });
    this.selection.onMove(() => this.show());
    this.sheet.onChange((records) => this.selection.concerned(records) && this.show());
    this.editing.onType(() => this.#hide());
    this.view.scroller.addEventListener("scroll", () => this.#place(), { passive: true });
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("click", (event) => this.#click(event));
  }

  get record() {
    const { unit, place } = this.selection;
    const found = unit && this.sheet.record(unit.id, place.header);
    return found?.status === "conflict" ? found : null;
  }

  // The box beside the active cell, where that is in conflict.
  show() {
    const { record } = this;
    if (!record || this.editing.mode !== "rest") {
      this.#hide();
      return;
    }
    const named = `${record.unit}:${record.header}:${record.theirs.version}:${record.text}`;
    if (this.box.hidden || this.box.dataset.about !== named) {
      this.box.dataset.about = named;
      this.#fill(record);
    }
    this.box.hidden = false;
    this.#place();
  }

  #fill(record) {
    const { theirs } = record;
    const label = this.selection.place.parts?.find((part) => part.header === record.header)?.label ?? "";
    this.box.querySelector("[data-part=which]").textContent = label;
    const by = theirs.by || say("somebody");
    const rows = [
      [say("conflict.base"), record.base || say("state.none"), ""],
      [say("conflict.theirs", { by }), theirs.text || say("state.none"), [theirs.at, theirs.reason].filter(Boolean).join(say("comma"))],
      [say("conflict.mine"), record.text || say("state.none"), say("conflict.unsaved")],
    ];
    this.box.querySelector("[data-part=rows]").replaceChildren(
      ...rows.map(([name, text, note]) =>
        make("div", {}, make("dt", { translate: "no" }, name), make("dd", {}, make("b", { translate: "no" }, text), make("span", { translate: "no" }, note))),
      ),
    );
    const worded = (name, text) => say(name, { by, text: text || say("state.none") });
    this.box.querySelector("[data-choose=theirs]").replaceChildren(verbatim(worded("conflict.take", theirs.text)));
    this.box.querySelector("[data-choose=mine]").replaceChildren(verbatim(worded("conflict.keep", record.text)));
  }

  #place() {
    const cell = this.view.cell(this.selection.row, this.selection.column);
    if (!this.box.hidden && cell) {
      placeBeside(this.box, cell, this.view);
    }
  }

  #hide() {
    this.box.hidden = true;
  }

  focus() {
    if (!this.record) {
      return false;
    }
    this.box.querySelector("button").focus();
    return true;
  }

  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.selection.reveal();
    }
  }

  #click(event) {
    const which = event.target.closest("[data-choose]")?.dataset.choose;
    const { record } = this;
    if (!which || !record) {
      return;
    }
    if (which === "later") {
      this.#hide();
    } else {
      this.sheet.choose(record, which);
      this.saving.soon(0);
      this.notices.tell(say(`conflict.chose.${which}`));
    }
    this.selection.reveal();
  }
}
