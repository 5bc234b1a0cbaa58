"""Yearly star rating of villages and communities: rules as data, exact results, reasons for every star."""

__version__ = "0.1.0"
