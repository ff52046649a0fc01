"""Jurnal: what happened, in order, unforgeable. The only code that touches the journal tables.

Tables: journal, journal_sealed, journal_head. Floor: ground; imports kernel alone.
"""
