// What is known of the active cell: above the grid its text and what that gives, below it the rule and the latest entries. The
// points come from the server, which has the only rule there is; nothing is worked out here.
import { make, verbatim } from "./elements.js";
import { PROBLEMS } from "./sheet.js";
import { say } from "./words.js";
import { face, read, written } from "./written.js";

const SOON_MS = 160;

export class Panel {
  constructor(grid, page) {
    Object.assign(this, grid);
    this.part = (name) => page.querySelector(`[data-panel="${name}"]`);
    this.selection.onMove(() => this.show());
    this.sheet.onChange((records) => this.selection.concerned(records) && this.show());
    this.editing.onType(() => this.#typed());
  }

  show() {
    const { unit, place } = this.selection;
    if (!unit || this.editing.mode !== "rest") {
      return;
    }
    this.part("unit").textContent = `${unit.townName} ${unit.name}`;
    this.part("column").textContent = [place.code, place.name, place.label].filter(Boolean).join(" ");
    const look = this.sheet.look(unit, place);
    this.part("text").textContent = look.face ?? look.text;
    this.#say(this.#standing(unit, place));
    this.#rule(place);
    this.#later(this.sheet.text(unit.id, place.header), false);
    this.#beside(unit, place);
  }

  // What stands beside the cell has changed.
  again() {
    this.about = "";
    const { unit, place } = this.selection;
    this.#beside(unit, place);
  }

  #typed() {
    if (this.editing.mode === "rest") {
      this.show();
      return;
    }
    this.part("text").textContent = this.editing.field.value;
    this.#later(this.editing.field.value, true);
  }

  // What stands in the editor of parts, and what it would give.
  preview(text) {
    const { place } = this.selection;
    this.part("text").textContent = face(place, read(place, text) ?? []) || text;
    this.#later(text, true);
  }

  #say(text, problem = false) {
    this.part("says").textContent = text;
    this.part("says").classList.toggle("sheet-says--problem", problem);
  }

  // What there is to say without asking: a problem, or the points that were told last.
  #standing(unit, place) {
    const record = this.sheet.record(unit.id, place.header);
    if (record?.status === "conflict") {
      const { by, at, text } = record.theirs;
      return say("conflict.says", { by: by || say("somebody"), at, theirs: text || say("state.none"), mine: record.text || say("state.none") });
    }
    if (PROBLEMS.has(record?.status)) {
      const why = record.why || say(`why.${record.status}`);
      const part = place.parts?.find((one) => one.header === record.header)?.label;
      return part ? say("parts.why", { part, why }) : why;
    }
    const [review, why] = this.sheet.review(unit.id, place.header);
    if (review === "returned") {
      return say("returned.says", { why });
    }
    if (review === "confirmed") {
      return say("locked.confirmed");
    }
    if (!this.sheet.editable(unit, place) && this.sheet.correcting) {
      return say("locked.correcting");
    }
    const doubt = this.sheet.doubt(unit.id, place.header);
    if (doubt) {
      return say("doubt.says", { why: doubt });
    }
    if (!this.sheet.editable(unit, place)) {
      return say(this.sheet.open && !place.mine ? "locked.by" : "locked.time", { by: place.by || say("township") });
    }
    return this.#worth(unit, place, this.sheet.points[unit.id]?.[place.code] ?? "", "");
  }

  #worth(unit, place, points, more) {
    if (place.relative) {
      return say("points.relative");
    }
    if (points === "") {
      const cells = this.sheet.siblings(place);
      const left = cells.filter((one) => this.sheet.text(unit.id, one.header) === "").length;
      const wrong = cells.some((one) => PROBLEMS.has(this.sheet.record(unit.id, one.header)?.status));
      if (cells.length === 1 && left) {
        return say("state.none");
      }
      return left ? say("points.left", { count: left }) : wrong ? say("points.wrong") : "";
    }
    this.#mark(points);
    return say("points.given", { points }) + (place.high ? say("points.of", { high: place.high }) : "") + say("stop") + more;
  }

  // Ask what a text would give, a moment after the last key.
  #later(text, typing) {
    clearTimeout(this.timer);
    this.asked?.abort();
    const { unit, place } = this.selection;
    if (text === "" || place.relative || (!typing && (this.sheet.needs(unit.id, place.header) || !this.sheet.editable(unit, place)))) {
      if (typing) {
        this.#say("");
      }
      return;
    }
    this.timer = setTimeout(() => this.#ask(unit, place, text), SOON_MS);
  }

  async #ask(unit, place, text) {
    const facts = this.#facts(unit, place, text);
    if (!facts) {
      this.#say(say("parts.unread", { text }), true);
      return;
    }
    this.asked = new AbortController();
    const answer = await this.connection.get(this.connection.addresses.points, facts, this.asked.signal);
    if (answer.kind !== "ok" || this.selection.unit !== unit || this.selection.place !== place) {
      return;
    }
    const { fault, points, more } = answer.data;
    this.#say(fault || this.#worth(unit, place, points, more), Boolean(fault));
  }

  // What is asked about: a text in its cell, with what stands in the others of the indicator; none where it says no parts.
  #facts(unit, place, text) {
    const texts = place.parts && read(place, text);
    if (place.parts && !texts) {
      return null;
    }
    const told = this.sheet.siblings(place).map((one, at) => [one.header, texts ? texts[at] : this.sheet.text(unit.id, one.header)]);
    const [header, value] = texts ? told.shift() : [place.header, text];
    const facts = new URLSearchParams({ header, text: value });
    for (const [other, stands] of told.filter(([other]) => other !== header)) {
      facts.append("h", other);
      facts.append("v", stands);
    }
    return facts;
  }

  #rule(place) {
    this.part("rule-name").replaceChildren(verbatim(`${place.code} ${place.name}`), place.high ? say("full", { points: place.high }) : "");
    this.part("rule").replaceChildren(verbatim(place.rule));
    this.part("note").replaceChildren(verbatim(place.note));
    this.part("blank").textContent = [place.hint, say("blank", { blank: place.blank })].filter(Boolean).join(say("semicolon"));
    this.part("asked").replaceChildren(verbatim(place.evidence || say("evidence.none")));
    this.part("asks").hidden = !place.asksReason;
    this.part("steps").replaceChildren(
      ...place.steps.map(([label, points]) =>
        make("li", { "data-points": points, translate: "no" }, make("span", {}, label), make("b", {}, say("points", { points }))),
      ),
    );
  }

  // The step that gives these points, where exactly one does.
  #mark(points) {
    const steps = [...this.part("steps").children];
    const giving = steps.filter((step) => step.dataset.points === points);
    for (const step of steps) {
      step.classList.toggle("sheet-step--now", giving.length === 1 && giving[0] === step);
    }
  }

  // Everybody's values, the files and the latest entries, asked for when one stays in the cell for a moment.
  #beside(unit, place) {
    clearTimeout(this.besideTimer);
    const { version } = this.sheet.standing(unit.id, place.header);
    const about = `${unit.id}:${place.header}:${version}`;
    if (about === this.about) {
      return;
    }
    this.about = "";
    for (const name of ["history", "said", "files"]) {
      this.part(name).replaceChildren();
    }
    this.besideTimer = setTimeout(async () => {
      const headers = (place.parts ?? [place]).map((one) => ["header", one.header]);
      const answer = await this.connection.get(this.connection.addresses.cell, [["unit", unit.id], ...headers]);
      if (answer.kind === "ok" && this.selection.unit === unit && this.selection.place === place) {
        this.about = about;
        this.#told(answer.data, place);
      }
    }, SOON_MS * 2);
  }

  #told({ values, all, said, files, fileCount }, place) {
    const shown = (text) => text || say("state.none");
    const lines = values.map((one) => {
      const part = place.parts?.find((cell) => cell.header === one.header)?.label;
      const text = part ? say("parts.says", { part, text: shown(one.text) }) : shown(one.text);
      const line = say("history.line", { at: one.at, by: one.by || say("somebody"), text });
      return make("li", { translate: "no" }, line + (one.reason ? `${say("comma")}${one.reason}` : ""));
    });
    this.part("history").replaceChildren(...(lines.length ? lines : [make("li", {}, say("history.none"))]));
    this.part("history-all").hidden = !lines.length;
    this.part("history-all").href = all;
    const of = (stage) => {
      const texts = said[stage] && place.parts ? place.parts.map((part) => said[stage][part.header] ?? "") : null;
      return texts ? written(place, texts) : said[stage];
    };
    const rows = [
      ["self", of("self")], ["township", of("township")], [place.by ? "department" : "own", this.sheet.standing(this.selection.unit.id, place.header).text],
    ].filter(([name, text]) => text !== undefined || name === "self");
    this.part("said").replaceChildren(
      ...rows.map(([name, text]) =>
        make("div", {}, make("dt", {}, say(`said.${name}`)), make("dd", { translate: "no" }, text === undefined ? say("said.not") : shown(text))),
      ),
    );
    const links = files.map((one) => make("li", { translate: "no" }, make("a", { href: one.href, target: "_blank" }, one.name)));
    this.part("files").replaceChildren(...links);
    this.part("files-open").textContent = say(fileCount ? "files.all" : "files.add", { count: fileCount });
    this.part("files-open").hidden = false;
  }
}
