"""Panggilan: what the voice process reported of each call, what became of it, and the seats (meja).

Tables: call, callback, seat, recording_play, voice_fact, call_raw. Floor: records; knows no incident but by id.
"""
