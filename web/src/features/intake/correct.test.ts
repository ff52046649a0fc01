import { beforeEach, expect, it } from "vitest";
import { Problem } from "@/api/http";
import type { Incident } from "@/live/rows";
import { type Draft, emptyDraft } from "./draft/draft";
import { putDraft, useDrafts } from "./draft/drafts";
import { givenDesk, opened, server } from "./given";
import { correct } from "./verbs";

beforeEach(givenDesk);

it("writes a corrected place once, also where the type that goes with it is refused at first", async () => {
  const incident = { ...opened, rev: 2, lon: 106.5, lat: -6.2, landmark: null } as unknown as Incident;
  const { rev, lon, lat, place_text, landmark, type } = incident;
  const place = { lon: 106.6, lat: -6.1, text: "Jl. Baru", from: "pin" as const, uncertaintyM: null };
  const basis = { rev, lon, lat, place_text: place_text ?? null, landmark: landmark ?? null, type };
  putDraft({ ...emptyDraft("c", "c", "phone"), place, type: "MED01", correcting: true, basis } as Draft);
  const stale = { code: "stale", title: "", detail: "Sari lebih dahulu", facts: { rev: 4 } };
  let refuse = true;
  const asked = server({
    "/incidents/i1/locate": () => ({ body: { ...incident, rev: 3 } }),
    "/incidents/i1/reclassify": () => {
      const answer = refuse ? { status: 409, body: stale } : { body: { ...incident, rev: 5 } };
      refuse = false;
      return answer;
    },
  });
  const draft = () => useDrafts.getState().drafts.c as Draft;
  await expect(correct(draft(), incident)).rejects.toBeInstanceOf(Problem);
  await correct(draft(), { ...incident, rev: 4 });
  expect(asked.map((one) => one.path.split("/").at(-1))).toEqual(["locate", "reclassify", "reclassify"]);
  expect(draft().correcting).toBe(false);
});
