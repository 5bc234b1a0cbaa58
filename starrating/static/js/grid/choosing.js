// The list of what a cell can hold: options of a choice, marks of a checklist. The focus stays in the field; the list is what it
// controls. Keys pick directly: 1–9 the options in their order, 1 and 0 the marks.
import { make } from "./elements.js";
import { AWAY } from "./away.js";
import { say } from "./words.js";

export class Choosing {
  constructor(list, selection, editing) {
    Object.assign(this, { list, selection, editing, field: selection.field, at: 0, options: [] });
    this.listeners = [];
    this.editor = null;
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) {
        this.pick(Number(option.dataset.at));
      }
    });
    selection.onMove(() => this.close());
    this.field.addEventListener("blur", () => this.close());
    selection.view.scroller.addEventListener("scroll", () => this.close(), { passive: true });
  }

  // Told when the list opens and when it closes.
  onTurn(listener) {
    this.listeners.push(listener);
  }

  turned() {
    this.listeners.forEach((listener) => listener());
  }

  get open() {
    return !this.list.hidden;
  }

  // Open the list under the active cell; false where the cell has none.
  show() {
    const { unit, place } = this.selection;
    if (!this.editing.editable || place.kind === "number") {
      return false;
    }
    if (place.parts) {
      return this.editor.show();
    }
    this.editing.cancel();
    const text = this.editing.sheet.text(unit.id, place.header);
    this.options = [...place.options, ["", say("state.none"), ""]];
    this.list.replaceChildren(
      ...this.options.map(([value, label, key], at) =>
        make(
          "li",
          { role: "option", id: `sheet-option-${at}`, "data-at": at, "aria-selected": "false" },
          make("kbd", { className: key && key !== AWAY ? "" : "sheet-key--none" }, key === AWAY ? "" : key),
          make("span", { translate: "no" }, value === AWAY ? `${AWAY} ${label}` : label),
        ),
      ),
    );
    this.list.hidden = false;
    this.#place();
    this.field.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-controls", this.list.id);
    this.mark(Math.max(0, this.options.findIndex(([value]) => value === text)));
    this.turned();
    return true;
  }

  #place() {
    const cell = this.field.getBoundingClientRect();
    const height = this.list.offsetHeight;
    const below = cell.bottom + height < window.innerHeight;
    this.list.style.left = `${Math.min(cell.left, window.innerWidth - this.list.offsetWidth - 8)}px`;
    this.list.style.top = `${below ? cell.bottom : cell.top - height}px`;
  }

  mark(at) {
    const items = this.list.children;
    items[this.at]?.setAttribute("aria-selected", "false");
    this.at = (at + items.length) % items.length;
    items[this.at].setAttribute("aria-selected", "true");
    this.field.setAttribute("aria-activedescendant", items[this.at].id);
  }

  pick(at = this.at) {
    const value = this.options[at][0];
    const { unit, place } = this.selection;
    this.close();
    this.editing.history.act([{ unit, place, to: value }]);
    this.editing.show();
  }

  // Pick by key; false where no option has it.
  pickByKey(key) {
    const at = this.options.findIndex((option) => option[2] !== "" && option[2] === key);
    if (at < 0) {
      return false;
    }
    this.pick(at);
    return true;
  }

  close() {
    if (this.open) {
      this.list.hidden = true;
      this.field.setAttribute("aria-expanded", "false");
      this.field.removeAttribute("aria-activedescendant");
      this.field.removeAttribute("aria-controls");
      this.turned();
    }
  }
}
