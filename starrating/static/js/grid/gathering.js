// Blocks out of workbooks have a column for every part of an indicator; the table has one. Such a block is taken together again.
import { SAYS_AWAY } from "./away.js";
import { read, written } from "./written.js";

// The rows as they go into the columns, from the first one on: as they are where they say parts by name or where they could not
// be a block of single parts, whose width ends where an indicator ends.
export function gathered(rows, columns) {
  const width = Math.max(...rows.map((row) => row.length));
  const spans = columns.map((column) => column.parts?.length ?? 1);
  const count = ending(spans, width);
  const within = columns.slice(0, count);
  if (!count || !within.some((column) => column.parts) || named(rows, columns)) {
    return rows;
  }
  return rows.map((row) => {
    let at = 0;
    return within.map((column, place) => {
      const texts = Array.from({ length: spans[place] }, (_none, step) => (row[at + step] ?? "").trim());
      at += spans[place];
      return column.parts ? written(column, texts) : texts[0];
    });
  });
}

// How many columns have exactly this many parts together; 0 where none do.
function ending(spans, width) {
  let sum = 0;
  const at = spans.findIndex((span) => (sum += span) >= width);
  return sum === width ? at + 1 : 0;
}

// True where a text names parts.
function named(rows, columns) {
  return rows.some((row) => row.some((text, at) => columns[at]?.parts && text.trim() && !SAYS_AWAY.has(text.trim()) && read(columns[at], text)));
}
