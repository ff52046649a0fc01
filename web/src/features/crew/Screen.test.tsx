import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useOutbox } from "@/api/outbox";
import { faults } from "@/app/axe";
import { replaceRoom, useRoom } from "@/live/room";
import { emptyTables } from "@/live/upsert";
import { assignment, incident, past, tables, unit } from "../assignment/given";
import { givenRoom, posts, server, showScreen } from "../assignment/givenScreen";
import { lookedAgain } from "./doubleTap";
import { release, takeBack, useHeld } from "./held";
import { forget, useKept } from "./keep";
import Screen from "./Screen";

vi.mock("@/map", async (original) => ({ ...(await original<object>()), OpsMap: () => null }));

const own = unit("DMK-07", { assignment_id: "a", status: "dispatched" });
const job = assignment("a", { unit_id: own.id, sent_at: past(14) });
const fire = incident(42, { dangers: ["person_inside"], landmark: "belakang pasar" });
const room = (more: Parameters<typeof assignment>[1] = {}) =>
  tables({ incidents: [fire], units: [own], assignments: [{ ...job, ...more }] });

const press = (name: string) => {
  lookedAgain();
  return userEvent.click(screen.getByRole("button", { name }));
};

describe("the crew's phone", () => {
  beforeEach(() => {
    forget();
    takeBack();
    givenRoom(room(), { permissions: ["assignment.act_unit"], unit_id: own.id });
  });

  it("shows a new task: what, where, what is dangerous, how long", () => {
    server({ "/.*": () => ({ body: {} }) });
    showScreen(Screen);
    expect(screen.getByRole("heading", { name: "Kebakaran rumah/bangunan" })).toBeInTheDocument();
    expect(screen.getByText(/Gg. Melati 3/)).toBeInTheDocument();
    expect(screen.getByText("1 orang di dalam")).toBeInTheDocument();
    expect(screen.getByRole("timer")).toHaveTextContent(/0:4\d/);
  });

  it("leads the thumb through the legal order, each press with its time", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    showScreen(Screen);
    await press("Terima Tugas");
    act(() => replaceRoom(room({ state: "acknowledged", acknowledged_at: past(1) }), 2));
    await press("Berangkat");
    act(() => replaceRoom(room({ state: "departed", departed_at: past(1) }), 3));
    await press("Tiba di Lokasi");
    act(release);
    await waitFor(() => expect(posts(asked)).toHaveLength(3));
    expect(posts(asked).map((one) => one.path.split("/").at(-1))).toEqual([
      "acknowledge",
      "depart",
      "arrive",
    ]);
    expect(posts(asked)[1]?.body).toMatchObject({ at: expect.any(String) });
  });

  it("takes a step back while it is held, and nothing was sent", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    act(() => replaceRoom(room({ state: "acknowledged", acknowledged_at: past(1) }), 2));
    showScreen(Screen);
    await press("Berangkat");
    expect(screen.getByRole("button", { name: "Tiba di Lokasi" })).toBeInTheDocument();
    expect(localStorage.getItem("sigap.crew.held")).toContain("/assignments/a/depart");
    await press("Urungkan");
    expect(screen.getByRole("button", { name: "Berangkat" })).toBeInTheDocument();
    expect(posts(asked)).toEqual([]);
    expect(localStorage.getItem("sigap.crew.held")).toBeNull();
  });

  it("sends a held step at once when the phone goes into the pocket", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    act(() => replaceRoom(room({ state: "acknowledged", acknowledged_at: past(1) }), 2));
    showScreen(Screen);
    await press("Berangkat");
    act(() => void window.dispatchEvent(new Event("pagehide")));
    await waitFor(() => expect(posts(asked)[0]?.path).toBe("/assignments/a/depart"));
    expect(useHeld.getState().line).toBeNull();
  });

  it("takes a double tap as one press", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    act(() => replaceRoom(room({ state: "acknowledged", acknowledged_at: past(1) }), 2));
    showScreen(Screen);
    lookedAgain();
    await userEvent.click(screen.getByRole("button", { name: "Berangkat" }));
    await userEvent.click(screen.getByRole("button", { name: "Tiba di Lokasi" }));
    act(release);
    await waitFor(() => expect(posts(asked)).toHaveLength(1));
  });

  it("lets an ambulance at the scene say what it does with the patient", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    const ambulance = { ...own, type: "als_ambulance", status: "on_scene" as const };
    const there = { ...job, state: "arrived" as const, arrived_at: past(60) };
    act(() => replaceRoom(tables({ incidents: [fire], units: [ambulance], assignments: [there] }), 2));
    showScreen(Screen);
    await press("Kontak Pasien");
    await waitFor(() =>
      expect(posts(asked)[0]).toMatchObject({
        path: `/units/${own.id}/status`,
        body: { status: "patient_contact" },
      }),
    );
  });

  it("says the patient's way on without signal, each step once", async () => {
    server({});
    const ambulance = { ...own, type: "als_ambulance", status: "on_scene" as const };
    const there = { ...job, state: "arrived" as const, arrived_at: past(60) };
    act(() => replaceRoom(tables({ incidents: [fire], units: [ambulance], assignments: [there] }), 2));
    showScreen(Screen);
    await press("Kontak Pasien");
    await userEvent.click(screen.getByRole("button", { name: "Membawa" }));
    const told = () => useOutbox.getState().waiting.map((one) => (one.body as { status: string }).status);
    expect(told()).toEqual(["patient_contact"]);
    await press("Membawa");
    expect(told()).toEqual(["patient_contact", "transporting"]);
  });

  it("sends a step that an ended page has held under the name of whoever pressed it", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    const at = past(9);
    const step = { key: "k", path: "/assignments/a/depart", body: { at }, label: "Berangkat" };
    const line = { ...step, at, lane: "crew", account_id: "somebody else" };
    localStorage.setItem("sigap.crew.held", JSON.stringify(line));
    showScreen(Screen);
    await waitFor(() => expect(localStorage.getItem("sigap.crew.held")).toBeNull());
    expect(JSON.parse(localStorage.getItem("sigap.outbox") ?? "[]")).toEqual([line]);
    expect(posts(asked)).toEqual([]);
    expect(screen.getByRole("button", { name: "Terima Tugas" })).toBeInTheDocument();
  });

  it("goes on without signal, and shows how many presses wait", async () => {
    server({});
    showScreen(Screen);
    await press("Terima Tugas");
    await press("Berangkat");
    act(release);
    act(() => useRoom.setState({ phase: "lost", lostSince: Date.now() }));
    expect(await screen.findByText("Tanpa sinyal · 2 status menunggu kirim")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Tiba di Lokasi" })).toBeInTheDocument();
    expect(useOutbox.getState().waiting).toHaveLength(2);
  });

  it("knows its task after a reload without signal", () => {
    server({});
    showScreen(Screen);
    expect(JSON.parse(localStorage.getItem("sigap.crew") ?? "null")?.job?.id).toBe("a");
    act(() => useRoom.setState({ tables: emptyTables(), phase: "lost" }));
    expect(screen.getByRole("button", { name: "Terima Tugas" })).toBeInTheDocument();
  });

  it("asks for the result before it finishes", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    act(() => replaceRoom(room({ state: "arrived", arrived_at: past(60) }), 2));
    showScreen(Screen);
    await press("Selesai");
    await press("Selesai");
    expect(screen.getByRole("alert")).toHaveTextContent("Pilih satu dulu.");
    await userEvent.click(screen.getByRole("radio", { name: "Kebakaran dipadamkan" }));
    await press("Selesai");
    await waitFor(() =>
      expect(posts(asked)[0]).toMatchObject({
        path: "/assignments/a/finish",
        body: { result: "fire_extinguished" },
      }),
    );
  });

  it("refuses with a reason", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    showScreen(Screen);
    await press("Tolak");
    await userEvent.click(screen.getByRole("radio", { name: "Tidak ada pengemudi" }));
    await press("Tolak");
    await waitFor(() => expect(posts(asked)[0]?.body).toEqual({ reason: "no_driver" }));
  });

  it("says in the server's words what it would not take", async () => {
    server({
      "/.*": () => ({ status: 409, body: { code: "x", status: 409, detail: "Tugas sudah ditarik." } }),
    });
    showScreen(Screen);
    await press("Terima Tugas");
    expect(await screen.findByText(/Tugas sudah ditarik\./)).toBeInTheDocument();
    await press("Mengerti");
    expect(useOutbox.getState().waiting).toEqual([]);
  });

  it("tells the crew when the room ended the task, and leaves nothing of it on the phone", async () => {
    server({});
    showScreen(Screen);
    act(() => replaceRoom(tables({ units: [{ ...own, assignment_id: null, rev: 2 }] }), 2));
    expect(await screen.findByText("Tugas 0042 diakhiri Ruang 112.")).toBeInTheDocument();
    expect(localStorage.getItem("sigap.crew")).not.toContain("Melati");
  });

  it("explains sound and position before the first task, then sets the unit's status by hand", async () => {
    const asked = server({ "/.*": () => ({ body: {} }) });
    act(() => replaceRoom(tables({ units: [unit("DMK-07")] }), 2));
    showScreen(Screen);
    expect(screen.getByText(/Ruang 112 melihat unit terdekat/)).toBeInTheDocument();
    await press("Mulai");
    expect(useKept.getState().watching).toBe(true);
    await press("Istirahat");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({ path: "/units/u-DMK-07/status", body: { status: "break" } }),
    );
  });

  it("has nothing that axe finds wrong", async () => {
    server({});
    showScreen(Screen);
    expect(await faults()).toEqual([]);
  });
});
