// Copying blocks to and pasting them from Excel, WPS and the like. A block that would be refused in parts, does not fit or is
// ragged is shown before anything of it is put into a cell.
import { ask, part } from "./dialogs.js";
import { make } from "./elements.js";
import { format, parse } from "./tsv.js";
import { gathered } from "./gathering.js";
import { narrow, say } from "./words.js";
import { read, written } from "./written.js";

const MOST = 500;
const TOLD = 5;
const LONGEST = 2000;

export class Clipboard {
  constructor(grid, dialog) {
    Object.assign(this, grid, { dialog });
    this.field.addEventListener("copy", (event) => this.#copy(event));
    this.field.addEventListener("cut", (event) => this.#cut(event));
    this.field.addEventListener("paste", (event) => this.#paste(event));
  }

  get #resting() {
    return this.editing.mode === "rest";
  }

  #copy(event) {
    if (!this.#resting) {
      return;
    }
    event.preventDefault();
    const { top, bottom, left, right } = this.selection.block;
    const rows = [];
    for (let row = top; row <= bottom; row += 1) {
      const unit = this.sheet.shown[row];
      rows.push(this.sheet.columns.slice(left, right + 1).map((column) => this.sheet.text(unit.id, column.header)));
    }
    event.clipboardData.setData("text/plain", format(rows));
    this.notices.tell(say("copied", { rows: rows.length, columns: right - left + 1 }));
  }

  #cut(event) {
    if (this.#resting) {
      this.#copy(event);
      this.commands.blank();
    }
  }

  #paste(event) {
    if (!this.#resting) {
      return;
    }
    event.preventDefault();
    this.put(parse(event.clipboardData.getData("text/plain")));
  }

  // Put a block of texts into the cells from the active one on.
  async put(rows) {
    const plan = this.#plan(rows);
    if (!plan.changes.length && !plan.notes.length) {
      this.notices.tell(say("paste.same"));
      return;
    }
    const checked = await this.#check(plan.changes);
    const faults = this.#faults(checked);
    if (faults.length || plan.notes.length) {
      const decided = await this.#ask(plan, faults);
      this.selection.reveal();
      if (decided !== "save") {
        this.notices.tell(say("paste.nothing"));
        return;
      }
    }
    this.#do(plan, faults.length);
  }

  #do(plan, bad) {
    const count = this.history.act(plan.changes);
    const { top, left } = this.selection.block;
    this.selection.go(top, left);
    this.selection.go(top + plan.rows - 1, left + plan.columns - 1, { extend: true });
    this.notices.toast(say(bad ? "paste.done.some" : "paste.done", { count: count - bad, bad }));
  }

  // What goes where, and what does not: one value fills the whole block that is chosen.
  #plan(rows) {
    const { top, bottom, left, right } = this.selection.block;
    const one = rows.length === 1 && rows[0].length === 1;
    const whole = one ? rows : gathered(rows, this.sheet.columns.slice(left));
    const texts = one ? Array.from({ length: bottom - top + 1 }, () => Array(right - left + 1).fill(rows[0][0])) : whole;
    const width = Math.max(...texts.map((row) => row.length));
    const room = { rows: this.sheet.shown.length - top, columns: this.sheet.columns.length - left };
    const plan = { changes: [], notes: [], same: 0, rows: Math.min(texts.length, room.rows), columns: Math.min(width, room.columns) };
    let locked = 0;
    let long = 0;
    texts.slice(0, room.rows).forEach((row, down) => {
      row.slice(0, room.columns).forEach((text, across) => {
        const unit = this.sheet.shown[top + down];
        const place = this.sheet.columns[left + across];
        const to = typed(place, text);
        const same = to === this.sheet.text(unit.id, place.header);
        if (same) {
          plan.same += 1;
        } else if (to.length > LONGEST) {
          long += 1;
        } else if (this.sheet.editable(unit, place)) {
          plan.changes.push({ unit, place, to });
        } else {
          locked += 1;
        }
      });
    });
    const short = texts.filter((row) => row.length < width).length;
    const over = { rows: Math.max(0, texts.length - room.rows), columns: Math.max(0, width - room.columns) };
    const notes = [
      over.rows && say("paste.over.rows", { count: over.rows }), over.columns && say("paste.over.columns", { count: over.columns }),
      locked && say("paste.locked", { count: locked }), short && say("paste.ragged", { count: short }),
      long && say("paste.long", { count: long }),
    ];
    plan.notes = notes.filter(Boolean);
    return plan;
  }

  // What the server would say; nothing where it cannot be asked: then each cell is told when it is sent.
  async #check(changes) {
    const cells = changes.flatMap((change) => this.#cells(change));
    const found = changes.filter(({ place, to }) => place.parts && !read(place, to)).map(({ unit, place, to }) => (
      { unit: unit.id, header: place.header, status: "refused", why: say("parts.unread", { text: to }) }
    ));
    for (let start = 0; start < cells.length && this.saving.kind === "ok"; start += MOST) {
      const some = cells.slice(start, start + MOST);
      const answer = await this.connection.post(this.connection.addresses.check, { cells: some });
      if (answer.kind !== "ok") {
        return [];
      }
      found.push(...answer.data.cells);
    }
    return found;
  }

  // The scores that a change is about, those of its parts that it changes.
  #cells({ unit, place, to }) {
    const cell = (header, text) => ({ unit: unit.id, header, version: this.sheet.standing(unit.id, header).version, text, reason: "" });
    if (!place.parts) {
      return [cell(place.header, to)];
    }
    const texts = read(place, to) ?? [];
    const changed = place.parts.filter((part, at) => at in texts && texts[at] !== this.sheet.text(unit.id, part.header));
    return changed.map((part) => cell(part.header, texts[place.parts.indexOf(part)]));
  }

  // One fault for a cell, however many of its parts may not stand.
  #faults(answers) {
    const refused = answers.filter((answer) => answer.status === "refused");
    return [...new Map(refused.map((one) => [`${one.unit}:${this.sheet.places.get(one.header)}`, one])).values()];
  }

  #ask(plan, faults) {
    const good = plan.changes.length - faults.length;
    return ask(this.dialog, (dialog) => {
      part(dialog, "title").textContent = say("paste.title", { rows: plan.rows, columns: plan.columns, count: plan.changes.length + plan.same });
      const lines = [say("paste.good", { count: good }), plan.same && say("paste.alike", { count: plan.same })];
      const told = faults.slice(0, TOLD).map((fault) => {
        const unit = this.sheet.byId.get(fault.unit);
        const place = this.sheet.columns[this.sheet.places.get(fault.header)];
        return say("paste.bad", { unit: unit.name, column: `${place.code} ${place.label || place.name}`, why: fault.why });
      });
      const more = faults.length > TOLD ? [say("paste.more", { count: faults.length - TOLD })] : [];
      const items = [...lines, ...plan.notes, ...told, ...more].filter(Boolean);
      part(dialog, "lines").replaceChildren(...items.map((text) => make("li", { className: told.includes(text) ? "sheet-bad" : null }, text)));
      const save = part(dialog, "save");
      save.textContent = faults.length ? say("paste.save.some", { good, bad: faults.length }) : say("paste.save", { good });
      save.hidden = plan.changes.length === 0;
    });
  }
}

// A text as the cell takes it; of parts in the one way of writing, so that what is the same is seen to be.
function typed(place, text) {
  if (place.parts) {
    const texts = read(place, text);
    return texts ? written(place, texts) : text.trim();
  }
  return place.kind === "choice" ? text.trim() : narrow(text).trim();
}
