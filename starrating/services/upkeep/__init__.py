"""What an operator's commands do: keys renewed, old files and names gone, stored sheets worked out again."""
