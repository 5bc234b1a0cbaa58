// The sum of points, exactly: decimal texts as whole numbers of their smallest place.
export function sum(texts) {
  const places = Math.max(0, ...texts.map((text) => (text.split(".")[1] ?? "").length));
  const total = texts.reduce((gone, text) => gone + whole(text, places), 0n);
  return written(total, places);
}

function whole(text, places) {
  const [front, back = ""] = text.replace("-", "").split(".");
  const number = BigInt(front + back.padEnd(places, "0"));
  return text.startsWith("-") ? -number : number;
}

function written(number, places) {
  const digits = String(number < 0n ? -number : number).padStart(places + 1, "0");
  const front = digits.slice(0, digits.length - places);
  const back = digits.slice(digits.length - places).replace(/0+$/, "");
  return (number < 0n ? "-" : "") + front + (back && `.${back}`);
}
