"""Who should go (usulan): capability first, then readiness, then travel time by road; each proposal with its reason.

`response` says which unit types answer what, `order` ranks, `proposal` reads the room and puts both together.
"""
