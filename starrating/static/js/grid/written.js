// An indicator of several parts as one text: name=value, each part once, parted by ；. The names are those of the columns in
// workbooks without the code of the indicator (`抛荒`, `党课@Q1`), so that a text is the same in every language; what the page
// calls a part is understood as well. A checklist may also be written as the items that hold: the others do not.
import { AWAY, SAYS_AWAY } from "./away.js";
import { narrow, say } from "./words.js";

export const BETWEEN = "\uff1b";
const EQUALS = "=";
const MOST_SHOWN = 4;
const GAP = /^[\s\uff1b;]+/;
const SIGN = /^\s*[=\uff1d\uff1a:]\s*/;

export const nameOf = (part) => part.header.slice(part.code.length).replace(/^[.@]/, "");

// The text of the parts' texts, in their order.
export function written(column, texts) {
  if (texts.every((text) => text === AWAY)) {
    return AWAY;
  }
  const known = column.parts.map((part, at) => [nameOf(part), texts[at]]).filter(([, text]) => text !== "");
  return known.map(([name, text]) => `${name}${EQUALS}${text}`).join(BETWEEN);
}

// The parts' texts in their order; null where the text does not say them.
export function read(column, text) {
  const source = text.trim();
  if (SAYS_AWAY.has(source)) {
    return column.parts.map(() => AWAY);
  }
  const found = new Map();
  let listed = false;
  let rest = source;
  while ((rest = rest.replace(GAP, "")) !== "") {
    const [part, name] = begins(column, rest);
    if (!part || found.has(part)) {
      return null;
    }
    rest = rest.slice(name.length);
    const sign = SIGN.exec(rest);
    if (sign) {
      const [value] = rest.slice(sign[0].length).split(/[\uff1b;\n]/, 1);
      rest = rest.slice(sign[0].length + value.length);
      found.set(part, part.kind === "choice" ? value.trim() : narrow(value).trim());
    } else if (part.kind === "mark" && (rest === "" || GAP.test(rest))) {
      listed = true;
      found.set(part, "1");
    } else {
      return null;
    }
  }
  return column.parts.map((part) => found.get(part) ?? (listed ? "0" : ""));
}

// The part that a text begins with: of names of which one begins the other, the longest.
function begins(column, text) {
  const names = column.parts.flatMap((part) => [[part, nameOf(part)], [part, part.label]]);
  const fit = names.filter(([, name]) => name && text.startsWith(name));
  return fit.sort(([, one], [, other]) => other.length - one.length)[0] ?? [null, ""];
}

// What a cell shows of it: how many items of a checklist hold, the numbers of few parts, of many how much is filled.
export function face(column, texts) {
  if (texts.every((text) => text === "")) {
    return "";
  }
  if (texts.every((text) => text === AWAY)) {
    return AWAY;
  }
  const marks = column.parts.every((part) => part.kind === "mark");
  if (marks && texts.every((text) => text === "0" || text === "1")) {
    return `${texts.filter((text) => text === "1").length} / ${texts.length}`;
  }
  if (texts.length <= MOST_SHOWN) {
    return texts.map((text) => text || "–").join(" · ");
  }
  return say("parts.filled", { filled: texts.filter((text) => text !== "").length, of: texts.length });
}
