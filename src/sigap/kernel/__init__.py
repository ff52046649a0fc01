"""What every room stands on: time, ids, places, refusals, settings, folders, the database pool.

Floor: ground. Imports nothing of Sigap.
"""
