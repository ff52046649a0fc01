"""Voice (suara): the process that owns calls, queue, seats' presence and recording.

Floor: reader, a process of its own. Imports nothing of the rooms but `kernel` and `evidence`, so that it answers, records
and shows what the phone sent with api and database dead. Keeps no tables: a spool of facts, recordings, saved calls.
"""
