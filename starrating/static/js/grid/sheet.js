// What the grid knows: units, columns, what is stored with its version, and what was typed and is not stored yet.
//
// A cell that was typed into is a record in `typed`: the version it was based on, the text, what of it is on its way (`sent`),
// and how it stands: queued, sending, refused, conflict, closed, none. A text that was sent and whose answer never came is sent
// again as it was before anything newer is: the server then knows it for the same act.
//
// A column of several parts (joining.js) has a score for each of them; asked by its own header, it answers for all of them. What
// was typed into it and does not say its parts (written.js) is a record of its own: refused, kept, sent to nobody.
import { sum } from "./adding.js";
import { AWAY } from "./away.js";
import { joined } from "./joining.js";
import { say } from "./words.js";
import { BETWEEN, face, nameOf, read, written } from "./written.js";

export const PROBLEMS = new Set(["refused", "conflict", "closed", "none"]);
const FRESH_MS = 2000;
const PRESSING = ["conflict", "refused", "closed", "none", "sending", "queued"];

export const keyOf = (unit, header) => `${unit}:${header}`;

export class Sheet {
  constructor(data, keeping) {
    this.cells = data.columns;
    this.columns = joined(data.columns);
    this.joint = new Map(this.columns.filter((column) => column.parts).map((column) => [column.header, column]));
    this.units = data.units;
    this.shown = data.units;
    this.stored = data.cells;
    this.points = data.points;
    this.open = data.open;
    this.full = data.full;
    this.reviews = data.reviews;
    this.correcting = data.correcting;
    this.offline = false;
    this.keeping = keeping;
    this.typed = new Map();
    this.doubts = new Map();
    this.fresh = new Set();
    this.listeners = [];
    this.choosers = [];
    this.places = new Map(this.columns.flatMap((column, index) => [column, ...(column.parts ?? [])].map((one) => [one.header, index])));
    this.byId = new Map(this.units.map((unit) => [unit.id, unit]));
    for (const one of keeping.all()) {
      const status = one.status === "refused" ? one.status : "queued";
      this.typed.set(keyOf(one.unit, one.header), { ...one, status });
    }
  }

  onChange(listener) {
    this.listeners.push(listener);
  }

  // Tell a listener of conflicts that are settled: the record, and whose text stands, "mine" or "theirs".
  onChosen(listener) {
    this.choosers.push(listener);
  }

  // Tell whoever shows cells that these changed; none named: all of them may have.
  changed(...records) {
    for (const listener of this.listeners) {
      listener(records);
    }
  }

  standing(unit, header) {
    const parts = this.joint.get(header)?.parts.map((part) => this.standing(unit, part.header));
    if (parts) {
      const version = parts.reduce((most, part) => most + part.version, 0);
      return { version, text: written(this.joint.get(header), parts.map((part) => part.text)) };
    }
    const [version, text] = this.stored[unit]?.[header] ?? [0, ""];
    return { version, text };
  }

  // Of a column of parts its own record, else the part's that presses most.
  record(unit, header) {
    const own = this.typed.get(keyOf(unit, header));
    const parts = own ? [] : (this.joint.get(header)?.parts ?? []);
    const records = parts.map((part) => this.record(unit, part.header)).filter(Boolean);
    return own ?? records.sort((one, other) => PRESSING.indexOf(one.status) - PRESSING.indexOf(other.status))[0];
  }

  text(unit, header) {
    const joint = this.joint.get(header);
    if (joint) {
      return this.typed.get(keyOf(unit, header))?.text ?? written(joint, this.texts(unit, joint));
    }
    return this.record(unit, header)?.text ?? this.stored[unit]?.[header]?.[1] ?? "";
  }

  // The texts of a column's parts.
  texts(unit, column) {
    return column.parts.map((part) => this.text(unit, part.header));
  }

  // True where there is still something to fill in.
  blank(unit, column) {
    if (column.parts) {
      return column.parts.some((part) => this.blank(unit, part));
    }
    return this.editable(unit, column) && this.text(unit.id, column.header) === "";
  }

  editable(unit, column) {
    if (column.parts) {
      return column.parts.some((part) => this.editable(unit, part));
    }
    const state = this.review(unit.id, column.header)[0];
    return this.open && column.towns.includes(unit.town) && state !== "confirmed" && (!this.correcting || state === "returned");
  }

  // What the district made of a cell, and why: "", returned or confirmed.
  review(unit, header) {
    const joint = this.joint.get(header);
    if (joint) {
      const parts = joint.parts.map((part) => [part, ...this.review(unit, part.header)]);
      const back = parts.filter(([, state]) => state === "returned");
      if (back.length) {
        return ["returned", back.map(([part, , why]) => say("parts.why", { part: part.label, why })).join(say("semicolon"))];
      }
      return [parts.every(([, state]) => state === "confirmed") ? "confirmed" : "", ""];
    }
    return this.reviews[unit]?.[header] ?? ["", ""];
  }

  // What the points of a unit add up to, as far as they are known.
  total(unit) {
    const known = Object.values(this.points[unit] ?? {}).filter((points) => points !== "");
    return known.length ? sum(known) : "";
  }

  // Nobody types in this column here: its head says so, not each cell.
  closed(column) {
    return !this.open || column.towns.length === 0;
  }

  // Why what stands in a cell is worth a look; nothing once it says something else.
  doubt(unit, header) {
    const joint = this.joint.get(header);
    if (joint) {
      const told = joint.parts.map((part) => [part, this.doubt(unit, part.header)]).filter(([, why]) => why);
      return told.map(([part, why]) => say("parts.why", { part: part.label, why })).join(say("semicolon"));
    }
    const found = this.doubts.get(keyOf(unit, header));
    return found && found.text === this.text(unit, header) ? found.why : "";
  }

  // True where the district returned a cell and nothing was typed into it since.
  returned(unit, header) {
    const joint = this.joint.get(header);
    if (joint) {
      return joint.parts.some((part) => this.returned(unit, part.header));
    }
    return this.review(unit, header)[0] === "returned" && !this.record(unit, header);
  }

  // True where a cell needs somebody.
  needs(unit, header) {
    return PROBLEMS.has(this.record(unit, header)?.status) || this.returned(unit, header) || this.doubt(unit, header) !== "";
  }

  // How a cell looks: the name of its state, the text in it and, where that is another, what is seen of it.
  look(unit, column) {
    const look = this.#look(unit, column);
    const own = column.parts && this.typed.get(keyOf(unit.id, column.header));
    return column.parts && !own ? { ...look, face: face(column, this.texts(unit.id, column)) } : look;
  }

  #look(unit, column) {
    const record = this.record(unit.id, column.header);
    const text = this.text(unit.id, column.header);
    if (record) {
      const waiting = this.offline && (record.status === "queued" || record.status === "sending");
      const states = { queued: "saving", sending: "saving", closed: "refused", none: "refused" };
      return { state: waiting ? "waiting" : (states[record.status] ?? record.status), text };
    }
    if ((column.parts ?? [column]).some((one) => this.fresh.has(keyOf(unit.id, one.header)))) {
      return { state: "saved", text };
    }
    if (this.returned(unit.id, column.header)) {
      return { state: "returned", text };
    }
    if (this.doubt(unit.id, column.header)) {
      return { state: "doubt", text };
    }
    if (!this.editable(unit, column)) {
      return { state: "locked", text };
    }
    return { state: text === "" ? "none" : text === AWAY ? "inapplicable" : "", text };
  }

  // Type a text into a cell, or (with the text as it is) a reason; false where nothing changes.
  put(unit, column, text, reason = null) {
    if (column.parts) {
      return this.#putParts(unit, column, text, reason);
    }
    const stands = this.standing(unit.id, column.header);
    let record = this.record(unit.id, column.header);
    if (!record && text === stands.text && !reason) {
      return false;
    }
    if (record && text === record.text && reason === null && record.status !== "refused") {
      return false;
    }
    record ??= {
      unit: unit.id, header: column.header, town: unit.town, version: stands.version, base: stands.text, reason: "",
      sent: null, status: "queued", why: "", code: "", theirs: null,
    };
    record.text = text;
    record.reason = reason ?? record.reason;
    record.why = record.code = "";
    if (!record.sent && text === stands.text && !record.reason) {
      this.drop(record);
      return true;
    }
    if (record.status !== "sending") {
      record.status = "queued";
      record.theirs = null;
    }
    this.keep(record);
    return true;
  }

  // A text into the parts that it names; one that does not say them stays in the cell as it is.
  #putParts(unit, column, text, reason) {
    const own = this.typed.get(keyOf(unit.id, column.header));
    const texts = read(column, text);
    if (!texts) {
      const why = say("parts.wrong", { like: column.parts.map((part) => `${nameOf(part)}=`).join(BETWEEN) });
      const empty = { version: 0, base: "", reason: "", sent: null, status: "refused", why, code: "", theirs: null };
      this.keep({ unit: unit.id, header: column.header, town: unit.town, ...empty, text });
      return own?.text !== text;
    }
    if (own) {
      this.drop(own);
    }
    const moved = column.parts.filter((part, at) => this.editable(unit, part) && this.put(unit, part, texts[at], reason));
    return moved.length > 0 || Boolean(own);
  }

  keep(record) {
    this.typed.set(keyOf(record.unit, record.header), record);
    this.keeping.save(record);
    this.changed(record);
  }

  drop(record) {
    this.typed.delete(keyOf(record.unit, record.header));
    this.keeping.remove(record, record.text);
    this.changed(record);
  }

  // Take the server's answer about a cell to what was sent of it.
  settle(answer, sent) {
    const record = this.record(answer.unit, answer.header);
    if (!record) {
      return;
    }
    record.sent = null;
    const newer = record.text !== sent.text || record.reason !== sent.reason;
    const settled = { saved: this.#saved, conflict: this.#conflict }[answer.status] ?? this.#held;
    settled.call(this, record, answer, sent, newer);
  }

  #saved(record, answer, sent, newer) {
    this.#store(answer);
    delete this.reviews[answer.unit]?.[answer.header];
    if (!newer) {
      this.keeping.remove(record, sent.text);
      this.#shine(record);
      this.drop(record);
      return;
    }
    Object.assign(record, { version: answer.version, base: answer.text, status: "queued" });
    this.keep(record);
  }

  #conflict(record, answer) {
    this.#store(answer);
    Object.assign(record, { status: "conflict", theirs: answer.theirs, base: answer.base });
    if (record.text === answer.text) {
      this.drop(record);
      this.#chosen(record, "theirs");
    } else {
      this.keep(record);
    }
  }

  #held(record, answer, _sent, newer) {
    const again = newer || answer.status === "later";
    Object.assign(record, { status: again ? "queued" : answer.status, why: answer.why, code: answer.code });
    this.keep(record);
  }

  #store(answer) {
    (this.stored[answer.unit] ??= {})[answer.header] = [answer.version, answer.text];
  }

  // The tick of a cell that was just saved goes after two seconds, those of a batch together.
  #shine(record) {
    this.fresh.add(keyOf(record.unit, record.header));
    if (!this.shining) {
      const shining = [];
      this.shining = shining;
      setTimeout(() => (this.shining = null), 0);
      setTimeout(() => {
        shining.forEach((one) => this.fresh.delete(keyOf(one.unit, one.header)));
        this.changed(...shining);
      }, FRESH_MS);
    }
    this.shining.push(record);
  }

  // Settle a conflict: theirs stands already, mine is saved over the version that was looked at.
  choose(record, which) {
    if (which === "theirs") {
      this.drop(record);
    } else {
      Object.assign(record, { version: record.theirs.version, base: record.theirs.text, theirs: null, status: "queued" });
      this.keep(record);
    }
    this.#chosen(record, which);
  }

  #chosen(record, which) {
    this.choosers.forEach((listener) => listener(record, which));
  }

  // The scores of the indicator of a column.
  siblings(column) {
    return this.cells.filter((one) => one.code === column.code);
  }

  // What is filled of what can be typed here; of everything, for those who only read.
  counts() {
    const reads = this.cells.every((column) => this.closed(column));
    const found = { filled: 0, of: 0, blank: 0, refused: 0, conflict: 0, waiting: 0, elsewhere: 0, doubt: 0, returned: 0 };
    for (const unit of this.units) {
      for (const column of this.cells) {
        found.returned += this.returned(unit.id, column.header) ? 1 : 0;
        if (!reads && !this.editable(unit, column)) {
          continue;
        }
        found.of += 1;
        found.filled += this.text(unit.id, column.header) === "" ? 0 : 1;
      }
    }
    found.blank = found.of - found.filled;
    found.doubt = [...this.doubts.values()].filter((one) => this.doubt(one.unit, one.header)).length;
    for (const record of this.typed.values()) {
      const kind = record.status === "conflict" ? "conflict" : PROBLEMS.has(record.status) ? "refused" : "waiting";
      found[kind] += 1;
      found.elsewhere += this.byId.has(record.unit) ? 0 : 1;
    }
    return found;
  }

  // Show all units, those with an empty cell, or those with a cell that needs somebody.
  narrow(show) {
    const wanted = {
      blank: (unit) => this.cells.some((one) => this.blank(unit, one)),
      returned: (unit) => this.columns.some((one) => this.returned(unit.id, one.header)),
      doubt: (unit) => this.columns.some((one) => this.doubt(unit.id, one.header)),
      problem: (unit) => this.columns.some((one) => PROBLEMS.has(this.record(unit.id, one.header)?.status)),
    }[show];
    this.shown = wanted ? this.units.filter(wanted) : this.units;
  }
}
