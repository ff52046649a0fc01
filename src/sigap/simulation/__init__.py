"""Kota demo: callers, operators, dispatcher, officers and crews who use the room as people do, by SIP and HTTP.

Visibly a demo: names end in "Demo", numbers are of the unassigned range +62 000. Floor: beside the adapters.
"""
