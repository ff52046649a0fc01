"""SIP as the trunk speaks it (RFC 3261): reader, transport, transactions, dialogs, the trunk's end and a softphone.

The rule of this folder: never answer garbage, always answer what looks like an INVITE. Received values are kept and
echoed as text; nothing of a message is ever logged.
"""
