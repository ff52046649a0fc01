"""Identitas: people and machines, their roles, permissions and sessions.

Tables: account (journalled), password, session, idempotency. Floor: ground, above the journal.
"""
