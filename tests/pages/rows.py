"""Whether the rows of tables can be read: no two texts on each other, none squeezed to a column of characters."""

from __future__ import annotations

from playwright.sync_api import Page

LOOK = """() => {
  const faults = []
  const seen = cell => {  // the texts that are read by eye, and the box round them
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    const said = [], rects = []
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (!node.data.trim() || node.parentElement.closest('.unseen')) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      said.push(node.data.trim())
      rects.push(...range.getClientRects())
    }
    const edge = (pick, name) => pick(...rects.map(rect => rect[name]))
    return rects.length && {text: said.join(' '), left: edge(Math.min, 'left'), right: edge(Math.max, 'right'),
                            top: edge(Math.min, 'top'), bottom: edge(Math.max, 'bottom')}
  }
  for (const row of document.querySelectorAll('.table--rows tbody tr')) {
    const cells = [...row.children].map(seen).filter(cell => cell)
    cells.forEach((cell, i) => {
      if (cell.text.length > 3 && cell.right - cell.left < 30 && cell.bottom - cell.top > 64) {
        faults.push(`squeezed: ${cell.text}`)
      }
      for (const other of cells.slice(i + 1)) {
        const wide = Math.min(cell.right, other.right) - Math.max(cell.left, other.left)
        const high = Math.min(cell.bottom, other.bottom) - Math.max(cell.top, other.top)
        if (wide > 2 && high > 4) faults.push(`on each other: ${cell.text} | ${other.text}`)
      }
    })
  }
  return faults
}"""


def crowded(page: Page) -> list[str]:
    """The cells of tables that lie on another one or are squeezed, by what they say."""
    found: list[str] = page.evaluate(LOOK)
    return found
