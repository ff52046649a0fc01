"""Meja Panggilan's verbs: open an incident, place it, say what it is, join a call to it, open a restricted case.

Tables: none of its own. Floor: desks; joins calls and incidents, reads assignments by incident.
"""
