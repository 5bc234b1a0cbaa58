"""Values as they come in: typed into a grid, from a workbook or another system, each with its history."""
