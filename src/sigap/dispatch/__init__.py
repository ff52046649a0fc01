"""Dispatch: send agencies and units to an incident, follow them to the end, close it.

Table: assignment (penugasan). Floor: desk; joins incidents and units, and is the only room that writes both of them
together with its own rows. `ranking` proposes, people decide.
"""
