// A cell on the screen: word, shape and colour of its state.
import { icon, unseen } from "./elements.js";
import { AWAY } from "./away.js";
import { say } from "./words.js";

const SIGNS = { saving: "ring", saved: "check", refused: "error", conflict: "conflict", locked: "lock", returned: "back", waiting: "offline", doubt: "warning" };
const MARKS = { 1: "mark-1", 0: "mark-0" };

// The word of a state, for people who do not see its colour; nothing for what is simply stored.
export const stateWord = (state) => (state ? say(`state.${state}`) : "");

export function paint(cell, column, look, quiet = false) {
  const states = [look.state && `score--${look.state}`, column.kind === "choice" && "score--choice", column.parts && "score--parts"].filter(Boolean);
  cell.className = ["score", "sheet-cell", ...states, ...kept(cell)].join(" ");
  const face = cell.firstChild;
  const away = look.text === AWAY;
  const shown = document.createElement("span");
  shown.className = "sheet-text";
  shown.translate = false;
  shown.textContent = look.face ?? look.text;
  if (away) {
    shown.setAttribute("aria-hidden", "true");
  }
  const words = [away ? say("state.inapplicable") : "", look.state === "inapplicable" ? "" : stateWord(look.state)];
  const sign = SIGNS[look.state];
  const spoken = words.filter(Boolean).join(say("comma"));
  face.replaceChildren(...[sign && !quiet && icon(sign), shown, spoken && unseen(spoken)].filter(Boolean));
  cell.toggleAttribute("aria-invalid", false);
  if (look.state === "refused") {
    cell.setAttribute("aria-invalid", "true");
  }
  if (look.state === "locked") {
    cell.setAttribute("aria-readonly", "true");
  } else {
    cell.removeAttribute("aria-readonly");
  }
}

// What the selection put on a cell stays when its state changes.
const kept = (cell) => ["sheet-cell--active", "sheet-cell--chosen", "sheet-cell--first"].filter((name) => cell.classList.contains(name));

export const markWord = (text) => (text in MARKS ? say(MARKS[text]) : "");
