// The mouse: a press chooses a cell, dragging or Shift a block, a second press on the active cell or a double one edits.
export class Mouse {
  constructor(grid) {
    Object.assign(this, grid, { dragging: false });
    this.view.scroller.addEventListener("pointerdown", (event) => this.#down(event));
    this.view.scroller.addEventListener("pointermove", (event) => this.#move(event));
    window.addEventListener("pointerup", () => (this.dragging = false));
    this.view.scroller.addEventListener("dblclick", (event) => this.#open(event));
  }

  // The row and column of the cell under the pointer.
  #at(event) {
    const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("td.sheet-cell");
    const row = cell && [...this.view.rows].find(([, one]) => one === cell.parentElement);
    return row ? [row[0], cell.cellIndex - 1] : null;
  }

  #down(event) {
    const at = this.#at(event);
    if (!at || event.button !== 0) {
      return;
    }
    const open = this.editing.opened();
    const same = at[0] === this.selection.row && at[1] === this.selection.column && !event.shiftKey;
    if (same && this.editing.mode !== "rest") {
      return;
    }
    event.preventDefault();
    this.dragging = true;
    this.selection.go(...at, { extend: event.shiftKey });
    if (same && this.selection.place.kind !== "number" && !open) {
      this.choosing.show();
    }
  }

  #move(event) {
    if (!this.dragging || event.buttons !== 1) {
      return;
    }
    const at = this.#at(event);
    if (at && (at[0] !== this.selection.otherRow || at[1] !== this.selection.otherColumn)) {
      this.selection.go(...at, { extend: true });
    }
  }

  #open(event) {
    if (this.#at(event) && this.editing.editable && !this.choosing.show()) {
      this.editing.edit();
    }
  }
}
