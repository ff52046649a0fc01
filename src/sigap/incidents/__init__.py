"""Kejadian: what happened, where, how urgent, and who may read it.

Tables: incident, incident_note, incident_access, ticket_day. Floor: records; knows no call, unit or assignment but by id.
"""
