// The text of a cell on its way. The field lies in the active cell at all times: at rest it shows what stands there, all of it
// selected, so that typing replaces it; `typing` is what replaces, `editing` (F2) is where arrows move the caret.
import { stateWord } from "./painting.js";
import { say, narrow } from "./words.js";

const OPENS = { choice: "listbox", mark: "listbox", parts: "dialog" };

export class Editing {
  constructor(selection, sheet, history) {
    Object.assign(this, { selection, sheet, history, field: selection.field, mode: "rest", composing: false });
    this.listeners = [];
    // What belongs to the field and is open: the field is left as it is meanwhile.
    this.opened = () => false;
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("compositionstart", () => {
      this.composing = true;
      this.#begin("typing");
    });
    this.field.addEventListener("compositionend", () => {
      this.composing = false;
      this.listeners.forEach((listener) => listener());
    });
    this.field.addEventListener("blur", () => setTimeout(() => this.#left(), 0));
    selection.before = () => this.commit();
    selection.onMove(() => this.show());
    sheet.onChange((records) => this.mode === "rest" && !this.opened() && selection.concerned(records) && this.show());
  }

  onType(listener) {
    this.listeners.push(listener);
  }

  get editable() {
    const { unit, place } = this.selection;
    return Boolean(unit) && this.sheet.editable(unit, place);
  }

  // The field as it is at rest: what stands, selected, and its name for screen readers.
  show() {
    const { unit, place } = this.selection;
    if (!unit) {
      return;
    }
    this.mode = "rest";
    const look = this.sheet.look(unit, place);
    this.field.value = look.text;
    this.field.readOnly = !this.editable;
    this.field.className = `sheet-field sheet-field--rest${place.kind === "choice" ? " sheet-field--choice" : ""}`;
    this.#role(this.field.readOnly ? "" : (OPENS[place.kind] ?? ""));
    const name = [unit.name, `${place.code} ${place.name}`, place.label, stateWord(look.state)];
    this.field.setAttribute("aria-label", name.filter(Boolean).join(say("comma")));
    this.field.toggleAttribute("aria-invalid", false);
    if (look.state === "refused") {
      this.field.setAttribute("aria-invalid", "true");
    }
    this.field.select();
  }

  // What the field opens, for screen readers; nothing where it is a field and no more.
  #role(opens) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-haspopup": opens, "aria-expanded": "false" })) {
      if (opens) {
        this.field.setAttribute(name, value);
      } else {
        this.field.removeAttribute(name);
      }
    }
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }

  #begin(mode) {
    if (this.editable && this.mode === "rest") {
      this.mode = mode;
      this.field.classList.remove("sheet-field--rest");
    }
  }

  #typed() {
    this.#begin("typing");
    this.listeners.forEach((listener) => listener());
  }

  edit() {
    this.#begin("editing");
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  // Put what is typed into the cell; what may not stand there is told by the server and stays as typed.
  commit() {
    if (this.mode === "rest") {
      return;
    }
    const { unit, place } = this.selection;
    const text = place.kind === "choice" || place.parts ? this.field.value.trim() : narrow(this.field.value).trim();
    this.mode = "rest";
    this.history.act([{ unit, place, to: text }]);
    this.show();
  }

  cancel() {
    this.show();
    this.listeners.forEach((listener) => listener());
  }

  // The focus went elsewhere: what was typed is not lost with it.
  #left() {
    if (document.activeElement !== this.field) {
      this.commit();
    }
  }
}
