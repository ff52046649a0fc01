import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { useOutbox } from "@/api/outbox";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import { alt, givenDesk, key, mouth, OFFER, opened, seated, server, showDesk, talking, Voice } from "./given";

const refusal = (code: string, detail: string) => () => ({
  status: 409,
  body: { type: "about:blank", title: detail, detail, status: 409, code },
});
const callId = OFFER.call_id;
const bar = () => screen.getByRole("region", { name: "112" });

function inTheRoom(tables: Record<string, Record<string, unknown>>): void {
  act(() => useRoom.setState((room) => ({ tables: { ...room.tables, ...(tables as object) } })));
}

describe("the call desk in trouble", () => {
  beforeEach(() => {
    givenDesk();
    localStorage.clear();
    return listenToKeys();
  });

  it("gives the form back where the server refuses a join, and lists the refusal until it is discarded", async () => {
    inTheRoom({ incident: { i1: { ...opened, lon: 106.54, lat: -6.17 } } });
    await talking({ "/incidents/i1/calls": refusal("incident.over", "Kejadian sudah ditutup.") });
    alt("L");
    alt("G");
    expect(await screen.findByText(/Gabung 0042 ditolak: Kejadian sudah ditutup/)).toBeVisible();
    expect(screen.getByLabelText(/Lokasi kejadian/)).toBeVisible();
    expect(screen.getByText("1 catatan ditolak server")).toBeVisible();
    key("F1");
    await userEvent.click(screen.getByRole("button", { name: "Buang" }));
    expect(screen.queryByText("1 catatan ditolak server")).toBeNull();
  });

  it("gives an incident's words back where the server refuses what the browser had kept", async () => {
    let away = true;
    await talking({
      "/incidents": () => (away ? "away" : refusal("request.invalid", "Tempat di luar wilayah.")()),
    });
    await userEvent.type(screen.getByLabelText(/Uraian/), "Asap tebal");
    alt("L");
    alt("J");
    await userEvent.type(screen.getByRole("combobox", { name: /Kode atau kata/ }), "FIR01{Enter}");
    key("Enter", { ctrlKey: true });
    await waitFor(() => expect(useOutbox.getState().waiting).toHaveLength(1));
    away = false;
    expect(await screen.findByText(/Tempat di luar wilayah/, {}, { timeout: 5000 })).toBeVisible();
    expect(screen.getByLabelText(/Uraian/)).toHaveValue("Asap tebal");
    expect(useOutbox.getState().waiting).toEqual([]);
  });

  it("shows the keys that a silent caller presses, and that no sound comes", async () => {
    await talking();
    Voice.at?.says({ type: "line", call_id: callId, state: "silent" });
    expect(bar()).toHaveTextContent("Tidak ada suara dari penelepon");
    Voice.at?.says({ type: "dtmf", call_id: callId, digit: "5" });
    expect(bar()).toHaveTextContent(/Tuts penelepon\s*5/);
  });

  it("keeps the outcome's key marked while the call goes on", async () => {
    await talking({ "/calls/[^/]+/disposition": () => ({ body: {} }) });
    const prank = screen.getByRole("button", { name: /Prank/ });
    expect(prank).toHaveAttribute("aria-pressed", "false");
    key("F7");
    expect(prank).toHaveAttribute("aria-pressed", "true");
  });

  it("says what became of a ring that was not answered here", async () => {
    await seated();
    Voice.at?.rings();
    Voice.at?.says({ type: "ring_cancelled", call_id: callId, why: "timeout" });
    expect(screen.getByText("Dering tidak dijawab: panggilan pindah ke meja lain.")).toBeVisible();
  });

  it("shows a number only of the call it was asked for", async () => {
    await talking();
    alt("N");
    expect(bar()).toHaveTextContent("081288450012");
    Voice.at?.ends("caller");
    const next = { ...OFFER, call_id: "01934f5e-7c1a-7b3c-9f00-0123456789ac", number: "081200000777" };
    Voice.at?.rings(next);
    Voice.at?.answers(next);
    expect(bar()).not.toHaveTextContent("081200000777");
  });

  it("sits down without being ready by its key", async () => {
    server({});
    showDesk();
    await userEvent.click(screen.getByRole("button", { name: /Tes mikrofon/ }));
    alt("S");
    await waitFor(() => expect(Voice.at?.heard[0]?.type).toBe("hello"));
    Voice.at?.welcomes();
    expect(Voice.at?.heard.map((one) => one.type)).not.toContain("ready");
  });

  it("stays on a break over a reload", async () => {
    await seated();
    alt("S");
    key("1");
    const kept = { ...sessionStorage };
    givenDesk();
    for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(name, value as string);
    server({});
    document.body.innerHTML = "";
    showDesk();
    await waitFor(() => expect(Voice.at?.heard.map((one) => one.type)).toContain("hello"));
    Voice.at?.welcomes();
    expect(Voice.at?.heard.map((one) => one.type)).not.toContain("ready");
  });

  it("says that callers do not hear it while the microphone is gone, and goes on with the next one", async () => {
    await talking();
    const before = mouth.replaced;
    const found = navigator.mediaDevices.getUserMedia;
    const gone = () => Promise.reject(new DOMException("", "NotFoundError"));
    Object.assign(navigator.mediaDevices, { getUserMedia: gone });
    await act(async () => mouth.track?.onended?.());
    expect(bar()).toHaveTextContent("Mikrofon tercabut: penelepon tidak mendengar Anda");
    Object.assign(navigator.mediaDevices, { getUserMedia: found });
    alt("M");
    await waitFor(() => expect(bar()).not.toHaveTextContent("Mikrofon tercabut"));
    expect(mouth.replaced).toBe(before + 1);
  });

  it("finishes the form of a call whose seat was taken over, and says so", async () => {
    await talking();
    Voice.at?.close(4001);
    await waitFor(() => expect(bar()).toHaveTextContent("Selesai"));
    key("Escape");
    expect(screen.getByText("Duduk di meja")).toBeVisible();
  });

  it("asks one thing at a time, and takes a double press of an outcome once", async () => {
    const asked = await seated({ "/callbacks/a/done": () => ({ body: {} }) });
    const due = { state: "due", due_at: new Date().toISOString(), attempts: 0, call_id: "c1", rev: 1 };
    inTheRoom({ callback: { a: { ...due, id: "a", number: "081200000001" } } });
    alt("T");
    expect(clashes(mounted())).toEqual([]);
    alt("S");
    expect(clashes(mounted())).toEqual([]);
    await waitFor(() => expect(screen.queryByRole("group", { name: /081200000001/ })).toBeNull());
    alt("T");
    const chip = within(screen.getByRole("group", { name: /081200000001/ })).getAllByRole("button")[1];
    act(() => {
      chip?.click();
      chip?.click();
    });
    await waitFor(() => expect(screen.queryByRole("group", { name: /081200000001/ })).toBeNull());
    expect(asked.filter((one) => one.path.includes("callback"))).toHaveLength(1);
  });

  it("never gives one lost caller's outcome to another", async () => {
    const due = { state: "due", due_at: new Date().toISOString(), attempts: 0, call_id: "c1", rev: 1 };
    const asked = await seated({ "/callbacks/[^/]+": () => ({ body: {} }) });
    inTheRoom({ callback: { a: { ...due, id: "a", number: "081200000001" } } });
    alt("T");
    expect(screen.getByRole("group", { name: /081200000001/ })).toBeVisible();
    inTheRoom({ callback: { b: { ...due, id: "b", number: "081200000002" } } });
    expect(screen.queryByRole("group", { name: /08120000000/ })).toBeNull();
    key("1");
    expect(asked.filter((one) => one.path.includes("callback"))).toEqual([]);
  });
});
