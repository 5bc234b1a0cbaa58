// What was typed and is not saved yet stays in this browser, each cell under the account, the year and the kind of units that
// it was typed for. Another account reads only what is its own. What was saved is taken away.
const ROOT = "starrating.grid";

export class Keeping {
  constructor(account, cycle, kind) {
    this.prefix = `${ROOT}.${account}.${cycle}.${kind}.`;
    this.full = false;
  }

  all() {
    const found = [];
    for (const name of this.#names()) {
      try {
        const one = JSON.parse(localStorage.getItem(name));
        if (Number.isInteger(one?.unit) && typeof one.header === "string" && typeof one.text === "string") {
          found.push(one);
        }
      } catch {
        // What cannot be read is none of ours.
      }
    }
    return found;
  }

  // False where the browser has no room or does not allow it.
  save(one) {
    try {
      localStorage.setItem(this.#name(one), JSON.stringify(one));
      this.full = false;
    } catch {
      this.full = true;
    }
    return !this.full;
  }

  // Another page of the same account may have typed something newer meanwhile: that stays.
  remove(one, text) {
    const kept = this.#read(one);
    if (!kept || kept.text === text) {
      try {
        localStorage.removeItem(this.#name(one));
      } catch {
        // Nothing was kept either.
      }
    }
  }

  #read(one) {
    try {
      return JSON.parse(localStorage.getItem(this.#name(one)));
    } catch {
      return null;
    }
  }

  #name(one) {
    return `${this.prefix}${one.unit}:${one.header}`;
  }

  #names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
    } catch {
      return [];
    }
  }
}
