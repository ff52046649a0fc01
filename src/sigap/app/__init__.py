"""app: plugs the rooms together. The only place that builds things and starts processes.

Floor: the top. The HTTP app, the worker's loop, the supervisor with the embedded PostgreSQL, the command
line. It decides nothing about calls or incidents; it tables none.
"""
