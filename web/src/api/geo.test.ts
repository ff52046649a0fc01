import { expect, it, vi } from "vitest";
import { findPlaces, routeBetween, whereIs } from "./geo";

it("asks about a caller's words and points in the body, never in the address", async () => {
  const asked: [string, string | undefined, unknown][] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push([url, init.method, JSON.parse(String(init.body))]);
    return new Response("[]");
  });
  await findPlaces("gg melati", { lon: 106.5, lat: -6.2 });
  await findPlaces("gg melati", null);
  await whereIs(106.5, -6.2);
  await routeBetween({ from: [106.5, -6.2], to: [106.6, -6.1] });
  expect(asked).toEqual([
    ["/api/geo/places", "POST", { q: "gg melati", lon: 106.5, lat: -6.2 }],
    ["/api/geo/places", "POST", { q: "gg melati" }],
    ["/api/geo/where", "POST", { lon: 106.5, lat: -6.2 }],
    ["/api/geo/route", "POST", { from: [106.5, -6.2], to: [106.6, -6.1] }],
  ]);
});
