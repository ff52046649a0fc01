import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "@/app/axe";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { useRoom } from "@/live/room";
import { agency, assignment, incident, past, tables, unit } from "../assignment/given";
import { alt, ctrlEnter, givenRoom, key, posts, server, showScreen } from "../assignment/givenScreen";
import { useConsole } from "./console";
import Screen from "./Screen";

vi.mock("@/map", async (original) => ({ ...(await original<object>()), OpsMap: () => null }));

const waiting = assignment("a42", { sent_at: past(48) });
const room = (job = waiting) =>
  tables({
    incidents: [incident(42, { dangers: ["person_inside"], narrative: "Api dari dapur" }), incident(31)],
    agencies: [agency("BPBD_DAMKAR", { short_name: "Damkar" })],
    units: [unit("DMK-07"), unit("DMK-01"), unit("DMK-04", { status: "out_of_service" })],
    assignments: [
      job,
      assignment("a31", {
        incident_id: "i-31",
        state: "done",
        acknowledged_at: past(900),
        done_at: past(600),
      }),
    ],
  });

const show = () => {
  const asked = server({
    "/incidents/[^/]+/recommendation": () => ({ body: { units: [], inform: [] } }),
    "/.*": () => ({ body: {} }),
  });
  showScreen(Screen);
  return asked;
};

describe("the agency's console", () => {
  beforeEach(() => {
    useConsole.setState({ chosenId: null, marked: null, jobId: null, adding: false, ask: null });
    givenRoom(room(), { permissions: ["assignment.act_agency"], agency: "BPBD_DAMKAR" });
    return listenToKeys();
  });

  it("shows what waits with its clock, and says that it sounds", () => {
    show();
    expect(screen.getByRole("alert")).toHaveTextContent("1 tugas menunggu diterima");
    const task = screen.getByRole("region", { name: "Tugas" });
    expect(task).toHaveTextContent("1 orang di dalam");
    expect(within(task).getByRole("timer")).toHaveTextContent(/0:1\d/);
  });

  it("accepts with the units whose keys were pressed", async () => {
    const asked = show();
    key("2");
    await screen.findByRole("button", { name: /Terima Tugas, 2 unit/ });
    ctrlEnter();
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/assignments/a42/acknowledge",
        body: { unit_id: "u-DMK-01", further_unit_ids: ["u-DMK-07"] },
      }),
    );
  });

  it("refuses with a reason, and with words where the reason is another one", async () => {
    const asked = show();
    alt("T");
    const form = await screen.findByRole("form", { name: /Tolak .*: alasan/ });
    await userEvent.type(within(form).getAllByRole("textbox")[0] as HTMLElement, "lain");
    await userEvent.type(await within(form).findByLabelText("Sebutkan"), "Alat berat dipakai{Enter}");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/assignments/a42/refuse",
        body: { reason: "other", text: "Alat berat dipakai" },
      }),
    );
  });

  it("reports the result of what is done", async () => {
    const asked = show();
    await userEvent.click(screen.getByRole("button", { name: /0031/ }));
    alt("L");
    const form = await screen.findByRole("form", { name: /Hasil penanganan/ });
    await userEvent.type(within(form).getByRole("textbox"), "padam{Enter}");
    await waitFor(() =>
      expect(posts(asked)).toContainEqual({
        path: "/assignments/a31/result",
        body: { result: "fire_extinguished" },
      }),
    );
  });

  it("sets only a status that the unit may take now", async () => {
    const asked = show();
    alt("U");
    const which = await screen.findByRole("form", { name: "Unit mana?" });
    await userEvent.type(within(which).getByRole("textbox"), "DMK-07{Enter}");
    const status = await screen.findByRole("form", { name: /DMK-07, sekarang Siaga/ });
    expect(
      within(status)
        .getAllByRole("radio")
        .map((one) => one.textContent),
    ).toEqual(["Istirahat"]);
    await userEvent.type(within(status).getByRole("textbox"), "istirahat{Enter}");
    await waitFor(() => expect(posts(asked)[0]?.path).toBe("/units/u-DMK-07/status"));
  });

  it("hides what is restricted from an agency that is only told", () => {
    const told = { ...waiting, role: "inform" as const };
    const hidden = incident(42, { restricted: true, masked: true, place_text: null });
    act(() => useRoom.setState({ tables: { ...room(told), incident: { "i-42": hidden } } }));
    show();
    expect(screen.getByText(/hanya diberi tahu/)).toBeInTheDocument();
  });

  it("is calm without tasks", () => {
    act(() => useRoom.setState({ tables: { ...room(), assignment: {} } }));
    show();
    expect(screen.getByText("Tidak ada tugas yang menunggu")).toBeInTheDocument();
    expect(screen.getAllByText("Tidak ada tugas").length).toBeGreaterThan(0);
  });

  it("has no key twice and nothing that axe finds wrong", async () => {
    show();
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });
});
