// What the grid says: aloud to screen readers, in a strip while something is wrong, in a toast that goes; and how much is done.
import { icon, make } from "./elements.js";
import { say } from "./words.js";

const TOAST_MS = 8000;

export class Notices {
  constructor(page, sheet, connection, signIn) {
    Object.assign(this, { page, sheet, connection, signIn });
    this.part = (name) => page.querySelector(`[data-notice="${name}"]`);
    sheet.onChange(() => this.#later());
    this.count();
  }

  tell(text) {
    this.part("live").textContent = "";
    this.part("live").textContent = text;
    this.part("told").textContent = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.part("told").textContent = ""), TOAST_MS);
  }

  toast(text) {
    const toast = make("div", { className: "toast" }, icon("check"), make("span", {}, text));
    const undo = make("button", { type: "button", className: "toast-act" }, say("undo"));
    undo.addEventListener("click", () => {
      toast.remove();
      this.onUndo();
    });
    toast.append(undo);
    document.querySelector(".toasts").replaceChildren(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
    this.tell(text);
  }

  #later() {
    this.page.dataset.waiting = "";
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.count();
    });
  }

  // How much is filled, what is wrong, what waits.
  count() {
    const found = this.sheet.counts();
    const share = found.of ? (100 * found.filled) / found.of : 0;
    this.part("filled").textContent = say("filled", { filled: found.filled.toLocaleString("en"), of: found.of.toLocaleString("en") });
    this.part("bar").setAttribute("width", `${share.toFixed(2)}%`);
    this.part("share").textContent = `${share.toFixed(1)}%`;
    for (const name of ["refused", "conflict"]) {
      const shown = this.part(name);
      shown.hidden = !found[name];
      shown.textContent = say(`${name}.count`, { count: found[name] });
    }
    this.part("blank").textContent = found.blank.toLocaleString("en");
    this.part("problem").textContent = String(found.refused + found.conflict);
    this.part("returned").textContent = String(found.returned);
    this.part("doubt").textContent = String(found.doubt);
    const states = found.waiting ? say(this.sheet.offline ? "waiting.count" : "saving.count", { count: found.waiting }) : "";
    this.part("state").textContent = states || (found.refused + found.conflict ? "" : say("all.saved"));
    this.page.dataset.waiting = found.waiting;
    this.#elsewhere(found.elsewhere);
    if (this.sheet.keeping.full) {
      this.#strip("full", "err", say("keeping.full"));
    }
  }

  // Cells of units that this page does not show are sent all the same; those that need somebody are named.
  #elsewhere(count) {
    const record = [...this.sheet.typed.values()].find((one) => !this.sheet.byId.has(one.unit));
    const shown = this.part("elsewhere");
    shown.hidden = !count || !record;
    if (!shown.hidden) {
      shown.href = `?township=${record.town}&show=problem`;
      shown.textContent = say("elsewhere", { count });
    }
  }

  // How the line stands.
  connected(kind, answer, before) {
    const count = this.sheet.counts().waiting;
    const told = {
      offline: () => this.#strip(kind, "warn", say("offline", { count }), null, "offline"),
      busy: () => this.#strip(kind, "warn", say("busy", { count })),
      signin: () => this.#strip(kind, "warn", say("signin", { count }), [say("signin.link"), this.signIn]),
      other: () => this.#strip(kind, "err", say("other", { name: answer.name ?? "" })),
      refused: () => this.#strip(kind, "err", answer.detail || say("refused.told", { count })),
    }[kind];
    if (told) {
      told();
    } else {
      const focused = this.part("strip").contains(document.activeElement);
      this.part("strip").hidden = true;
      if (focused) {
        this.onBack();
      }
      this.part("strip").dataset.kind = "";
      if (before && before !== "ok") {
        this.tell(say("connected"));
      }
    }
    this.count();
  }

  // The strip of a kind is made once: a link in it must not vanish under the press of a button.
  #strip(kind, colour, text, link = null, sign = "error") {
    const strip = this.part("strip");
    strip.hidden = false;
    if (strip.dataset.kind === kind) {
      strip.querySelector(".flash-text").textContent = text;
      return;
    }
    strip.dataset.kind = kind;
    strip.className = `flash flash--${colour} sheet-strip`;
    const act = link && make("a", { className: "flash-act", href: link[1], target: "_blank", rel: "opener" }, link[0]);
    strip.replaceChildren(icon(sign), make("div", { className: "flash-text" }, text), ...(act ? [act] : []));
    this.part("live").textContent = text;
  }
}
