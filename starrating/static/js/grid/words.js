// The sentences of the page: they come with the sheet, in the language of the session; facts stand in braces.
let words = {};

export function learn(found) {
  words = found;
}

export function say(name, facts = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, fact) => (fact in facts ? String(facts[fact]) : whole));
}

// Full-width digits, point and minus sign as their ASCII twins: what the server reads them as, too.
export function narrow(text) {
  return text.replace(/[\uff10-\uff19\uff0e\uff0d]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));
}
