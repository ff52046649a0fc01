"""Evidence (bukti): pure readers of what phones and trunks send about place and caller.

Floor: below the journal, above the kernel. Bytes in, facts or 'malformed' out; never an exception, never a delay, no I/O.
"""
