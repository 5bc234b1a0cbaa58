// Which cell is active and which block is chosen around it. The one field of the grid lies in the active cell and has the focus:
// what is typed, composed, copied or pasted arrives there.
export class Selection {
  constructor(view, sheet, field) {
    Object.assign(this, { view, sheet, field, row: 0, column: 0, otherRow: 0, otherColumn: 0 });
    this.park = field.parentElement;
    this.listeners = [];
    view.onLeave = (index) => index === this.row && this.#parked();
    view.onEnter = (index) => this.#paintRow(index);
  }

  onMove(listener) {
    this.listeners.push(listener);
  }

  get unit() {
    return this.sheet.shown[this.row];
  }

  // True where a change is about the active cell, or may be.
  concerned(records) {
    const { unit, place } = this;
    const headers = unit ? [place, ...(place.parts ?? [])].map((one) => one.header) : [];
    return unit && (!records.length || records.some((one) => one.unit === unit.id && headers.includes(one.header)));
  }

  get place() {
    return this.sheet.columns[this.column];
  }

  get block() {
    const rows = [this.row, this.otherRow].sort((one, other) => one - other);
    const columns = [this.column, this.otherColumn].sort((one, other) => one - other);
    return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
  }

  // The cells of the block, row by row.
  *cells() {
    const { top, bottom, left, right } = this.block;
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        yield { row, column, unit: this.sheet.shown[row], place: this.sheet.columns[column] };
      }
    }
  }

  get single() {
    return this.row === this.otherRow && this.column === this.otherColumn;
  }

  // Go to a cell; with `extend` the block reaches from the active cell to it. `before` is called first: what is typed is kept.
  go(row, column, { extend = false, focus = true } = {}) {
    const most = this.sheet.shown.length - 1;
    if (most < 0) {
      return;
    }
    this.before?.();
    const [toRow, toColumn] = [clamp(row, most), clamp(column, this.sheet.columns.length - 1)];
    this.#unpaint();
    [this.otherRow, this.otherColumn] = [toRow, toColumn];
    if (!extend) {
      [this.row, this.column] = [toRow, toColumn];
    }
    this.view.reveal(toRow, toColumn);
    this.#settle(focus);
    this.listeners.forEach((listener) => listener());
  }

  // Where Shift+arrow goes on from: the corner of the block that moves.
  get corner() {
    return [this.otherRow, this.otherColumn];
  }

  // Bring the active cell back into sight, with the field in it.
  reveal() {
    this.view.reveal(this.row, this.column);
    this.#settle(true);
  }

  get parked() {
    return this.field.parentElement === this.park;
  }

  #settle(focus) {
    const cell = this.view.cell(this.row, this.column);
    if (cell && this.field.parentElement !== cell) {
      cell.append(this.field);
    }
    for (const index of this.view.rows.keys()) {
      this.#paintRow(index);
    }
    this.#paintHeads();
    if (focus) {
      this.field.focus({ preventScroll: true });
    }
  }

  // The active row leaves the document: the field waits outside and keeps the focus.
  #parked() {
    const had = document.activeElement === this.field;
    this.park.append(this.field);
    if (had) {
      this.field.focus({ preventScroll: true });
    }
  }

  #unpaint() {
    const { top, bottom, left, right } = this.block;
    for (const [index, row] of this.view.rows) {
      row.cells[0].classList.remove("sheet-unit--active");
      if (index >= top && index <= bottom) {
        for (let column = left; column <= right; column += 1) {
          row.cells[column + 1].classList.remove("sheet-cell--active", "sheet-cell--chosen");
          row.cells[column + 1].setAttribute("aria-selected", "false");
        }
      }
    }
  }

  #paintRow(index) {
    const { top, bottom, left, right } = this.block;
    const row = this.view.rows.get(index);
    if (!row || index < top || index > bottom) {
      return;
    }
    for (let column = left; column <= right; column += 1) {
      row.cells[column + 1].setAttribute("aria-selected", "true");
      row.cells[column + 1].classList.toggle("sheet-cell--chosen", !this.single);
    }
    if (index === this.row) {
      row.cells[0].classList.add("sheet-unit--active");
      row.cells[this.column + 1].classList.add("sheet-cell--active");
      if (this.parked) {
        row.cells[this.column + 1].append(this.field);
      }
    }
  }

  #paintHeads() {
    for (const head of this.view.table.tHead.querySelectorAll("[data-place]")) {
      const place = Number(head.dataset.place);
      const within = this.column >= place && this.column < place + Number(head.dataset.span);
      head.classList.toggle("sheet-head--active", within && !head.classList.contains("sheet-root"));
    }
  }
}

const clamp = (value, most) => Math.max(0, Math.min(most, value));
