// What was done to cells, to be undone and done again. Undoing saves the former text as a new version: nothing is erased.
//
// A cell goes back only while it says what the act left in it: what somebody else saved since is never written over. Where a
// conflict was settled with mine, one step back is theirs; one that is not settled yet goes back to theirs, too.
const MOST = 200;

export class History {
  constructor(sheet, saving) {
    Object.assign(this, { sheet, saving, done: [], undone: [] });
    this.listeners = [];
    sheet.onChosen((record, which) => this.#chosen(record, which));
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  // Put texts into cells as one act; how many changed.
  act(changes) {
    const acted = this.#put(changes.map((one) => ({ ...one, from: this.#text(one) })));
    if (acted.length) {
      this.done.push(acted);
      this.done.splice(0, Math.max(0, this.done.length - MOST));
      this.undone = [];
    }
    this.#told();
    return acted.length;
  }

  undo() {
    return this.#back("done", "undone");
  }

  redo() {
    return this.#back("undone", "done");
  }

  // The last act turned round: the cells that went back, and how many did not, for they say something else by now.
  #back(source, target) {
    const act = this[source].pop();
    if (!act) {
      return null;
    }
    const still = act.filter((one) => this.#text(one) === one.left);
    const contested = still.filter((one) => this.#record(one)?.status === "conflict");
    contested.forEach((one) => this.sheet.choose(this.#record(one), "theirs"));
    const turned = still.filter((one) => !contested.includes(one)).map((one) => ({ ...one, from: one.to, to: one.from }));
    const cells = this.#put(turned);
    if (cells.length) {
      this[target].push(cells);
    }
    this.#told();
    const back = [...contested, ...cells];
    return { cells: back, passed: act.length - back.length };
  }

  // Put texts into the cells that are still open, and note what each of them says then.
  #put(changes) {
    const acted = changes.filter((one) => this.sheet.editable(one.unit, one.place));
    const changed = acted.filter((one) => this.sheet.put(one.unit, one.place, one.to, one.reason ?? null));
    if (changed.length) {
      this.saving.soon();
    }
    return changed.map((one) => ({ ...one, left: this.#text(one) }));
  }

  #record(one) {
    return this.sheet.record(one.unit.id, one.place.header);
  }

  #text(one) {
    return this.sheet.text(one.unit.id, one.place.header);
  }

  // A conflict was settled: what this cell said before it was typed into is no longer what would come back.
  #chosen(record, which) {
    const here = (one) => one.unit.id === record.unit && [one.place, ...(one.place.parts ?? [])].some((place) => place.header === record.header);
    const last = which === "mine" && this.done.flat().findLast((one) => here(one) && one.place.header === record.header);
    if (last) {
      last.from = record.base;
    }
    const kept = (acts) => acts.map((act) => act.filter((one) => one === last || !here(one))).filter((act) => act.length);
    this.done = kept(this.done);
    this.undone = kept(this.undone);
    this.#told();
  }

  #told() {
    this.listeners.forEach((listener) => listener());
  }
}
