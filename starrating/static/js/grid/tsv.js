// Blocks of cells as spreadsheets copy them: rows by line ends, cells by tabs, cells with either of them in quotes.
export function parse(text) {
  const source = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  return read(source, true) ?? read(source, false);
}

// Null where a quote is not closed: then it is a letter like any other.
function read(source, quotes) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < source.length; index += 1) {
    const letter = source[index];
    if (quoted) {
      if (letter === '"' && source[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else if (letter === '"') {
        quoted = false;
      } else {
        cell += letter;
      }
    } else if (quotes && letter === '"' && cell === "") {
      quoted = true;
    } else if (letter === "\t") {
      rows.at(-1).push(cell);
      cell = "";
    } else if (letter === "\n") {
      rows.at(-1).push(cell);
      rows.push([]);
      cell = "";
    } else {
      cell += letter;
    }
  }
  if (quoted) {
    return null;
  }
  rows.at(-1).push(cell);
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") {
    rows.pop();
  }
  return rows;
}

export function format(rows) {
  const quote = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(quote).join("\t")).join("\r\n");
}
