// The columns of the table from the columns of the scores: an indicator of several parts (items, severities, periods) is one.
import { say } from "./words.js";

export function joined(cells) {
  const groups = [];
  for (const cell of cells) {
    if (groups.at(-1)?.[0].code === cell.code) {
      groups.at(-1).push(cell);
    } else {
      groups.push([cell]);
    }
  }
  return groups.map((parts) => (parts.length === 1 ? parts[0] : column(parts)));
}

// Its header is the indicator's code, which is no score's header.
function column(parts) {
  const [first] = parts;
  const marks = parts.every((part) => part.kind === "mark");
  const hint = say(marks ? "parts.marks" : "parts.each", { count: parts.length });
  return { ...first, header: first.code, label: "", part: "", period: "", kind: "parts", options: [], hint, parts };
}
