import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { useOutbox } from "@/api/outbox";
import { faults } from "@/app/axe";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import {
  type Asked,
  alt,
  givenDesk,
  key,
  OFFER,
  opened,
  seated,
  server,
  showDesk,
  talking,
  Voice,
} from "./given";

describe("the call desk", () => {
  beforeEach(() => {
    givenDesk();
    return listenToKeys();
  });

  it("asks for a seat and a microphone before it can ring", async () => {
    server({});
    showDesk();
    expect(screen.getByRole("button", { name: /Duduk dan Siap/ })).toHaveAttribute("aria-disabled", "true");
    await userEvent.click(screen.getByRole("button", { name: /Tes mikrofon/ }));
    expect(await screen.findByRole("button", { name: /Duduk dan Siap/ })).toHaveAttribute(
      "aria-disabled",
      "false",
    );
  });

  it("says how to mend a refused microphone", async () => {
    server({});
    Object.assign(navigator.mediaDevices, {
      getUserMedia: () => Promise.reject(new DOMException("", "NotAllowedError")),
    });
    showDesk();
    await userEvent.click(screen.getByRole("button", { name: /Tes mikrofon/ }));
    expect(await screen.findByText(/Klik tanda gembok/)).toBeVisible();
  });

  it("signs in with the seat's token and becomes ready", async () => {
    await seated();
    expect(Voice.at?.heard[0]).toMatchObject({ type: "hello", token: "t", seat: "meja-1", media: "webrtc" });
    expect(Voice.at?.heard.map((one) => one.type)).toContain("ready");
  });

  it("rings in words and in the title, answers by F2 and opens the form", async () => {
    await seated();
    Voice.at?.rings();
    expect(screen.getByRole("alert", { name: "Panggilan masuk" })).toBeVisible();
    expect(document.title).toContain("Panggilan masuk 112");
    expect(screen.queryByText("081288450012")).toBeNull();
    key("F2");
    expect(Voice.at?.heard.at(-1)).toEqual({ type: "answer_call", call_id: OFFER.call_id });
    Voice.at?.answers();
    expect(document.title).toBe("Sigap 112");
    expect(screen.getByLabelText(/Lokasi kejadian/)).toHaveFocus();
  });

  it("lets nothing lie over the call bar when it rings", async () => {
    await seated();
    alt("S");
    expect(screen.getByRole("group", { name: "Tidak Siap karena" })).toBeVisible();
    const since = new Date().toISOString();
    const seat = { seat: "meja-1", account_id: "me", name: "Operator Demo 2", call_id: OFFER.call_id };
    Voice.at?.says({ type: "seat", ...seat, state: "ringing", reason: null, since });
    Voice.at?.rings();
    expect(screen.queryByRole("group", { name: "Tidak Siap karena" })).toBeNull();
  });

  it("records an outcome by one key, ends wrap-up, and takes it back within 30 s", async () => {
    const asked = await talking({
      "/calls/[^/]+/disposition": () => ({ body: {} }),
      "/calls/[^/]+/disposition/undo": () => ({ body: {} }),
    });
    key("F7");
    await waitFor(() => expect(asked.filter((one) => one.path.endsWith("/disposition"))).toHaveLength(1));
    expect(asked.find((one) => one.path.endsWith("/disposition"))?.body).toMatchObject({
      disposition: "prank",
    });
    Voice.at?.ends("caller");
    expect(Voice.at?.heard.at(-1)?.type).toBe("wrap_up_done");
    expect(screen.getByText("Panggilan saya")).toBeVisible();
    key("z", { ctrlKey: true });
    // Letters are matched by their place on the keyboard or by what they write.
    await waitFor(() => expect(asked.some((one) => one.path.endsWith("/disposition/undo"))).toBe(true));
    expect(screen.getByLabelText(/Lokasi kejadian/)).toBeVisible();
  });

  const notes = (asked: Asked[]) =>
    asked.filter((one) => one.path.endsWith("/note")).map((one) => (one.body as { text: string }).text);

  it("sends what was typed of a call that is no incident as its note, once, also what was added later", async () => {
    const asked = await talking({ "/calls/[^/]+/(disposition|note)": () => ({ body: {} }) });
    await userEvent.type(screen.getByLabelText(/Uraian/), "Anak bernyanyi");
    key("F7");
    await waitFor(() => expect(notes(asked)).toEqual(["Anak bernyanyi"]));
    await userEvent.type(screen.getByLabelText(/Uraian/), ", lalu tertawa");
    Voice.at?.ends("caller");
    await waitFor(() => expect(notes(asked)).toEqual(["Anak bernyanyi", "Anak bernyanyi, lalu tertawa"]));
    expect(screen.getByText("Panggilan saya")).toBeVisible();
    expect(screen.queryByText("Draf belum dibuka")).toBeNull();
  });

  it("keeps a note of the call by its own key, while the server is away too", async () => {
    let away = true;
    const asked = await talking({ "/calls/[^/]+/note": () => (away ? "away" : { body: {} }) });
    await userEvent.type(screen.getByLabelText(/Uraian/), "Tanya jadwal vaksin");
    alt("C");
    expect(screen.getByText("Catatan panggilan tersimpan")).toBeVisible();
    expect(useOutbox.getState().waiting.map((line) => line.label)).toEqual(["Catatan panggilan"]);
    away = false;
    await waitFor(() => expect(useOutbox.getState().waiting).toEqual([]), { timeout: 5000 });
    expect(new Set(notes(asked))).toEqual(new Set(["Tanya jadwal vaksin"]));
    expect(new Set(asked.filter((one) => one.path.endsWith("/note")).map((one) => one.key)).size).toBe(1);
  });

  it("shows the note of an earlier call where it is opened again, and sends it only when it was changed", async () => {
    const asked = await seated({ "/calls/[^/]+/note": () => ({ body: {} }) });
    const row = {
      id: "c9",
      rev: 3,
      account_id: "me",
      offered_at: new Date().toISOString(),
      answered_at: new Date().toISOString(),
      ended_at: new Date().toISOString(),
      disposition: "information",
      incident_id: null,
      note: "Tanya jadwal",
    };
    act(() => useRoom.setState(({ tables }) => ({ tables: { ...tables, call: { c9: row as never } } })));
    await userEvent.click(screen.getByRole("button", { name: /Buka panggilan/ }));
    expect(screen.getByLabelText(/Uraian/)).toHaveValue("Tanya jadwal");
    await userEvent.type(screen.getByLabelText(/Uraian/), " vaksin");
    key("Escape");
    await waitFor(() => expect(notes(asked)).toEqual(["Tanya jadwal vaksin"]));
  });

  it("opens the incident from evidence, type and words", async () => {
    const asked = await talking({ "/incidents": () => ({ status: 201, body: opened }) });
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "FIR01{Enter}");
    await userEvent.type(screen.getByLabelText(/Uraian/), "Api dari dapur.");
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(asked.find((one) => one.path === "/api/incidents")).toBeDefined());
    const sent = asked.find((one) => one.path === "/api/incidents");
    expect(sent?.body).toMatchObject({
      type: "FIR01",
      call_id: OFFER.call_id,
      narrative: "Api dari dapur.",
      place: { lon: 106.54, lat: -6.17, uncertainty_m: 18 },
    });
    expect(sent?.key).toBeTruthy();
    act(() =>
      useRoom.setState(({ tables }) => ({ tables: { ...tables, incident: { i1: opened as never } } })),
    );
    expect(await screen.findByText("Kejadian 0042")).toBeVisible();
  });

  it("corrects the place of an opened incident, and only what has changed", async () => {
    const row = { ...opened, lon: 106.5, lat: -6.2, uncertainty_m: null, landmark: null };
    const asked = await talking({
      "/incidents": () => ({ status: 201, body: row }),
      "/incidents/i1/locate": () => ({ body: row }),
    });
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "FIR01{Enter}");
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(asked.find((one) => one.path === "/api/incidents")).toBeDefined());
    act(() => useRoom.setState(({ tables }) => ({ tables: { ...tables, incident: { i1: row as never } } })));
    await screen.findByText("Kejadian 0042");
    alt("U");
    alt("L");
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(asked.find((one) => one.path.endsWith("/locate"))).toBeDefined());
    expect(asked.find((one) => one.path.endsWith("/locate"))?.body).toMatchObject({
      place: { lon: 106.54, lat: -6.17 },
    });
    expect(asked.some((one) => one.path.endsWith("/reclassify"))).toBe(false);
    expect(await screen.findByText("Kejadian 0042")).toBeVisible();
  });

  it("does not undo unseen what somebody else has changed while a place was being corrected", async () => {
    const row = {
      ...opened,
      rev: 2,
      type: "FIR01",
      lon: 106.5,
      lat: -6.2,
      uncertainty_m: null,
      landmark: null,
    };
    const stale = { code: "stale", title: "", detail: "Sementara itu Sari mengubahnya", facts: { rev: 4 } };
    let first = true;
    const asked = await talking({
      "/incidents": () => ({ status: 201, body: row }),
      "/incidents/i1/locate": () => {
        const answer = first ? { status: 409, body: stale } : { body: { ...row, rev: 5 } };
        first = false;
        return answer;
      },
    });
    const put = (incident: object) =>
      act(() =>
        useRoom.setState(({ tables }) => ({ tables: { ...tables, incident: { i1: incident as never } } })),
      );
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "FIR01{Enter}");
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(asked.find((one) => one.path === "/api/incidents")).toBeDefined());
    put(row);
    await screen.findByText("Kejadian 0042");
    alt("U");
    alt("L");
    put({ ...row, rev: 4, type: "MED01", lon: 106.6 });
    key("Enter", { ctrlKey: true });
    expect(await screen.findByText(/Sari mengubahnya/)).toBeVisible();
    key("Enter", { ctrlKey: true });
    const revs = () =>
      asked.filter((one) => one.path.endsWith("/locate")).map((one) => (one.body as { rev: number }).rev);
    await waitFor(() => expect(revs()).toEqual([2, 4]));
    expect(asked.some((one) => one.path.endsWith("/reclassify"))).toBe(false);
  });

  it("keeps the incident while the server is away, and sends it once when it is back", async () => {
    let away = true;
    const asked = await talking({ "/incidents": () => (away ? "away" : { status: 201, body: opened }) });
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "FIR01{Enter}");
    key("Enter", { ctrlKey: true });
    expect(await screen.findByRole("heading", { name: "Menunggu dikirim ke server" })).toBeVisible();
    expect(JSON.parse(localStorage.getItem("sigap.outbox") ?? "[]")).toHaveLength(1);
    away = false;
    await waitFor(() => expect(useOutbox.getState().waiting).toEqual([]), { timeout: 5000 });
    const keys = new Set(asked.filter((one) => one.path === "/api/incidents").map((one) => one.key));
    expect(keys.size).toBe(1);
  });

  it.each([
    ["FIR01", /^FIR01 · ./],
    ["PPA01", /^PPA01$/],
  ])("lists a waiting %s with its place only where all may know it", async (code, label) => {
    await talking({ "/incidents": () => "away" });
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), `${code}{Enter}`);
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(useOutbox.getState().waiting[0]?.label).toMatch(label));
  });

  it("keeps a half-typed incident over a reload", async () => {
    await talking();
    await userEvent.type(screen.getByLabelText(/Uraian/), "Asap tebal");
    const draft = Object.keys(localStorage).find((name) => name.startsWith("sigap.draft.me."));
    expect(localStorage.getItem(draft ?? "")).toContain("Asap tebal");
  });

  it("warns that a PPA case is restricted from its first save", async () => {
    await seated();
    alt("K");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "PPA{Enter}");
    expect(screen.getByText(/sejak disimpan/)).toBeVisible();
  });

  it("opens a restricted case with a reason, by keys alone", async () => {
    const masked = {
      ...opened,
      type: undefined,
      category: undefined,
      place_text: undefined,
      restricted: true,
    };
    let given = false;
    const full = { ...opened, type: "PPA01", category: "PPA", restricted: true, place_text: "Gg. Mawar 2" };
    const page = () => ({ ...full, ...(given ? {} : { ...masked, masked: true }) });
    const asked = await seated({
      "/incidents/i1/access": () => {
        given = true;
        return { body: { incident: full } };
      },
      "/incidents/i1": () => ({
        body: { incident: page(), assignments: [], calls: [], notes: [], timeline: [] },
      }),
    });
    const row = {
      id: "c9",
      rev: 3,
      account_id: "me",
      offered_at: new Date().toISOString(),
      answered_at: new Date().toISOString(),
      ended_at: new Date().toISOString(),
      disposition: "normal",
      incident_id: "i1",
    };
    act(() =>
      useRoom.setState(({ tables }) => ({
        tables: {
          ...tables,
          call: { c9: row as never },
          incident: { i1: { ...masked, masked: true } as never },
        },
      })),
    );
    screen.getByRole("button", { name: /Buka panggilan/ }).focus();
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("button", { name: /Buka dengan alasan/ });
    alt("O");
    expect(screen.getByLabelText(/Alasan/)).toHaveFocus();
    await userEvent.keyboard("Korban menelepon lagi{Enter}");
    await waitFor(() => expect(asked.some((one) => one.path.endsWith("/access"))).toBe(true));
    expect(asked.find((one) => one.path.endsWith("/access"))?.body).toEqual({
      reason: "Korban menelepon lagi",
    });
    expect(await screen.findByText("KDRT sedang berlangsung")).toBeVisible();
    expect(screen.getByText(/Gg. Mawar 2/)).toBeVisible();
  });

  it("says in words what still works when the server is away", async () => {
    await seated();
    act(() => useRoom.setState({ phase: "lost", lostSince: Date.now() }));
    expect(screen.getByText("Mode darurat: panggilan tetap dijawab dan direkam")).toBeVisible();
    expect(screen.getByText(/Server putus sejak/)).toBeVisible();
    expect(screen.getByText(/dering, bicara, rekaman/)).toBeVisible();
  });

  it("can be used without eyes: gate, lists, ring and form have no fault that axe finds", async () => {
    await seated();
    expect(await faults()).toEqual([]);
    Voice.at?.rings();
    expect(await faults()).toEqual([]);
    Voice.at?.answers();
    alt("L");
    alt("J");
    expect(await faults()).toEqual([]);
  });

  it("gives no key to two actions, whatever lies on the desk", async () => {
    server({});
    const gate = showDesk();
    expect(clashes(mounted())).toEqual([]);
    gate.unmount();
    await seated();
    expect(clashes(mounted())).toEqual([]);
    Voice.at?.rings();
    expect(clashes(mounted())).toEqual([]);
    Voice.at?.answers();
    alt("L");
    expect(clashes(mounted())).toEqual([]);
    act(() => useRoom.setState({ phase: "lost", lostSince: Date.now() }));
    expect(clashes(mounted())).toEqual([]);
    Voice.at?.ends("agent");
    expect(clashes(mounted())).toEqual([]);
  });
});
