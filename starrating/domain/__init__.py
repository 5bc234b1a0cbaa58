"""The rules of star rating: standard library and NumPy only, no files, no clock, no words for people."""
