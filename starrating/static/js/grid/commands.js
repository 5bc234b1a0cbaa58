// What one can do to the chosen cells besides typing: blank, fill down, not applicable, reasons, undo, the next problem.
import { ask, part } from "./dialogs.js";
import { AWAY } from "./away.js";
import { say } from "./words.js";

export class Commands {
  constructor(grid, dialog) {
    Object.assign(this, grid, { dialog });
  }

  blank() {
    this.#set([...this.selection.cells()].map(({ unit, place }) => ({ unit, place, to: "" })));
  }

  // The first row of the block into all others; a single cell takes what is above it.
  fillDown() {
    const { top, bottom, left, right } = this.selection.block;
    const from = top === bottom ? top - 1 : top;
    if (from < 0) {
      return;
    }
    const changes = [];
    for (let row = from + 1; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) {
        const place = this.sheet.columns[column];
        changes.push({ unit: this.sheet.shown[row], place, to: this.sheet.text(this.sheet.shown[from].id, place.header) });
      }
    }
    this.#set(changes);
  }

  // Not applicable is said of a whole indicator, in all cells of its period.
  away() {
    const changes = new Map();
    let refused = 0;
    for (const { unit, place } of this.selection.cells()) {
      if (!place.excludes) {
        refused += 1;
        continue;
      }
      const cells = place.parts ? [place] : this.sheet.siblings(place).filter((sibling) => sibling.period === place.period);
      for (const one of cells) {
        changes.set(`${unit.id}:${one.header}`, { unit, place: one, to: AWAY });
      }
    }
    if (refused) {
      this.notices.tell(say("away.refused"));
    }
    this.#set([...changes.values()]);
  }

  #set(changes) {
    if (changes.length && !changes.some((one) => this.sheet.editable(one.unit, one.place))) {
      this.notices.tell(say("locked.told"));
      return;
    }
    this.history.act(changes);
    this.editing.show();
  }

  undo() {
    this.#told(this.history.undo(), "undone");
  }

  redo() {
    this.#told(this.history.redo(), "redone");
  }

  // Go to where something was undone, so that one sees it.
  #told(found, done) {
    if (!found) {
      this.notices.tell(say(`${done}.none`));
      return;
    }
    const [first] = found.cells;
    const row = first ? this.sheet.shown.indexOf(first.unit) : -1;
    if (row >= 0) {
      this.selection.go(row, this.sheet.places.get(first.place.header));
    }
    const said = found.passed === 0 ? done : first ? `${done}.some` : `${done}.passed`;
    this.notices.tell(say(said, { count: found.cells.length, passed: found.passed }));
  }

  async reason() {
    if (!this.editing.editable) {
      this.notices.tell(say("locked.told"));
      return;
    }
    this.editing.commit();
    const { unit, place } = this.selection;
    const record = this.sheet.record(unit.id, place.header);
    const answer = await ask(this.dialog, (dialog) => {
      part(dialog, "about").textContent = `${unit.name}${say("comma")}${place.code} ${place.name}`;
      part(dialog, "reason").value = record?.reason ?? "";
    });
    this.selection.reveal();
    const reason = part(this.dialog, "reason").value.trim();
    if (answer !== "save" || !reason) {
      return;
    }
    const waiting = this.sheet.siblings(place).filter((one) => this.sheet.record(unit.id, one.header));
    const named = waiting.some((one) => one.header === place.header) || (place.parts && waiting.length);
    const cells = named ? waiting : [...waiting, ...(place.parts ?? [place])];
    this.history.act(cells.map((one) => ({ unit, place: one, to: this.sheet.text(unit.id, one.header), reason })));
    this.editing.show();
  }

  // The next cell that needs somebody, row by row from the active one on; where there is none, the next empty one.
  problem(step) {
    const { sheet, selection } = this;
    const wrong = (row, column) => sheet.needs(sheet.shown[row].id, sheet.columns[column].header);
    const empty = (row, column) => sheet.blank(sheet.shown[row], sheet.columns[column]);
    const found = this.#next(step, wrong) ?? this.#next(step, empty);
    if (!found) {
      this.notices.tell(say("problem.none"));
      return;
    }
    selection.go(...found);
  }

  #next(step, wanted) {
    const width = this.sheet.columns.length;
    const all = this.sheet.shown.length * width;
    const from = this.selection.row * width + this.selection.column;
    for (let gone = 1; gone <= all; gone += 1) {
      const at = (from + step * gone + all * 2) % all;
      const [row, column] = [Math.floor(at / width), at % width];
      if (wanted(row, column)) {
        return [row, column];
      }
    }
    return null;
  }
}
