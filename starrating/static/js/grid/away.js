// How not applicable is shown, and what is read as it.
export const AWAY = "／";
export const SAYS_AWAY = new Set([AWAY, "/", "不适用"]);
