import { describe, expect, it } from "vitest";
import { emptyDraft, hasContent, missing, openBody, ranked } from "./draft";

const place = { lon: 106.54, lat: -6.17, text: "Gg. Melati 3", uncertaintyM: 18, from: "search" as const };
const full = { ...emptyDraft("c1", "c1", "phone", "0812"), place, type: "FIR01", narrative: " Api. " };

describe("a draft", () => {
  it("lacks its place and type until both are known", () => {
    expect(missing(emptyDraft("c1", "c1", "phone"))).toEqual(["place", "type"]);
    expect(missing(full)).toEqual([]);
  });

  it("becomes the request that opens the incident, without what is empty", () => {
    expect(openBody(full)).toEqual({
      type: "FIR01",
      place: { lon: 106.54, lat: -6.17, text: "Gg. Melati 3", uncertainty_m: 18 },
      narrative: "Api.",
      intake_channel: "phone",
      call_id: "c1",
      callback_number: "0812",
    });
  });

  it("names a pinned point by the caller's words, or by its coordinates", () => {
    const pinned = { ...full, place: { ...place, text: "", from: "pin" as const } };
    expect(openBody({ ...pinned, words: "depan balai desa" }).place.text).toBe("depan balai desa");
    expect(openBody(pinned).place.text).toBe("-6.17000, 106.54000");
  });

  it("has no content while only the caller's number is in it", () => {
    expect(hasContent(emptyDraft("c1", "c1", "phone", "0812"))).toBe(false);
    expect(hasContent({ ...emptyDraft("c1", "c1", "phone"), narrative: "a" })).toBe(true);
  });
});

describe("evidence", () => {
  it("is ranked by the size of its circle; what gives no point is left out", () => {
    const item = (uncertainty_m: number | null, lon: number | null = 106.5) => ({
      source: "pidf_lo",
      method: null,
      received_at: "2026-11-24T08:00:00Z",
      parse_status: "ok",
      lon,
      lat: lon === null ? null : -6.2,
      uncertainty_m,
      confidence: null,
    });
    const sizes = ranked([item(365), item(null), item(18), item(9, null)]).map((one) => one.uncertainty_m);
    expect(sizes).toEqual([18, 365, null]);
  });
});
