"""When X has happened, do Y: follows the journal and keeps the clocks of the room.

Table: reaction_cursor; jobs are procrastinate's rows, written in one transaction with the cursor. Floor: reader; the
only reader that calls the desks' verbs. One file a reaction: `escalation`. `runner` is what the worker process runs.
"""
