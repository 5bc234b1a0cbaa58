// How not applicable is shown, and what is read as it: the page says both, as the server reads them.
export let AWAY = null;
export let SAYS_AWAY = new Set();

export function learnAway(found) {
  [AWAY] = found;
  SAYS_AWAY = new Set(found);
}
