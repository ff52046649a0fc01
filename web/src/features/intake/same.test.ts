import { describe, expect, it } from "vitest";
import type { Incident } from "@/live/rows";
import { askedPlace, sameIncidents } from "./same";

const at = Date.parse("2026-11-24T12:42:00Z") / 1000;
const incident = (over: Partial<Incident>): Incident => ({
  id: "i1",
  rev: 1,
  ticket_number: "112-20261124-0041",
  short_number: 41,
  priority: "P2",
  state: "new",
  restricted: false,
  category: "FIR",
  opened_at: "2026-11-24T12:39:00Z",
  lon: 106.54,
  lat: -6.17,
  ...over,
});
const LIMITS = { same_within_m: 300, same_within_s: 1800 };
const asked = { lon: 106.5415, lat: -6.17, uncertaintyM: null, category: "FIR", different: [] };

describe("possibly the same incident", () => {
  it("is near, recent, open and of the same category", () => {
    const [found] = sameIncidents([incident({})], asked, LIMITS, at);
    expect(found?.incident.id).toBe("i1");
    expect(Math.round(found?.metres ?? 0)).toBe(166);
    expect(found?.ageS).toBe(180);
  });

  it.each([
    ["too far", { lon: 106.55 }],
    ["older than 30 minutes", { opened_at: "2026-11-24T12:11:59Z" }],
    ["closed", { state: "closed" as const }],
    ["of another category", { category: "MED" }],
    ["masked", { masked: true }],
    ["without a place", { lon: null }],
  ])("is not one that is %s", (_why, over) => {
    expect(sameIncidents([incident(over)], asked, LIMITS, at)).toEqual([]);
  });

  it("reaches further when the caller's own place is unsure", () => {
    const far = incident({ lon: 106.545 });
    expect(sameIncidents([far], asked, LIMITS, at)).toEqual([]);
    expect(sameIncidents([far], { ...asked, uncertaintyM: 365 }, LIMITS, at)).toHaveLength(1);
  });

  it("is not proposed again once somebody said it is different", () => {
    expect(sameIncidents([incident({})], { ...asked, different: ["i1"] }, LIMITS, at)).toEqual([]);
  });

  it("is proposed before the type is known", () => {
    expect(sameIncidents([incident({})], { ...asked, category: null }, LIMITS, at)).toHaveLength(1);
  });
});

describe("where a caller may be telling from", () => {
  const phone = { lon: 106.54, lat: -6.17, uncertainty_m: 35 };
  it("is the phone's own place until the operator has chosen one", () => {
    expect(askedPlace({ place: null }, phone, 300)).toEqual({ lon: 106.54, lat: -6.17, uncertaintyM: 35 });
    const place = {
      lon: 106.6,
      lat: -6.2,
      text: "Pasar Cikupa",
      uncertaintyM: null,
      from: "search" as const,
    };
    expect(askedPlace({ place }, phone, 300)).toBe(place);
  });
  it("is not a mast's half district, nor a place of unknown size", () => {
    expect(askedPlace({ place: null }, { ...phone, uncertainty_m: 365 }, 300)).toBeNull();
    expect(askedPlace({ place: null }, { ...phone, uncertainty_m: null }, 300)).toBeNull();
    expect(askedPlace({ place: null }, undefined, 300)).toBeNull();
  });
});
