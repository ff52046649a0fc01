import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "@/app/axe";
import { useLanguage } from "@/i18n";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import type { Tables } from "@/live/rows";
import { agency, assignment, incident, past, tables } from "../assignment/given";
import { type Answers, alt, givenRoom, key, posts, server, showScreen } from "../assignment/givenScreen";
import { useDesk } from "../dispatch/desk";
import { account, call, lostCaller, seat } from "./given";
import Screen from "./Screen";

const went = vi.fn();
vi.mock("@tanstack/react-router", async (original) => ({
  ...(await original<object>()),
  useNavigate: () => went,
}));

const well = { state: "ok" };
const HEALTH = {
  status: "degraded",
  parts: {
    api: well,
    database: well,
    voice: { state: "alarm", alarms: ["nobody_ready"], spool_backlog: 0 },
    worker: { state: "down" },
    disk: { ...well, free_mb: 81_000 },
  },
};
const CHAIRS = [
  { username: "operator1", occupied: true, simulated: true },
  { username: "operator2", occupied: false, simulated: true },
];
const ANSWERS: Answers = {
  "/healthz": () => ({ body: HEALTH }),
  "/demo/chairs": () => ({ body: CHAIRS }),
};

const keyed = <R extends { id: string }>(rows: R[]) => Object.fromEntries(rows.map((row) => [row.id, row]));

/** A busy minute: one caller waits, one was lost, two jobs are late, one of them at the agency's head. */
function busy(): Tables {
  const room = tables({
    incidents: [
      incident(39, { state: "assigned", opened_at: past(400) }),
      incident(36, { state: "assigned", priority: "P2", opened_at: past(700) }),
    ],
    agencies: [
      agency("BPBD_DAMKAR", { short_name: "Damkar", head_title: "Kepala Bidang", head_phone: "+62 000 77" }),
      agency("PLN"),
    ],
    assignments: [
      assignment("a39", {
        incident_id: "i-39",
        sent_at: past(320),
        escalation: "agency_head",
        escalated_at: past(20),
      }),
      assignment("a36", {
        incident_id: "i-36",
        agency: "PLN",
        state: "acknowledged",
        sent_at: past(600),
        acknowledged_at: past(500),
      }),
    ],
  });
  const calls = [
    call("waits", {
      state: "alerting",
      seat: null,
      offered_at: past(34),
      answered_at: null,
      ended_at: null,
      number_class: "none",
    }),
    call("prank", {
      disposition: "prank",
      offered_at: past(300),
      answered_at: past(290),
      ended_at: past(200),
    }),
    call("ghost", {
      disposition: "ghost",
      offered_at: past(600),
      answered_at: past(590),
      ended_at: past(585),
      recording_state: "failed",
    }),
    call("lost", { offered_at: past(240), answered_at: null, ended_at: past(210) }),
  ];
  const seats = [
    seat("meja-1", { account_id: "op1", state: "ready" }),
    seat("meja-2", { account_id: "op2", state: "not_ready", reason: "break" }),
    seat("meja-3"),
  ];
  return {
    ...room,
    call: keyed(calls),
    seat: keyed(seats),
    account: keyed([
      account("op1", "operator1", "Operator Satu"),
      account("op2", "operator2", "Operator Dua"),
    ]),
    callback: keyed([lostCaller("cb1"), lostCaller("cb2", { due_at: past(-90), number: "+620002" })]),
  };
}

const region = (name: string) => within(screen.getByRole("region", { name }));

describe("the supervisor's desk", () => {
  beforeEach(() => {
    sessionStorage.clear();
    went.mockReset();
    givenRoom(busy(), { permissions: ["alarm.acknowledge", "call.read", "recording.play", "callback.do"] });
    return listenToKeys();
  });

  it("shows the shift in four numbers", () => {
    server(ANSWERS);
    showScreen(Screen);
    const tile = (name: string) => screen.getByRole("group", { name });
    expect(tile("Antrean")).toHaveTextContent(/1terlama 0:3\d$/);
    expect(tile("Meja siap")).toHaveTextContent(/1dari 2 yang diduduki$/);
    expect(tile("Panggilan hari ini")).toHaveTextContent(/41 terputus sebelum dijawab$/);
    expect(tile("Lewat waktu")).toHaveTextContent(/21 dieskalasi$/);
  });

  it("names who waits, and who sits where: a person or a simulated colleague", async () => {
    server(ANSWERS);
    showScreen(Screen);
    expect(region("Antrean").getByText(/tanpa nomor/)).toBeVisible();
    const seats = region("Meja");
    expect(await seats.findByText("orang")).toBeVisible();
    expect(seats.getByText("Operator Satu")).toBeVisible();
    expect(seats.getByText(/rekan simulasi/)).toBeVisible();
    expect(seats.getByText("tanpa orang")).toBeVisible();
  });

  it("says whom to telephone once the agency's head is called for, and acknowledges by F1", async () => {
    const asked = server({
      ...ANSWERS,
      "/assignments/[^/]+/alarm/acknowledge": () => ({ body: {} }),
    });
    showScreen(Screen);
    expect(screen.getByText(/telepon Kepala Bidang/)).toBeVisible();
    expect(screen.getByText("+62 000 77")).toBeVisible();
    key("F1");
    await waitFor(() =>
      expect(posts(asked)).toEqual([{ path: "/assignments/a39/alarm/acknowledge", body: {} }]),
    );
  });

  it("leads from a late job to the dispatch desk", async () => {
    server(ANSWERS);
    showScreen(Screen);
    key("ArrowDown");
    await waitFor(() =>
      expect(screen.getByRole("button", { name: /0036/ })).toHaveAttribute("aria-pressed", "true"),
    );
    key("Enter");
    await waitFor(() => expect(went).toHaveBeenCalledWith({ to: "/dispatch" }));
    expect(useDesk.getState().chosenId).toBe("i-36");
  });

  it("keeps the outcome of a call-back by key, the first due first", async () => {
    const asked = server({ ...ANSWERS, "/callbacks/[^/]+/done": () => ({ body: {} }) });
    showScreen(Screen);
    const list = region("Telepon Balik");
    expect(list.getByRole("button", { name: /\+620001/, pressed: true })).toHaveTextContent(/lewat/);
    alt("J");
    await waitFor(() =>
      expect(posts(asked)).toEqual([{ path: "/callbacks/cb1/done", body: { outcome: "no_answer" } }]),
    );
    await userEvent.click(list.getByRole("button", { name: /\+620002/ }));
    alt("S");
    await waitFor(() =>
      expect(posts(asked).at(-1)).toEqual({ path: "/callbacks/cb2/done", body: { outcome: "reached" } }),
    );
  });

  it("marks a long prank, and plays it after a reason", async () => {
    const asked = server({
      ...ANSWERS,
      "/calls/[^/]+/recording": () => ({ body: { url: "/api/recordings/x", expires_at: past(-60) } }),
    });
    showScreen(Screen);
    const calls = region("Panggilan hari ini");
    alt("T");
    const row = await calls.findByRole("button", { name: /Prank.*Tinjau/ });
    expect(calls.queryByText(/Ghost/)).toBeNull();
    await userEvent.click(row);
    alt("H");
    await userEvent.type(await calls.findByLabelText(/Alasan mendengar/), "iseng terlalu lama{Enter}");
    await waitFor(() => expect(calls.getByText(/^Rekaman/)).toBeVisible());
    expect(posts(asked)).toEqual([
      { path: "/calls/prank/recording", body: { reason: "iseng terlalu lama" } },
    ]);
  });

  it("says the server's own words when a recording is refused, and why one cannot be heard", async () => {
    server({
      ...ANSWERS,
      "/calls/[^/]+/recording": () => ({
        status: 403,
        body: { code: "denied", title: "Ditolak", detail: "Hanya penyelia jaga." },
      }),
    });
    showScreen(Screen);
    const calls = region("Panggilan hari ini");
    await userEvent.click(calls.getByRole("button", { name: /Ghost/ }));
    expect(calls.getByText("Tidak ada rekaman.")).toBeVisible();
    await userEvent.click(calls.getByRole("button", { name: /Prank/ }));
    alt("H");
    await userEvent.type(await calls.findByLabelText(/Alasan mendengar/), "ingin tahu");
    alt("O");
    expect(await screen.findByText("Hanya penyelia jaga.")).toBeVisible();
  });

  it("says in words how each part is", async () => {
    server(ANSWERS);
    showScreen(Screen);
    const parts = region("Bagian sistem");
    expect(await parts.findByText("tidak ada meja siap")).toBeVisible();
    expect(parts.getByText("mati")).toBeVisible();
    expect(parts.getByText("81 GB bebas")).toBeVisible();
  });

  it("keeps what it knew when the server is away, and says since when", async () => {
    server({});
    showScreen(Screen);
    act(() => useRoom.setState({ phase: "lost", lostSince: Date.now() }));
    expect(screen.getByText(/Server tidak terjangkau sejak/)).toBeVisible();
    expect(await region("Bagian sistem").findByText(/Server tidak menjawab/)).toBeVisible();
    expect(screen.getByText(/telepon Kepala Bidang/)).toBeVisible();
  });

  it("shows no zero for what it does not know yet, and says what is absent when all is calm", () => {
    server(ANSWERS);
    useRoom.setState({ tables: tables({}), seq: 0, phase: "loading" });
    showScreen(Screen);
    const numbers = () =>
      Array.from(document.querySelectorAll(".supervisor-tile b"), (one) => one.textContent);
    expect(numbers()).toEqual(["–", "–", "–", "–"]);
    act(() => useRoom.setState({ seq: 1, phase: "live" }));
    expect(numbers()).toEqual(["0", "0", "0", "0"]);
    for (const words of ["Tidak ada yang menunggu", "Tidak ada yang lewat waktu", "Tidak ada telepon balik"])
      expect(screen.getByText(words)).toBeVisible();
  });

  it("has no key twice and no fault that axe finds, in both languages", async () => {
    server(ANSWERS);
    showScreen(Screen);
    await screen.findByText("81 GB bebas");
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
    act(() => useLanguage.setState({ language: "en" }));
    expect(screen.getByRole("heading", { name: "Call-backs" })).toBeVisible();
    alt("H");
    await screen.findByLabelText(/Reason/);
    expect(clashes(mounted())).toEqual([]);
  });
});
