// Small comforts on top of pages that work without them: toasts that go, dialogs that open, a password that can be read.
const TOAST_MS = 8000;

for (const toast of document.querySelectorAll("[data-toast]")) {
  let timer;
  const wait = () => {
    timer = setTimeout(() => toast.remove(), TOAST_MS);
  };
  const stay = () => clearTimeout(timer);
  toast.addEventListener("pointerenter", stay);
  toast.addEventListener("focusin", stay);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusout", wait);
  wait();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  const open = closer && closer.closest("dialog");
  if (open) {
    event.preventDefault();
    open.close();
    return;
  }
  const reveal = event.target.closest("[data-reveal]");
  const secret = reveal && document.getElementById(reveal.dataset.reveal);
  if (secret) {
    const shown = secret.type === "text";
    secret.type = shown ? "password" : "text";
    reveal.setAttribute("aria-pressed", String(!shown));
  }
});

for (const reveal of document.querySelectorAll("[data-reveal]")) {
  reveal.hidden = false;
}

// A form that came back: begin where its faults are listed.
document.getElementById("errors")?.focus();
