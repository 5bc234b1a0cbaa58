// The editor of a column of several parts: a box under the cell with a tick for every item of a checklist, a number or a list for
// every other part, by period. The focus goes into it: arrows and Tab from one to the next, space ticks, Enter saves and goes on
// below, Esc gives up. What was changed in it when one goes elsewhere is saved like any other cell.
import { make, verbatim } from "./elements.js";
import { narrow, say } from "./words.js";
import { written } from "./written.js";

const BELOW = 4;

export class PartsEditor {
  constructor(grid, box, preview) {
    Object.assign(this, grid, { box, preview, inputs: [], touched: false });
    const before = this.selection.before;
    this.selection.before = () => {
      this.commit();
      before();
    };
    box.addEventListener("keydown", (event) => this.#key(event));
    box.addEventListener("input", () => {
      this.touched = true;
      this.preview(written(this.place, this.texts));
    });
    box.addEventListener("click", (event) => this.#click(event));
    box.addEventListener("focusout", (event) => event.relatedTarget && !box.contains(event.relatedTarget) && this.commit());
    this.view.scroller.addEventListener("scroll", () => this.open && this.#put(), { passive: true });
  }

  get open() {
    return !this.box.hidden;
  }

  // What stands in the box. A tick that may not be changed keeps what it says, be that nothing.
  get texts() {
    return this.inputs.map(({ input, part, text }) => {
      if (input.disabled) {
        return text;
      }
      return part.kind === "mark" ? String(Number(input.checked)) : narrow(input.value).trim();
    });
  }

  // Open it at the active cell; with a digit as if it had been typed there. False where nothing may be changed.
  show(digit = "") {
    if (!this.editing.editable) {
      return false;
    }
    if (!this.open) {
      this.editing.cancel();
      ({ unit: this.unit, place: this.place } = this.selection);
      this.touched = false;
      this.#fill();
      this.box.hidden = false;
      this.#put();
      this.field.setAttribute("aria-expanded", "true");
      this.choosing.turned();
    }
    const first = this.inputs.find(({ input }) => !input.disabled);
    first.input.focus();
    first.input.select?.();
    if (digit && first.part.kind === "number") {
      this.touched = true;
      first.input.value = digit;
      first.input.setSelectionRange(1, 1);
    } else if (digit) {
      this.#tick(Number(digit));
    }
    this.preview(written(this.place, this.texts));
    return true;
  }

  #fill() {
    const { unit, place } = this;
    const texts = this.sheet.texts(unit.id, place);
    this.inputs = place.parts.map((part, at) => ({ part, text: texts[at], input: this.#input(unit, part, texts[at], at) }));
    const groups = new Map();
    for (const one of this.inputs) {
      groups.set(one.part.period, [...(groups.get(one.part.period) ?? []), one]);
    }
    const title = make("h2", { id: "sheet-parts-title" }, verbatim(`${unit.name}${say("comma")}${place.code} ${place.name}`));
    const sets = make("div", { className: groups.size > 1 ? "sheet-part-sets" : null }, ...[...groups].map(([period, own]) => this.#set(period, own)));
    const keys = place.parts.some((part) => part.kind === "mark") ? "parts.keys.marks" : "parts.keys";
    const save = make("button", { type: "button", className: "button button--small button--primary", "data-act": "save" }, say("parts.save"));
    const leave = make("button", { type: "button", className: "button button--small", "data-act": "leave" }, say("parts.leave"));
    const acts = make("div", { className: "actions" }, leave, save);
    this.box.replaceChildren(title, sets, make("p", { className: "note", id: "sheet-parts-keys" }, say(keys)), acts);
  }

  #input(unit, part, text, at) {
    const facts = { id: `sheet-part-${at}`, disabled: !this.sheet.editable(unit, part), "data-at": at };
    if (part.kind === "mark") {
      return make("input", { ...facts, type: "checkbox", checked: text === "1" });
    }
    if (part.kind === "choice") {
      const options = [["", say("state.none")], ...part.options].map(([value, label]) => make("option", { value, selected: value === text }, label));
      return make("select", { ...facts, className: "input", translate: "no" }, ...options);
    }
    const input = make("input", { ...facts, type: "text", className: "input", inputmode: "decimal", autocomplete: "off", maxlength: 40 });
    input.value = text;
    return input;
  }

  // The parts of one period, or all of them where there are none.
  #set(period, own) {
    const lines = own.map(({ part, input }) => {
      const key = part.kind === "mark" && Number(input.dataset.at) < 9 ? make("kbd", { "aria-hidden": "true" }, String(Number(input.dataset.at) + 1)) : null;
      const name = make("span", { translate: "no" }, part.part || part.label);
      const line = part.kind === "mark" ? [input, name, key] : [name, input];
      return make("label", { className: `sheet-part-line sheet-part-line--${part.kind}`, for: input.id }, ...line);
    });
    return period
      ? make("fieldset", {}, make("legend", { translate: "no" }, period), ...lines)
      : make("div", { role: "group", "aria-labelledby": "sheet-parts-title" }, ...lines);
  }

  // Under the cell, or over it where there is more room: never on it.
  #put() {
    const cell = this.view.cell(this.selection.row, this.selection.column);
    if (!cell) {
      this.commit();
      return;
    }
    const at = cell.getBoundingClientRect();
    const under = window.innerHeight - at.bottom - 2 * BELOW;
    const over = at.top - 2 * BELOW;
    this.box.style.maxHeight = `${Math.max(under, over)}px`;
    const below = this.box.offsetHeight <= under || under >= over;
    this.box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - this.box.offsetWidth - 8))}px`;
    this.box.style.top = `${below ? at.bottom + BELOW : at.top - this.box.offsetHeight - BELOW}px`;
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const act = this.#act(event);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #act({ key, target, shiftKey }) {
    if (key === "Escape") {
      return () => this.#leave();
    }
    if (key === "Enter" && target.tagName !== "BUTTON") {
      return () => this.#save(shiftKey ? -1 : 1);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step && target.tagName !== "SELECT") {
      return () => this.#move(target, step);
    }
    if (target.type === "checkbox" && /^[1-9]$/.test(key)) {
      return () => this.#tick(Number(key));
    }
    return null;
  }

  #move(from, step) {
    const open = this.inputs.map(({ input }) => input).filter((input) => !input.disabled);
    const to = open[(open.indexOf(from) + step + open.length) % open.length];
    to.focus();
    to.select?.();
  }

  // Turn a tick over by its number.
  #tick(number) {
    const input = this.inputs[number - 1]?.input;
    if (input && !input.disabled) {
      input.focus();
      input.click();
    }
  }

  #click(event) {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act) {
      ({ save: () => this.#save(0), leave: () => this.#leave() })[act]();
    }
  }

  // Saving without a tick says that no item holds; going elsewhere does not.
  #save(step) {
    this.touched = true;
    this.commit();
    this.selection.go(this.selection.row + step, this.selection.column);
  }

  #leave() {
    this.#close();
    this.selection.reveal();
    this.editing.cancel();
  }

  // Put what stands in the box into the cell.
  commit() {
    if (this.open) {
      const { unit, place, texts } = this;
      this.#close();
      if (this.touched) {
        this.history.act([{ unit, place, to: written(place, texts) }]);
      }
      this.editing.show();
    }
  }

  #close() {
    this.box.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.choosing.turned();
  }
}
