"""Sigap (swift and ready): the software of a regency's 112 emergency room.

Records know themselves, desks join records, readers follow the journal, adapters touch the world,
`app` plugs it together. ARCHITECTURE.md tells where things go.
"""
