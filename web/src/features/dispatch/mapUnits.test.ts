import { describe, expect, it } from "vitest";
import { unit } from "../assignment/given";
import { NEAR_ZOOM, sideOf, unitsOnMap, zoomToShow } from "./mapUnits";

const post = { station_lon: 106.5, station_lat: -6.2 };
const units = [
  unit("DMK-01", post),
  unit("DMK-12", post),
  unit("AMB-07", { assignment_id: "a" }),
  unit("DMK-04", { status: "out_of_service" }),
  unit("DMK-07", { station_lon: 106.6 }),
];
const codes = (zoom: number, ...named: string[]) =>
  unitsOnMap(units, { named: new Set(named), zoom }).map((one) => one.code);

it("names from afar only those with a job and those proposed", () => {
  expect(codes(10, "u-DMK-07")).toEqual(["AMB-07", "DMK-07"]);
});

it("puts the ready units of one post under one tag when near, and leaves out who cannot go", () => {
  expect(codes(13)).toEqual(["DMK-01 +1", "DMK-07", "AMB-07"]);
});

it("knows on which side a point outside the frame lies", () => {
  const frame = { west: 106.4, east: 106.6, south: -6.3, north: -6.1 };
  expect(sideOf([106.5, -6.2], frame)).toBeNull();
  expect(sideOf([106.5, -6.5], frame)).toBe("south");
  expect(sideOf([106.9, -6.35], frame)).toBe("east");
});

describe("the frame around an incident", () => {
  const here: [number, number] = [106.5, -6.2];

  it("is near while nobody is on the way, and wide enough for who is", () => {
    expect(zoomToShow(here, [])).toBe(NEAR_ZOOM);
    const zoom = zoomToShow(here, [[106.5, -6.27]]);
    expect(zoom).toBeLessThan(NEAR_ZOOM);
    const pixels = (0.07 / Math.cos((6.2 * Math.PI) / 180)) * ((512 * 2 ** zoom) / 360);
    expect(pixels).toBeCloseTo(105, 0);
  });

  it("leaves out who is too far away to be shown with it", () => {
    expect(zoomToShow(here, [[107.4, -6.9]])).toBe(NEAR_ZOOM);
  });
});
