// What was done to cells, to be undone and done again. Undoing saves the former text as a new version: nothing is erased.
const MOST = 200;

export class History {
  constructor(sheet, saving) {
    Object.assign(this, { sheet, saving, done: [], undone: [] });
    this.listeners = [];
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  // Put texts into cells as one act; how many changed.
  act(changes) {
    const acted = this.#put(changes.map((one) => ({ ...one, from: this.sheet.text(one.unit.id, one.place.header) })));
    if (acted.length) {
      this.done.push(acted);
      this.done.splice(0, Math.max(0, this.done.length - MOST));
      this.undone = [];
    }
    this.#told();
    return acted.length;
  }

  undo() {
    return this.#back(this.done, this.undone, ({ from, to, ...rest }) => ({ ...rest, from: to, to: from }));
  }

  redo() {
    return this.#back(this.undone, this.done, ({ from, to, ...rest }) => ({ ...rest, from: to, to: from }));
  }

  #back(source, target, turn) {
    const act = source.pop();
    if (!act) {
      return null;
    }
    const turned = act.map(turn);
    this.#put(turned);
    target.push(turned);
    this.#told();
    return turned;
  }

  #put(changes) {
    const acted = changes.filter((one) => this.sheet.editable(one.unit, one.place));
    const changed = acted.filter((one) => this.sheet.put(one.unit, one.place, one.to, one.reason ?? null));
    if (changed.length) {
      this.saving.soon();
    }
    return changed;
  }

  #told() {
    this.listeners.forEach((listener) => listener());
  }
}
