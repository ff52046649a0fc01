"""Laporan: what the room did, in figures that add up; the national feed.

Reads every room's tables and writes none. Floor: readers.
"""
