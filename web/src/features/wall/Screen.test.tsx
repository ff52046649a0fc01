import { act, screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "@/app/axe";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import { agency, assignment, incident, past, tables } from "../assignment/given";
import { givenRoom, server, showScreen } from "../assignment/givenScreen";
import Screen from "./Screen";

const borders = { type: "FeatureCollection", features: [] };
const well = { status: "ok", parts: { api: { state: "ok" } } };
const ill = { status: "degraded", parts: { voice: { state: "down" }, api: { state: "ok" } } };

const rows = {
  incidents: [
    incident(39, { state: "assigned", opened_at: past(200), category: "MED" }),
    ...[40, 41, 43, 44].map((n) => incident(n, { priority: "P3", category: "FIR", opened_at: past(20) })),
  ],
  agencies: [agency("DINKES_PSC119", { short_name: "PSC 119" })],
  assignments: [
    assignment("a39", {
      incident_id: "i-39",
      agency: "DINKES_PSC119",
      sent_at: past(134),
      escalation: "supervisor",
    }),
  ],
};

function hang(room: Parameters<typeof tables>[0], health: unknown = well) {
  givenRoom(tables(room), { permissions: ["wall.view"] });
  server({ "/geo/borders/.*": () => ({ body: borders }), "/healthz": () => ({ body: health }) });
  showScreen(Screen);
}

describe("the wall", () => {
  beforeEach(() => localStorage.clear());

  it("fills the late number only when something is late, and says what is late and whose", () => {
    hang(rows);
    expect(screen.getByRole("region", { name: "Lewat waktu" })).toHaveClass("late");
    const list = within(screen.getByRole("region", { name: "Kejadian menurut keterlambatan" }));
    expect(list.getByText("PSC 119 belum menerima")).toBeVisible();
    expect(list.getAllByRole("listitem")).toHaveLength(4);
    expect(list.getByText("dan 1 kejadian lagi")).toBeVisible();
  });

  it("says in words that the room is calm", () => {
    hang({});
    expect(screen.getByRole("region", { name: "Lewat waktu" })).not.toHaveClass("late");
    expect(screen.getByText("Tidak ada kejadian terbuka")).toBeVisible();
  });

  it("says which part does not work", async () => {
    hang({}, ill);
    expect(await screen.findByText("Telepon mati")).toBeVisible();
  });

  it("says since when it is cut off, and keeps the last picture", () => {
    hang(rows);
    const lostSince = Date.parse(past(30));
    act(() => useRoom.setState({ phase: "lost", lostSince, heardAt: Date.now() - 30_000 }));
    expect(screen.getByText(/^Terputus sejak \d\d:\d\d:\d\d$/)).toBeVisible();
    expect(screen.getByText("Data 30 dtk lalu")).toBeVisible();
    expect(screen.getByText("PSC 119 belum menerima")).toBeVisible();
  });

  it("has no key twice and nothing that a screen reader cannot name", async () => {
    hang(rows);
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });
});
