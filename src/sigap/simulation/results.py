"""What simulated crews and officers report when they are done: by their trade, and the lead by what it was."""

from collections.abc import Mapping
from typing import Any, Final

LEAD: Final = {
    "MED": "transported_by_ambulance",
    "FIR": "fire_extinguished",
    "DIS": "rescued",
    "SEC": "handled_on_scene",
    "TRA": "handled_on_scene",
    "PPA": "handed_over",
    "OTH": "hazard_secured",
}
"""By category."""
LEAD_OF_TYPE: Final = {
    "FIR08": "hazard_secured",
    "FIR10": "hazard_secured",
    "FIR11": "rescued",
    "FIR12": "not_found",
    "FIR13": "handled_on_scene",
    "MED13": "treated_not_transported",
    "OTH08": "handed_over",
}
ASSISTING: Final = {
    "BPBD_DAMKAR": "hazard_secured",
    "DINKES_PSC119": "treated_not_transported",
    "RSU": "treated_not_transported",
    "PMI": "treated_not_transported",
    "PLN": "hazard_secured",
    "DLHK": "hazard_secured",
    "DP3A": "handed_over",
    "DINSOS": "handed_over",
}
HANDLED: Final = "handled_on_scene"


def result_of(job: Mapping[str, Any], incident: Mapping[str, Any]) -> str:
    """The result of one assignment of this incident; its type is unknown to those who see a restricted case masked."""
    if job["role"] != "lead":
        return ASSISTING.get(str(job["agency"]), HANDLED)
    known = LEAD_OF_TYPE.get(str(incident.get("type")))
    return known or LEAD.get(str(incident.get("category")), HANDLED)
