// Dialogs over the grid: what a paste would come to, a reason, the keys. Each gives back what was decided and the focus.
export function ask(dialog, fill = () => {}) {
  return new Promise((resolve) => {
    fill(dialog);
    const close = () => {
      dialog.removeEventListener("close", close);
      resolve(dialog.returnValue);
    };
    dialog.returnValue = "";
    dialog.addEventListener("close", close);
    dialog.showModal();
  });
}

// The parts of a dialog that its content is put into, by name.
export const part = (dialog, name) => dialog.querySelector(`[data-part="${name}"]`);

// Buttons say with which value their dialog ends.
export function prepare(root) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-answer]");
    if (button) {
      event.preventDefault();
      button.closest("dialog").close(button.dataset.answer);
    }
  });
}
