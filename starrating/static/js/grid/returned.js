// Why the district returned the active cell, in a note beside it; the bar above says it to screen readers.
import { placeBeside } from "./beside.js";
import { part } from "./dialogs.js";

export class Returned {
  constructor(grid, box) {
    Object.assign(this, grid, { box });
    this.selection.onMove(() => this.show());
    this.sheet.onChange((records) => this.selection.concerned(records) && this.show());
    this.editing.onType(() => this.show());
    this.choosing.onTurn(() => this.show());
    this.view.scroller.addEventListener("scroll", () => this.#place(), { passive: true });
  }

  show() {
    const { unit, place } = this.selection;
    const here = unit && this.editing.mode === "rest" && !this.editing.opened() && this.sheet.returned(unit.id, place.header);
    this.box.hidden = !here;
    if (here) {
      part(this.box, "why").textContent = this.sheet.review(unit.id, place.header)[1];
      this.#place();
    }
  }

  #place() {
    const cell = this.view.cell(this.selection.row, this.selection.column);
    if (!this.box.hidden && cell) {
      placeBeside(this.box, cell, this.view);
    }
  }
}
