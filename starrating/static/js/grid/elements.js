// Making elements, and the icons that the page brings along in a template.
const NAMES = { className: "class" };

export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(NAMES[name] ?? name, value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// An icon hides from screen readers: the word beside it speaks.
export function icon(name) {
  const found = document.getElementById("sheet-icons").content.querySelector(`[data-icon="${name}"] svg`);
  return found ? found.cloneNode(true) : null;
}

// Words of a scheme or of a person, which no browser should translate.
export const verbatim = (text) => make("span", { translate: "no" }, text);

export const unseen = (text) => make("span", { className: "unseen" }, text);
