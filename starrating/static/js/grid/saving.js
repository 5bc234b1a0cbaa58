// Sends what was typed, in small batches, one at a time, and sends again what got no answer. What waits is in the sheet's own
// records, so that a reload, an expired sign-in or a server that is gone for a while changes only when it is sent.
import { keyOf } from "./sheet.js";
import { say } from "./words.js";

const SOON_MS = 250;
const MOST = 120;
const AGAIN_MS = [1000, 2000, 4000, 8000, 15000];
const HALF_AWAY = "entry.half_applicable";

export class Saving {
  constructor(sheet, connection, told) {
    this.sheet = sheet;
    this.connection = connection;
    this.told = told;
    this.kind = "ok";
    this.most = MOST;
    this.failures = 0;
    this.busy = false;
    this.timer = 0;
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("offline", () => this.#stand("offline"));
    window.addEventListener("focus", () => this.kind !== "ok" && this.soon(0));
    document.addEventListener("visibilitychange", () => document.hidden || (this.kind !== "ok" && this.soon(0)));
  }

  soon(wait = SOON_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  waiting() {
    return [...this.sheet.typed.values()].filter((record) => record.status === "queued" || record.status === "sending");
  }

  async flush() {
    if (this.busy) {
      return;
    }
    if (this.kind === "signin" || this.kind === "other") {
      await this.#knock();
      return;
    }
    const records = this.#batch();
    if (!records.length) {
      this.#stand(this.kind === "refused" ? "refused" : "ok");
      return;
    }
    this.busy = true;
    const answer = await this.connection.post(this.connection.addresses.save, { cells: records.map(wired) });
    this.busy = false;
    this.#take(answer, records);
  }

  // Is the right person signed in again?
  async #knock() {
    this.busy = true;
    const answer = await this.connection.renew();
    this.busy = false;
    if (answer.kind === "ok") {
      this.#stand("ok");
      this.soon(0);
    } else {
      this.#stand(answer.kind, answer);
      this.soon(4000);
    }
  }

  // The next cells, those of a unit together: an indicator that does not apply is so in all its cells at once.
  #batch() {
    const queued = this.waiting();
    const groups = new Set(queued.map((record) => this.#group(record)));
    for (const record of this.sheet.typed.values()) {
      if (record.code === HALF_AWAY && groups.has(this.#group(record))) {
        record.status = "queued";
        record.code = "";
        queued.push(record);
      }
    }
    queued.sort((one, other) => one.unit - other.unit);
    const units = queued.slice(0, this.most);
    const last = units.at(-1)?.unit;
    const rest = queued.slice(this.most).filter((record) => record.unit === last);
    const chosen = [...units, ...rest].slice(0, 500);
    for (const record of chosen) {
      record.sent ??= { text: record.text, reason: record.reason };
      record.status = "sending";
      this.sheet.keeping.save(record);
    }
    this.sheet.changed(...chosen);
    return chosen;
  }

  #group(record) {
    const column = this.sheet.columns[this.sheet.places.get(record.header)];
    return `${record.unit}:${column?.code}`;
  }

  #take(answer, records) {
    if (answer.kind === "ok") {
      this.failures = 0;
      this.most = Math.min(MOST, this.most * 2);
      this.#settle(answer.data, records);
      this.#stand("ok");
      if (this.waiting().length) {
        this.soon(0);
      }
      return;
    }
    for (const record of records) {
      record.status = "queued";
    }
    if (answer.kind === "large" || answer.status === 400) {
      this.#smaller(answer, records);
      this.soon(0);
      return;
    }
    this.#stand(answer.kind, answer);
    this.sheet.changed(...records);
    this.soon(answer.kind === "refused" ? AGAIN_MS.at(-1) : AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)]);
    this.failures += 1;
  }

  // A batch that is not understood holds up nothing but the one cell that is to blame: it is looked for by halves.
  #smaller(answer, records) {
    if (records.length > 1) {
      this.most = Math.ceil(records.length / 2);
      return;
    }
    Object.assign(records[0], { sent: null, status: "refused", why: answer.detail || say("why.refused") });
    this.sheet.keep(records[0]);
  }

  #settle(data, records) {
    const sent = new Map(records.map((record) => [keyOf(record.unit, record.header), record.sent]));
    for (const [unit, points] of Object.entries(data.points)) {
      this.sheet.points[unit] = { ...this.sheet.points[unit], ...points };
    }
    for (const one of data.cells) {
      this.sheet.settle(one, sent.get(keyOf(one.unit, one.header)));
    }
  }

  #stand(kind, answer = {}) {
    const before = this.kind;
    this.kind = kind;
    const away = kind !== "ok";
    if (this.sheet.offline !== away) {
      this.sheet.offline = away;
      this.sheet.changed(...this.sheet.typed.values());
    }
    this.told(kind, answer, before);
  }
}

const wired = (record) => ({
  unit: record.unit, header: record.header, version: record.version, text: record.sent.text, reason: record.sent.reason,
});
