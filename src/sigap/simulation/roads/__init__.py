"""Made-up roads for the demo (peta sintetis): from a seed, an ordinary OpenStreetMap file of a plausible regency.

No public extract of the regency can be shipped. The same seed gives the same bytes; every road says `source=synthetic`,
the import reads it like any other file, and the map says what it is.
"""
