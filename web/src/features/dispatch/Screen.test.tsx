import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "@/app/axe";
import { useLanguage } from "@/i18n";
import { listenToKeys } from "@/keys/listen";
import { usePalette } from "@/keys/palette";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import { agency, assignment, incident, past, tables, unit } from "../assignment/given";
import {
  type Answers,
  alt,
  ctrlEnter,
  givenRoom,
  key,
  posts,
  server,
  showScreen,
} from "../assignment/givenScreen";
import { useDesk } from "./desk";
import Screen from "./Screen";

// The map needs WebGL; everything else must work without it.
vi.mock("@/map", async (original) => ({
  ...(await original<object>()),
  OpsMap: () => null,
}));

const fire = incident(42, { opened_at: past(20), dangers: ["person_inside"], narrative: "Api dari dapur" });
const rows = {
  incidents: [
    fire,
    incident(39, { state: "assigned", opened_at: past(200), place_text: "Kel. Kutabumi" }),
    incident(37, {
      restricted: true,
      masked: true,
      state: "assigned",
      opened_at: past(90),
      place_text: null,
    }),
  ],
  agencies: [agency("BPBD_DAMKAR", { short_name: "Damkar", head_title: "Kepala Bidang" }), agency("PLN")],
  units: [
    unit("DMK-07"),
    unit("DMK-01"),
    unit("AMB-02", { agency: "DINKES_PSC119", type: "als_ambulance" }),
    unit("DMK-03", { status: "dispatched", assignment_id: "a39" }),
  ],
  assignments: [
    assignment("a39", {
      incident_id: "i-39",
      unit_id: "u-DMK-03",
      sent_at: past(134),
      escalation: "supervisor",
      escalated_at: past(14),
      proposed_unit_id: "u-DMK-01",
    }),
    assignment("a37", { incident_id: "i-37", agency: "PLN", sent_at: past(20) }),
  ],
};

const proposed = (unit_id: string, eta_s: number) => ({
  unit_id,
  eta_s,
  turnout_s: 90,
  distance_m: 2100,
  reason_code: "travel_time",
  reason_facts: { station: `Pos ${unit_id}` },
  suitable: true,
});

const answers: Answers = {
  "/incidents/[^/]+/recommendation": () => ({
    body: {
      units: [proposed("u-DMK-07", 240), proposed("u-DMK-01", 660)],
      inform: [{ agency: "PLN", why: "by_type", facts: {} }],
    },
  }),
  "/incidents/[^/]+": ({ path }) => {
    const id = path.split("/")[2] ?? "";
    const row = rows.incidents.find((one) => one.id === id);
    return { body: { incident: { masked: false, ...row }, notes: [], timeline: [] } };
  },
  "/.*": () => ({ body: { assignments: [] } }),
};

function show(more: Answers = {}) {
  const asked = server({ ...more, ...answers });
  showScreen(Screen);
  return asked;
}

const inList = (name: RegExp) =>
  within(screen.getByRole("group", { name: "Kejadian" })).getByRole("button", { name });

const chooseFire = async () => {
  await userEvent.click(inList(/Kebakaran rumah\/bangunan 0042/));
  await screen.findByRole("checkbox", { name: /DMK-07/ });
};

describe("the dispatch desk", () => {
  beforeEach(() => {
    useDesk.setState({
      chosenId: null,
      view: null,
      ask: null,
      jobId: null,
      added: [],
      marked: null,
      lost: null,
    });
    useDesk.setState({ sent: null, filter: "all", unitId: null, alarmsOpen: false, statusAsk: false });
    givenRoom(tables(rows), { permissions: ["incident.read", "assignment.send", "alarm.acknowledge"] });
    return listenToKeys();
  });

  it("puts what is escalated on top, with the worst alarm and its two keys in the strip", async () => {
    show();
    const strip = screen.getByRole("alert");
    expect(strip).toHaveTextContent(/0039 Kebakaran.*DMK-03 belum menerima, lewat 1:1\d/);
    expect(within(strip).getByRole("button", { name: /Ganti DMK-01/ })).toHaveAttribute(
      "aria-keyshortcuts",
      "Alt+P",
    );
    expect(within(strip).getByRole("button", { name: /Akui alarm/ })).toHaveAttribute(
      "aria-keyshortcuts",
      "F1",
    );
    const list = screen.getByRole("group", { name: "Kejadian" });
    expect(
      within(list)
        .getAllByRole("heading")
        .map((one) => one.textContent),
    ).toEqual(["Lewat waktu1 · paling lewat di atas", "Terbuka2 · batas terdekat di atas"]);
  });

  it("acknowledges the alarm by F1 and keeps its fact on the screen", async () => {
    const asked = show();
    key("F1");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({ path: "/assignments/a39/alarm/acknowledge", body: {} }),
    );
  });

  it("sends what is marked by Ctrl Enter, after number keys have changed it", async () => {
    const asked = show();
    await chooseFire();
    expect(screen.getByRole("button", { name: /Kirim 1 unit, 1 kabar/ })).toBeEnabled();
    key("2");
    await screen.findByRole("button", { name: /Kirim 2 unit, 1 kabar/ });
    key("3");
    await screen.findByRole("button", { name: /Kirim 2 unit/ });
    ctrlEnter();
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/incidents/i-42/assignments",
        body: {
          assign: [
            { agency: "BPBD_DAMKAR", unit_id: "u-DMK-07", role: "lead" },
            { agency: "BPBD_DAMKAR", unit_id: "u-DMK-01", role: "lead" },
          ],
        },
      }),
    );
  });

  it("says who was first when the race is lost, and offers the next best under a key", async () => {
    show({
      "/incidents/i-42/assignments": () => ({
        status: 409,
        body: {
          code: "unit.taken",
          status: 409,
          title: "Unit sudah dikirim",
          detail: "DMK-07 sudah dikirim oleh Petugas Dispatch Demo 2 ke 0041.",
          facts: { unit: "DMK-07", by: "Petugas Dispatch Demo 2" },
        },
      }),
    });
    await chooseFire();
    ctrlEnter();
    expect(await screen.findByText(/DMK-07 sudah dikirim oleh Petugas Dispatch Demo 2/)).toBeInTheDocument();
    key("1", { altKey: true, code: "Digit1" });
    await waitFor(() => expect(screen.getByRole("checkbox", { name: /DMK-01/ })).toBeChecked());
  });

  it("hides place and words of a restricted case and opens it with a reason only", async () => {
    const asked = show();
    await userEvent.click(inList(/Kasus Terbatas 0037/));
    const detail = screen.getByRole("region", { name: "Rincian kejadian" });
    expect(detail).not.toHaveTextContent("Melati");
    expect(within(detail).queryByRole("textbox")).toBeNull();
    // Nothing of the desk acts behind a case that is not open.
    ctrlEnter();
    expect(posts(asked)).toEqual([]);
    alt("O");
    await userEvent.type(await within(detail).findByLabelText("Alasan Akses"), "Mengirim pendamping");
    ctrlEnter();
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/incidents/i-37/access",
        body: { reason: "Mengirim pendamping" },
      }),
    );
  });

  it("stops asking for a reason once the case is no longer restricted, and has its keys back", async () => {
    show();
    await userEvent.click(inList(/Kasus Terbatas 0037/));
    alt("O");
    await screen.findByLabelText("Alasan Akses");
    const incidents = rows.incidents.map((one) =>
      one.id === "i-37" ? { ...one, rev: 2, restricted: false, masked: false } : one,
    );
    act(() => useRoom.setState({ tables: tables({ ...rows, incidents }) }));
    await waitFor(() => expect(mounted().map((one) => one.id)).toContain("dispatch.note"));
    expect(useDesk.getState().ask).toBeNull();
  });

  it("asks for the reason in place before it replaces a unit", async () => {
    const asked = show();
    alt("P");
    const form = await screen.findByRole("form", { name: /Ganti DMK-03 dengan DMK-01: alasan/ });
    await userEvent.type(within(form).getByRole("textbox"), "dijawab{Enter}");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/assignments/a39/replace",
        body: { unit_id: "u-DMK-01", reason: "no_answer", rev: 1 },
      }),
    );
  });

  it("says who was first, keeps what was typed, and pressing again goes by what is now", async () => {
    const refused = {
      code: "stale",
      title: "Sudah",
      detail: "Sementara itu Sari mengubahnya",
      facts: { rev: 4 },
    };
    let first = true;
    const asked = show({
      "/incidents/i-42/reclassify": () => {
        const answer = first ? { status: 409, body: refused } : { body: {} };
        first = false;
        return answer;
      },
    });
    act(() => useDesk.setState({ chosenId: "i-42", ask: { kind: "reclassify" } }));
    await userEvent.type(within(await screen.findByRole("form")).getByRole("textbox"), "kebakaran{Enter}");
    // Another desk says that it is something else while this one is still choosing.
    const other = { ...fire, rev: 3, type: "MED01" };
    act(() =>
      useRoom.setState(({ tables }) => ({
        tables: { ...tables, incident: { ...tables.incident, "i-42": other } },
      })),
    );
    await userEvent.type(within(await screen.findByRole("form")).getByRole("textbox"), "P2{Enter}");
    expect(await screen.findByText(/Sari mengubahnya/)).toBeVisible();
    expect(within(screen.getByRole("form")).getByRole("textbox")).toHaveValue("P2");
    await userEvent.keyboard("{Enter}");
    const sent = () => posts(asked).filter((one) => one.path.endsWith("/reclassify"));
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent().map((one) => one.body)).toEqual([
      { type: "FIR01", priority: "P2", rev: 1 },
      { type: "FIR01", priority: "P2", rev: 4 },
    ]);
  });

  it("takes a typed command and shows what it understood before Enter", async () => {
    const asked = show();
    key("/");
    await userEvent.type(screen.getByRole("textbox", { name: /Ketik perintah/ }), "kirim dmk7 pln 42");
    expect(screen.getByText("DMK-07, PLN")).toBeInTheDocument();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(posts(asked)[0]?.path).toBe("/incidents/i-42/assignments"));
  });

  it("opens an incident by its number, and searches what was typed", async () => {
    show();
    key("/");
    const line = screen.getByRole("textbox", { name: /Ketik perintah/ });
    await userEvent.type(line, "39{Enter}");
    expect(useDesk.getState().chosenId).toBe("i-39");
    // The next number chooses a job of it, and is no command.
    await waitFor(() => expect(line).not.toHaveFocus());
    await userEvent.type(line, "cari pasar{Enter}");
    expect(usePalette.getState()).toMatchObject({ open: "find", words: "pasar" });
    act(() => usePalette.setState({ open: null }));
  });

  it("sets a unit's status by the column's key and by the command line", async () => {
    const asked = show();
    alt("S");
    const which = await screen.findByRole("form", { name: "Unit mana?" });
    await userEvent.type(within(which).getByRole("textbox"), "DMK-01{Enter}");
    const now = await screen.findByRole("form", { name: /DMK-01, sekarang Siaga/ });
    await userEvent.type(within(now).getByRole("textbox"), "istirahat{Enter}");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/units/u-DMK-01/status",
        body: { status: "break", rev: 1 },
      }),
    );
    key("/");
    await userEvent.type(
      screen.getByRole("textbox", { name: /Ketik perintah/ }),
      "status dmk7 istirahat{Enter}",
    );
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/units/u-DMK-07/status",
        body: { status: "break", rev: 1 },
      }),
    );
  });

  it("replaces a unit by any that is free, its own kind first", async () => {
    show();
    await userEvent.click(inList(/0039/));
    act(() => useDesk.setState({ ask: { kind: "replace", assignmentId: "a39", unitId: null } }));
    const form = await screen.findByRole("form", { name: /Ganti DMK-03 dengan/ });
    const names = within(form)
      .getAllByRole("radio")
      .map((one) => one.textContent);
    expect(names.map((one) => one?.slice(0, 6))).toEqual(["DMK-07", "DMK-01", "AMB-02"]);
  });

  it("shows what was said with a job to those who may read it", async () => {
    const said = { reason_text: "Jalan ditutup warga", phone_contact: "Pak Budi, piket" };
    const spoken = rows.assignments.map((one) => (one.id === "a39" ? { ...one, ...said } : one));
    act(() => useRoom.setState({ tables: tables({ ...rows, assignments: spoken }) }));
    show();
    await userEvent.click(inList(/0039/));
    expect(await screen.findByText(/Pak Budi, piket · “Jalan ditutup warga”/)).toBeInTheDocument();
  });

  it("keeps a blocked verb on the screen and says why", async () => {
    show();
    await userEvent.click(inList(/0039/));
    const close = await screen.findByRole("button", { name: /Tutup kejadian/ });
    expect(close).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByText("Tutup kejadian: Masih berjalan: DMK-03.")).toBeInTheDocument();
  });

  it("is quiet when nothing is open, and says so", async () => {
    useRoom.setState({ tables: tables({ units: rows.units }) });
    show();
    expect(screen.getAllByText("Tidak ada kejadian terbuka").length).toBeGreaterThan(0);
    expect(screen.getByText("Tidak ada alarm")).toBeInTheDocument();
  });

  it("says since when its data are old, and what to do by hand", async () => {
    show();
    act(() => useRoom.setState({ phase: "lost", lostSince: Date.now() }));
    expect(await screen.findByText(/Kirim unit lewat radio dan telepon/)).toBeInTheDocument();
  });

  it("does not say that nothing alarms while it knows nothing", () => {
    useRoom.setState({ tables: tables({}), seq: 0, phase: "lost" });
    show();
    expect(screen.getByText("Menunggu data dari server")).toBeInTheDocument();
    expect(screen.queryByText("Tidak ada alarm")).toBeNull();
  });

  it("asks one thing at a time, and keeps no answer of one unit for the next", async () => {
    const asked = show();
    await chooseFire();
    alt("S");
    expect(clashes(mounted())).toEqual([]);
    await userEvent.type(await screen.findByRole("textbox", { name: /Unit mana/ }), "DMK-07");
    ctrlEnter();
    const now = await screen.findByRole("form", { name: /DMK-07/ });
    expect(posts(asked)).toEqual([]);
    await userEvent.type(within(now).getByRole("textbox"), "istirahat");
    await userEvent.click(screen.getByRole("button", { name: /^DMK-01/ }));
    const next = await screen.findByRole("form", { name: /DMK-01/ });
    expect(within(next).getByRole("textbox")).toHaveValue("");
    alt("N");
    expect(screen.queryByRole("form", { name: /DMK-01/ })).toBeNull();
    expect(clashes(mounted())).toEqual([]);
    alt("S");
    expect(useDesk.getState()).toMatchObject({ ask: null, statusAsk: true });
    key("Escape");
    expect(useDesk.getState().statusAsk).toBe(false);
  });

  it("has no key twice, in any of its views, and nothing that axe finds wrong", async () => {
    show();
    await chooseFire();
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
    alt("I");
    await screen.findByText("Uraian");
    expect(clashes(mounted())).toEqual([]);
    await userEvent.click(inList(/0039/));
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  it("speaks English too", async () => {
    show();
    act(() => useLanguage.setState({ language: "en" }));
    expect(await screen.findByRole("group", { name: "Incidents" })).toBeInTheDocument();
    expect(screen.getByText(/DMK-03 has not accepted/)).toBeInTheDocument();
  });
});
