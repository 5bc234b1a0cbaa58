"""Whether the rows of tables can be read: no two texts on each other, none squeezed to a column of characters."""

from __future__ import annotations

from playwright.sync_api import Page

LOOK = """() => {
  const faults = []
  for (const row of document.querySelectorAll('.table--rows tbody tr')) {
    const cells = [...row.children].filter(cell => cell.getClientRects().length && cell.textContent.trim())
    const texts = cells.map(cell => cell.textContent.trim())
    const boxes = cells.map(cell => {
      const range = document.createRange()
      range.selectNodeContents(cell)
      return range.getBoundingClientRect()
    })
    boxes.forEach((box, i) => {
      if (texts[i].length > 3 && box.width < 30 && box.height > 64) faults.push(`squeezed: ${texts[i]}`)
      for (let j = i + 1; j < boxes.length; j += 1) {
        const wide = Math.min(box.right, boxes[j].right) - Math.max(box.left, boxes[j].left)
        const high = Math.min(box.bottom, boxes[j].bottom) - Math.max(box.top, boxes[j].top)
        if (wide > 2 && high > 4) faults.push(`on each other: ${texts[i]} | ${texts[j]}`)
      }
    })
  }
  return faults
}"""


def crowded(page: Page) -> list[str]:
    """The cells of tables that lie on another one or are squeezed, by what they say."""
    found: list[str] = page.evaluate(LOOK)
    return found
