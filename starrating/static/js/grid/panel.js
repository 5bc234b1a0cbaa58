// What is known of the active cell: above the grid its text and what that gives, below it the rule and the latest entries. The
// points come from the server, which has the only rule there is; nothing is worked out here.
import { make, verbatim } from "./elements.js";
import { PROBLEMS } from "./sheet.js";
import { say } from "./words.js";

const SOON_MS = 160;

export class Panel {
  constructor(grid, page) {
    Object.assign(this, grid);
    this.part = (name) => page.querySelector(`[data-panel="${name}"]`);
    this.selection.onMove(() => this.show());
    this.sheet.onChange((records) => this.#concerns(records) && this.show());
    this.editing.onType(() => this.#typed());
  }

  #concerns(records) {
    const { unit, place } = this.selection;
    return unit && (!records.length || records.some((one) => one.unit === unit.id && one.header === place.header));
  }

  show() {
    const { unit, place } = this.selection;
    if (!unit || this.editing.mode !== "rest") {
      return;
    }
    this.part("unit").textContent = `${unit.townName} ${unit.name}`;
    this.part("column").textContent = [place.code, place.name, place.label].filter(Boolean).join(" ");
    this.part("text").textContent = this.sheet.text(unit.id, place.header);
    this.#say(this.#standing(unit, place));
    this.#rule(place);
    this.#later(this.sheet.text(unit.id, place.header), false);
    this.#history(unit, place);
  }

  #typed() {
    this.part("text").textContent = this.editing.field.value;
    this.#later(this.editing.field.value, true);
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
      return record.why || say(`why.${record.status}`);
    }
    if (!this.sheet.editable(unit, place)) {
      return say(this.sheet.open ? "locked.by" : "locked.time", { by: place.by || say("township") });
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
    const record = this.sheet.record(unit.id, place.header);
    if (text === "" || place.relative || (!typing && (PROBLEMS.has(record?.status) || !this.sheet.editable(unit, place)))) {
      if (typing) {
        this.#say("");
      }
      return;
    }
    this.timer = setTimeout(() => this.#ask(unit, place, text), SOON_MS);
  }

  async #ask(unit, place, text) {
    this.asked = new AbortController();
    const facts = new URLSearchParams({ header: place.header, text });
    for (const one of this.sheet.siblings(place)) {
      if (one.header !== place.header) {
        facts.append("h", one.header);
        facts.append("v", this.sheet.text(unit.id, one.header));
      }
    }
    const answer = await this.connection.get(this.connection.addresses.points, facts, this.asked.signal);
    if (answer.kind !== "ok" || this.selection.unit !== unit || this.selection.place !== place) {
      return;
    }
    const { fault, points, more } = answer.data;
    this.#say(fault || this.#worth(unit, place, points, more), Boolean(fault));
  }

  #rule(place) {
    this.part("rule-name").replaceChildren(verbatim(`${place.code} ${place.name}`), place.high ? say("full", { points: place.high }) : "");
    this.part("rule").replaceChildren(verbatim(place.rule));
    this.part("note").replaceChildren(verbatim([place.note, place.hint].filter(Boolean).join(say("semicolon"))));
    this.part("blank").textContent = say("blank", { blank: place.blank });
    this.part("evidence").replaceChildren(verbatim(place.evidence || say("evidence.none")));
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

  #history(unit, place) {
    clearTimeout(this.historyTimer);
    this.part("history").replaceChildren();
    this.part("history-all").hidden = true;
    const { version } = this.sheet.standing(unit.id, place.header);
    if (!version) {
      this.part("history").replaceChildren(make("li", {}, say("history.none")));
      return;
    }
    this.historyTimer = setTimeout(async () => {
      const answer = await this.connection.get(this.connection.addresses.cell, { unit: unit.id, header: place.header });
      if (answer.kind !== "ok" || this.selection.unit !== unit || this.selection.place !== place) {
        return;
      }
      const lines = answer.data.values.map((one) => {
        const text = one.text || say("state.none");
        const line = say("history.line", { at: one.at, by: one.by || say("somebody"), text });
        return make("li", { translate: "no" }, line + (one.reason ? `${say("comma")}${one.reason}` : ""));
      });
      this.part("history").replaceChildren(...lines);
      this.part("history-all").hidden = false;
      this.part("history-all").href = answer.data.all;
    }, SOON_MS * 2);
  }
}
