// The table on the screen. Only the rows in sight are in the document; the rows before and after them are one high row each.
import { icon, make, unseen, verbatim } from "./elements.js";
import { paint } from "./painting.js";
import { say } from "./words.js";

const BEYOND = 8;
const HEAD_ROWS = 3;
const LONG_NAME = 9;

export class View {
  constructor(scroller, sheet) {
    this.scroller = scroller;
    this.sheet = sheet;
    this.rows = new Map();
    this.height = 30;
    this.body = make("tbody");
    this.above = spacer();
    this.below = spacer();
    this.table = make("table", { className: "sheet", role: "grid", "aria-multiselectable": "true", "aria-label": say("grid") });
    this.table.append(this.#widths(), this.#head(), this.body);
    scroller.replaceChildren(this.table);
    scroller.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => this.#later()).observe(scroller);
    sheet.onChange((records) => this.refresh(records));
    this.reset();
  }

  // Begin anew: the rows that are shown have changed.
  reset() {
    this.rows.clear();
    this.body.replaceChildren(this.above, this.below);
    this.table.setAttribute("aria-rowcount", this.sheet.shown.length + HEAD_ROWS);
    this.table.setAttribute("aria-colcount", this.sheet.columns.length + 1 + (this.sheet.full ? 1 : 0));
    this.render();
    this.height = this.rows.get(0)?.getBoundingClientRect().height || this.height;
    this.render();
  }

  #later() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      this.render();
    });
  }

  render() {
    const count = this.sheet.shown.length;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / this.height) - BEYOND);
    const last = Math.min(count, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / this.height) + BEYOND);
    for (const [index, row] of this.rows) {
      if (index < first || index >= last) {
        this.onLeave?.(index, row);
        row.remove();
        this.rows.delete(index);
      }
    }
    let after = this.below;
    for (let index = last - 1; index >= first; index -= 1) {
      let row = this.rows.get(index);
      if (!row) {
        row = this.#row(index);
        this.rows.set(index, row);
        this.body.insertBefore(row, after);
        this.onEnter?.(index, row);
      }
      after = row;
    }
    this.above.firstChild.style.height = `${first * this.height}px`;
    this.below.firstChild.style.height = `${(count - Math.max(last, first)) * this.height}px`;
    this.above.hidden = first === 0;
    this.below.hidden = last >= count;
  }

  cell(row, column) {
    return this.rows.get(row)?.cells[column + 1];
  }

  // Bring a cell into sight, clear of the frozen head and column.
  reveal(row, column) {
    const { scroller } = this;
    const head = this.table.tHead.offsetHeight;
    const top = row * this.height;
    const room = scroller.clientHeight - head - this.height;
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    } else if (top > scroller.scrollTop + room) {
      scroller.scrollTop = top - room;
    }
    this.render();
    const cell = this.cell(row, column);
    const frozen = this.corner.offsetWidth;
    const left = cell.offsetLeft - frozen;
    const totals = this.totals?.offsetWidth ?? 0;
    const right = cell.offsetLeft + cell.offsetWidth - scroller.clientWidth + totals;
    if (left < scroller.scrollLeft) {
      scroller.scrollLeft = left;
    } else if (right > scroller.scrollLeft) {
      scroller.scrollLeft = right;
    }
    return cell;
  }

  // Where on the screen the cells are.
  room() {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    return { top: top + this.table.tHead.offsetHeight, bottom };
  }

  pageRows() {
    return Math.max(1, Math.floor((this.scroller.clientHeight - this.table.tHead.offsetHeight) / this.height) - 1);
  }

  // Paint the cells of these records again, all of them where none is named.
  refresh(records) {
    if (!records.length) {
      for (const [index, row] of this.rows) {
        this.sheet.columns.forEach((_column, place) => this.#paint(row.cells[place + 1], index, place));
      }
      return;
    }
    const rowOf = new Map([...this.rows.keys()].map((index) => [this.sheet.shown[index].id, index]));
    for (const record of records) {
      const index = rowOf.get(record.unit);
      const place = this.sheet.places.get(record.header);
      if (index !== undefined && place !== undefined) {
        this.#paint(this.cell(index, place), index, place);
        this.#total(this.rows.get(index), record.unit);
      }
    }
  }

  #paint(cell, index, place) {
    const column = this.sheet.columns[place];
    const look = this.sheet.look(this.sheet.shown[index], column);
    paint(cell, column, look, look.state === "locked" && this.sheet.closed(column));
  }

  #row(index) {
    const unit = this.sheet.shown[index];
    const name = make("th", { scope: "row", role: "rowheader", className: "sheet-unit", "aria-colindex": 1 });
    const long = unit.name.length > LONG_NAME ? " sheet-name--long" : "";
    const number = make("span", { className: "sheet-number", "aria-hidden": "true" }, String(index + 1));
    name.append(number, make("span", { className: `sheet-name${long}`, translate: "no" }, unit.name));
    const row = make("tr", { role: "row", "aria-rowindex": index + HEAD_ROWS + 1 }, name);
    this.sheet.columns.forEach((column, place) => {
      const part = place && this.sheet.columns[place - 1].root === column.root ? "" : " sheet-cell--first";
      const cell = make("td", { role: "gridcell", "aria-colindex": place + 2, className: `score${part}`, "aria-selected": "false" });
      cell.append(make("span", { className: "sheet-face" }));
      row.append(cell);
      const look = this.sheet.look(unit, column);
      paint(cell, column, look, look.state === "locked" && this.sheet.closed(column));
    });
    if (this.sheet.full) {
      row.append(make("td", { role: "gridcell", className: "sheet-total", "aria-colindex": this.sheet.columns.length + 2, "aria-readonly": "true" }));
      this.#total(row, unit.id);
    }
    return row;
  }

  #total(row, unit) {
    if (this.sheet.full) {
      row.lastChild.textContent = this.sheet.total(unit);
    }
  }

  #widths() {
    const wide = (column) => (column.kind === "choice" || column.parts?.length > 2 ? "sheet-col sheet-col--wide" : "sheet-col");
    const columns = this.sheet.columns.map((column) => make("col", { className: wide(column) }));
    return make("colgroup", {}, make("col", { className: "sheet-col--unit" }), ...columns, this.sheet.full ? make("col", { className: "sheet-col--total" }) : "");
  }

  // Three rows: first-level indicators, indicators, the one part of those that have a single one; that row only where there are
  // any. The rows below are counted from the fourth on in any case.
  #head() {
    const { columns, units } = this.sheet;
    const rows = columns.some((column) => column.label) ? HEAD_ROWS : HEAD_ROWS - 1;
    const townships = new Set(units.map((unit) => unit.town)).size;
    this.corner = make("th", { className: "sheet-corner", rowspan: rows, scope: "col", "aria-colindex": 1 });
    this.corner.append(say("units", { count: units.length, towns: townships }));
    const heads = [make("tr", { role: "row", "aria-rowindex": 1 }, this.corner)];
    heads.push(...[2, 3].slice(0, rows - 1).map((place) => make("tr", { role: "row", "aria-rowindex": place })));
    for (const [place, span] of runs(columns, "root")) {
      const { root, rootName, rootHigh } = columns[place];
      const full = rootHigh ? say("points", { points: rootHigh }) : "";
      heads[0].append(this.#headCell(place, span, 1, "sheet-root", verbatim(`${root} ${rootName}${full}`)));
    }
    for (const [place, span] of runs(columns, "code")) {
      const column = columns[place];
      const split = Boolean(column.label);
      const locked = this.sheet.closed(column) ? make("span", { className: "sheet-lock" }, icon("lock"), unseen(say("state.locked"))) : null;
      const name = make("span", { className: "sheet-title" }, verbatim(column.name));
      const hint = split || !column.hint ? null : make("span", { className: "sheet-hint" }, column.hint);
      const code = make("b", { translate: "no" }, column.code);
      heads[1].append(this.#headCell(place, span, split ? 1 : rows - 1, "sheet-code", code, locked, name, hint));
    }
    columns.forEach((column, place) => {
      if (column.label) {
        const period = column.period && column.part ? make("span", { className: "sheet-period" }, verbatim(column.period)) : null;
        heads[2].append(this.#headCell(place, 1, 1, "sheet-part", period, verbatim(period ? column.part : column.label)));
      }
    });
    if (this.sheet.full) {
      this.totals = make("th", { className: "sheet-total", rowspan: rows, scope: "col", "aria-colindex": columns.length + 2 });
      this.totals.append(make("b", {}, say("total")), make("span", { className: "sheet-hint" }, say("total.full", { points: this.sheet.full })));
      heads[0].append(this.totals);
    }
    return make("thead", {}, ...heads);
  }

  #headCell(place, span, rows, kind, ...content) {
    const { columns } = this.sheet;
    const first = place && columns[place - 1].root === columns[place].root ? "" : " sheet-cell--first";
    const facts = { className: `sheet-head ${kind}${first}`, colspan: span, rowspan: rows, scope: span > 1 ? "colgroup" : "col" };
    const head = make("th", { ...facts, role: "columnheader", "aria-colindex": place + 2, "data-place": place, "data-span": span });
    head.append(make("span", { className: "sheet-head-text" }, ...content.filter(Boolean)));
    return head;
  }
}

function spacer() {
  return make("tr", { role: "presentation", "aria-hidden": "true" }, make("td", { className: "sheet-spacer" }));
}

// Where a value of a column begins and how many columns in a row have it.
function runs(columns, name) {
  const found = [];
  columns.forEach((column, place) => {
    if (place && columns[place - 1][name] === column[name]) {
      found.at(-1)[1] += 1;
    } else {
      found.push([place, 1]);
    }
  });
  return found;
}
