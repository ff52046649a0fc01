"""Two desks send the same unit in the same instant, 200 times over HTTP: exactly one wins, and the other is told who."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.scenes.stage import LAT, LON, Person, stage

pytestmark = pytest.mark.scene

ROUNDS = 200


async def opened(desk: Person, where: str) -> dict[str, Any]:
    """A house fire without a call."""
    place = {"lon": LON, "lat": LAT, "text": where}
    body = {"type": "FIR01", "place": place, "narrative": "Dapur terbakar", "intake_channel": "radio"}
    return await desk.post("/api/incidents", body)


async def test_one_unit_two_desks_200_times() -> None:
    async with stage() as room:
        desks = [await room.sign_in("dispatcher1"), await room.sign_in("penyelia1")]
        incidents = [await opened(desks[0], "Jalan Melati 3"), await opened(desks[1], "Jalan Kenanga 9")]
        unit = next(unit for unit in await desks[0].rows("unit") if unit["code"] == "DMK-01")
        order = {"assign": [{"agency": unit["agency"], "unit_id": unit["id"], "role": "lead"}]}

        async def send(desk: int) -> httpx.Response:
            return await desks[desk].send(f"/api/incidents/{incidents[desk]['id']}/assignments", order)

        wins: Counter[int] = Counter()
        for turn in range(ROUNDS):
            first = turn % 2
            answers = await asyncio.gather(send(first), send(1 - first))
            by_desk = dict(zip((first, 1 - first), answers, strict=True))
            (winner,) = [desk for desk, answer in by_desk.items() if answer.status_code == 201]
            lost = by_desk[1 - winner]
            (won,) = by_desk[winner].json()["assignments"]
            wins[winner] += 1
            check_refusal(lost, unit, winner=desks[winner], incident=incidents[winner], assignment=won)
            await desks[0].post(f"/api/assignments/{won['id']}/cancel", {"reason": "wrong_unit"})

        assert sum(wins.values()) == ROUNDS
        assert len(wins) == 2, f"the race was never a race: {wins}"
        jobs = await desks[0].rows("assignment")
        assert Counter(job["incident_id"] for job in jobs) == {
            incidents[desk]["id"]: count for desk, count in wins.items()
        }
        assert {job["state"] for job in jobs} == {"cancelled"}
        (unit,) = [one for one in await desks[0].rows("unit") if one["id"] == unit["id"]]
        assert (unit["status"], unit["assignment_id"]) == ("available", None)


def check_refusal(
    answer: httpx.Response,
    unit: dict[str, Any],
    *,
    winner: Person,
    incident: dict[str, Any],
    assignment: dict[str, Any],
) -> None:
    """The loser learns which unit went, who sent it, when and where to."""
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "unit.taken"), problem
    assert answer.headers["content-type"] == "application/problem+json"
    facts = problem["facts"]
    assert facts["unit"] == unit["code"]
    assert facts["by"] == winner.session["account"]["display_name"]
    assert (facts["incident_id"], facts["ticket"]) == (incident["id"], incident["ticket_number"])
    assert facts["at"] == assignment["sent_at"]
    assert facts["by"] in problem["detail"]
