// The grid: fetch the sheet, put the parts together, connect the mouse and what stands around the table.
import { learnAway } from "./away.js";
import { Choosing } from "./choosing.js";
import { Clipboard } from "./clipboard.js";
import { Commands } from "./commands.js";
import { Conflicts } from "./conflicts.js";
import { Connection } from "./connection.js";
import { ask, prepare } from "./dialogs.js";
import { Editing } from "./editing.js";
import { Files } from "./files.js";
import { History } from "./history.js";
import { Keeping } from "./keeping.js";
import { Keyboard } from "./keyboard.js";
import { Notices } from "./notices.js";
import { Panel } from "./panel.js";
import { PartsEditor } from "./parts.js";
import { Mouse } from "./mouse.js";
import { Returned } from "./returned.js";
import { Saving } from "./saving.js";
import { Selection } from "./selection.js";
import { Sheet, keyOf } from "./sheet.js";
import { View } from "./view.js";
import { learn, say } from "./words.js";

const page = document.getElementById("sheet-page");
const byId = (name) => document.getElementById(name);

// On a phone the grid gives way to one unit a page: nothing is fetched for what nobody sees.
if (page && page.offsetParent !== null) {
  begin();
}

async function begin() {
  const answer = await fetch(page.dataset.sheet, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => null);
  if (!answer?.ok) {
    byId("sheet-loading").textContent = page.dataset.failed;
    return;
  }
  start(await answer.json());
}

function start(data) {
  learn(data.words);
  learnAway(data.away);
  const sheet = new Sheet(data, new Keeping(data.account, data.cycle, data.kind));
  sheet.narrow(page.dataset.show);
  const connection = new Connection(data);
  const view = new View(byId("sheet-view"), sheet);
  const selection = new Selection(view, sheet, byId("sheet-field"));
  const here = location.pathname + location.search;
  const notices = new Notices(page, sheet, connection, `${data.addresses.signIn}?${new URLSearchParams({ next: here })}`);
  const saving = new Saving(sheet, connection, (...told) => {
    notices.connected(...told);
    hide(told[0] === "other");
  });
  const history = new History(sheet, saving);
  const editing = new Editing(selection, sheet, history);
  const choosing = new Choosing(byId("sheet-options"), selection, editing);
  const grid = { sheet, view, selection, editing, choosing, history, saving, connection, notices, field: selection.field };
  grid.files = new Files(grid, byId("sheet-evidence"), () => panel.again());
  grid.help = () => ask(byId("sheet-keys")).then(() => selection.reveal());
  grid.leave = () => byId("sheet-after").focus();
  grid.commands = new Commands(grid, byId("sheet-reason"));
  grid.conflicts = new Conflicts(grid, byId("sheet-conflict"));
  new Returned(grid, byId("sheet-returned"));
  new Clipboard(grid, byId("sheet-paste"));
  new Keyboard(grid);
  new Mouse(grid);
  const panel = new Panel(grid, page);
  choosing.editor = new PartsEditor(grid, byId("sheet-parts"), (text) => panel.preview(text));
  editing.opened = () => choosing.open || choosing.editor.open;
  choosing.onTurn(() => editing.mode === "rest" && !editing.opened() && editing.show());
  prepare(page);
  around(grid);
  page.dataset.ready = "true";
  byId("sheet-nothing").hidden = sheet.shown.length > 0;
  begun(grid);
}

// The first cell is where the page begins, or the first problem where the address asks for those.
// Values that stand out are looked for in the whole district, which takes a moment: they are marked when they are known.
async function doubt({ sheet, connection }) {
  const answer = await connection.get(connection.addresses.doubts);
  for (const one of answer.kind === "ok" ? answer.data.doubts : []) {
    sheet.doubts.set(keyOf(one.unit, one.header), one);
  }
  sheet.changed();
}

async function begun(grid) {
  const { sheet, view, selection, commands, saving } = grid;
  const { show } = page.dataset;
  selection.go(0, 0);
  const known = doubt(grid);
  if (show === "problem" || show === "doubt" || show === "returned") {
    await { doubt: () => known, problem: () => saving.flush(), returned: () => null }[show]();
    narrowed(sheet, view, show);
    selection.go(0, 0);
    if (selection.unit && !sheet.needs(selection.unit.id, selection.place.header)) {
      commands.problem(1);
    }
  }
  saving.soon(0);
}

function narrowed(sheet, view, show) {
  sheet.narrow(show);
  view.reset();
  byId("sheet-nothing").hidden = sheet.shown.length > 0;
}

// Buttons, the filter, leaving the page.
function around(grid) {
  const { commands, history, sheet, selection, view, editing, choosing, saving, notices } = grid;
  const keep = () => {
    choosing.editor.commit();
    editing.commit();
  };
  notices.onUndo = () => commands.undo();
  notices.onBack = () => selection.reveal();
  byId("sheet-undo").addEventListener("click", () => commands.undo());
  page.querySelector("[data-panel=files-open]").addEventListener("click", () => grid.files.show());
  byId("sheet-evidence-button").addEventListener("click", () => grid.files.show());
  byId("sheet-reason-button").addEventListener("click", () => commands.reason());
  byId("sheet-after").addEventListener("click", () => grid.help());
  history.onChange(() => (byId("sheet-undo").disabled = history.done.length === 0));
  page.addEventListener("click", (event) => {
    const filter = event.target.closest("a[data-show]");
    if (!filter || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    keep();
    for (const one of page.querySelectorAll("a[data-show]")) {
      one.toggleAttribute("aria-current", false);
    }
    filter.setAttribute("aria-current", "true");
    window.history.replaceState(null, "", filter.href);
    narrowed(sheet, view, filter.dataset.show);
    selection.go(0, 0, { focus: false });
    notices.tell(say("shown", { count: sheet.shown.length }));
  });
  window.addEventListener("pagehide", keep);
  window.addEventListener("beforeunload", (event) => {
    keep();
    if (sheet.keeping.full && saving.waiting().length) {
      event.preventDefault();
    }
  });
}

// Somebody else signed in on this computer: what this page shows is not theirs.
function hide(away) {
  byId("sheet-view").hidden = away;
  byId("sheet-dock").hidden = away;
}
