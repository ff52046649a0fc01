"""Ruang langsung: the present state of the room, as each person may see it, and every change as it happens.

Reads the journal; owns no table. Floor: readers.
"""
