// The keys of the grid. At rest they move and act; while a text is typed, most of them belong to the field. Keys that an input
// method uses for its own composition are left to it.
import { narrow } from "./words.js";

const DIGIT = /^[0-9\uff10-\uff19]$/;

export class Keyboard {
  constructor(grid) {
    Object.assign(this, grid, { home: null });
    this.field.addEventListener("keydown", (event) => this.#down(event));
  }

  #down(event) {
    if (event.isComposing || event.keyCode === 229 || this.editing.composing) {
      return;
    }
    if (this.selection.parked) {
      this.selection.reveal();
    }
    const act = (this.choosing.open && this.#inList(event)) || this.#acts(event) || this.#moves(event);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #inList(event) {
    const { choosing } = this;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !event.altKey) {
      return () => choosing.mark(choosing.at + steps[event.key]);
    }
    const picks = { Enter: () => choosing.pick(), " ": () => choosing.pick(), Escape: () => choosing.close() };
    if (event.key in picks && !event.ctrlKey) {
      return picks[event.key];
    }
    if (choosing.options.some((option) => option[2] !== "" && option[2] === event.key)) {
      return () => choosing.pickByKey(event.key);
    }
    choosing.close();
    return null;
  }

  // What is done to cells.
  #acts(event) {
    const { commands, editing, history } = this;
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "F2" && event.shiftKey) {
      return () => this.#after(() => this.files.show());
    }
    if (event.altKey && !command) {
      return { n: () => this.#after(() => commands.away()), ArrowDown: () => commands.problem(1), ArrowUp: () => commands.problem(-1) }[key];
    }
    if (command) {
      const resting = { z: () => (event.shiftKey ? commands.redo() : commands.undo()), y: () => commands.redo(), d: () => commands.fillDown() };
      return { Enter: () => commands.reason() }[key] ?? (editing.mode === "rest" ? (resting[key] ?? this.#all(key)) : null);
    }
    if (editing.mode !== "rest") {
      return { Escape: () => editing.cancel() }[key];
    }
    void history;
    return this.#atRest(key);
  }

  #all(key) {
    if (key !== "a") {
      return null;
    }
    return () => {
      this.selection.go(0, 0);
      this.selection.go(Infinity, Infinity, { extend: true });
    };
  }

  #atRest(key) {
    const { choosing, commands, editing, selection } = this;
    const listed = selection.place?.kind !== "number";
    const found = {
      F2: () => editing.editable && (choosing.show() || editing.edit()), Delete: () => commands.blank(), Escape: () => this.leave(),
      "?": () => this.help(), "\uff1f": () => this.help(), " ": () => this.conflicts.focus() || choosing.show(),
    }[key];
    if (found) {
      return found;
    }
    if (selection.place?.parts && editing.editable && DIGIT.test(key)) {
      return () => choosing.editor.show(narrow(key));
    }
    if (listed && editing.editable && selection.place.options.some((option) => option[2] !== "" && option[2] === key)) {
      return () => {
        choosing.show();
        choosing.pickByKey(key);
      };
    }
    return null;
  }

  #after(act) {
    this.editing.commit();
    act();
  }

  // Where one goes. While editing (F2) the arrows, Home and End move the caret.
  #moves(event) {
    const { selection, editing } = this;
    if (event.altKey) {
      return null;
    }
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !command) {
      return () => this.#enter(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Tab" && !command) {
      return this.#tab(event.shiftKey ? -1 : 1);
    }
    if (editing.mode === "editing") {
      return null;
    }
    const from = event.shiftKey ? selection.corner : [selection.row, selection.column];
    const to = this.#target(event.key, command, ...from);
    if (!to || (event.shiftKey && editing.mode === "typing")) {
      return null;
    }
    return () => {
      this.home = null;
      selection.go(...to, { extend: event.shiftKey });
    };
  }

  #target(key, command, row, column) {
    const page = this.view.pageRows();
    const end = Infinity;
    return {
      ArrowUp: [command ? 0 : row - 1, column], ArrowDown: [command ? end : row + 1, column],
      ArrowLeft: [row, command ? 0 : column - 1], ArrowRight: [row, command ? end : column + 1],
      Home: [command ? 0 : row, 0], End: [command ? end : row, end], PageUp: [row - page, column], PageDown: [row + page, column],
    }[key];
  }

  // Enter goes down, back to the column where a row of Tabs began.
  #enter(step) {
    const { selection } = this;
    const column = step > 0 ? (this.home ?? selection.column) : selection.column;
    this.home = null;
    selection.go(selection.row + step, column);
  }

  // Tab goes right and on to the next row; from the last cell it leaves the grid, as from the first one backwards.
  #tab(step) {
    const { selection, sheet } = this;
    const at = selection.row * sheet.columns.length + selection.column + step;
    if (at < 0 || at >= sheet.shown.length * sheet.columns.length) {
      this.editing.commit();
      return null;
    }
    return () => {
      this.home ??= step > 0 ? selection.column : null;
      const column = at % sheet.columns.length;
      this.home = step > 0 && column > 0 ? this.home : null;
      selection.go(Math.floor(at / sheet.columns.length), column);
    };
  }
}
