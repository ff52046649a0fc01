"""Unit/Tim dan Instansi: the agencies' roster, their units, readiness and position.

Tables: agency, unit (journalled); unit_position (not: latest wins). Floor: records; knows no incident and no assignment
but the id that a unit is bound to.
"""
