// Put a box beside a cell, never over it, and within the table: what is said above and below it stays in sight.
const GAP = 12;

export function placeBeside(box, cell, view) {
  const at = cell.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const right = at.right + GAP + width < window.innerWidth;
  const room = view.room();
  const top = Math.max(room.top, Math.min(at.top - height / 3, room.bottom - height));
  box.style.left = `${right ? at.right + GAP : Math.max(8, at.left - width - GAP)}px`;
  box.style.top = `${top}px`;
}
