import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "@/app/axe";
import { dayWords, wibDay } from "@/i18n/format";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { tables } from "../assignment/given";
import { givenRoom, server, showScreen } from "../assignment/givenScreen";
import { dayBefore } from "./days";
import type { DailyReport } from "./report";
import Screen from "./Screen";

const report: DailyReport = {
  date: "2026-11-24",
  title: "Laporan Harian Darurat 112, Selasa, 24 November 2026",
  made_at: new Date().toISOString(),
  calls: { offered: 118 },
  incidents: { total: 24, restricted: 1 },
  checks: [
    { code: "offered", left: 118, right: 118, holds: true },
    { code: "agencies", left: 63, right: 62, holds: false },
  ],
  reconciles: false,
  complete: false,
  tables: [
    {
      code: "calls",
      title: "Panggilan menurut jenis",
      head: ["Jenis Panggilan", "Jumlah"],
      rows: [["Ditawarkan", 118]],
    },
    {
      code: "clocks",
      title: "Waktu terhadap target",
      head: ["Waktu", "Median"],
      rows: [["Waktu Jawab (T2−T0)", null]],
    },
    {
      code: "checks",
      title: "Pemeriksaan jumlah",
      head: ["Pemeriksaan", "Hasil"],
      rows: [
        ["Ditawarkan = terjawab", "cocok"],
        ["Penugasan = semua OPD/Instansi", "TIDAK cocok"],
      ],
    },
  ],
  journal: { seq: 835, hash: "fafa09" },
};

const today = () => wibDay(Date.now());

function open(answer: { status?: number; body: unknown } = { body: report }) {
  givenRoom(tables({}), { permissions: ["report.read"] });
  const asked = server({ "/reports/daily": () => answer, "/feed/tickets": () => ({ body: [] }) });
  showScreen(Screen);
  return asked;
}

describe("the report", () => {
  beforeEach(() => localStorage.clear());

  it("shows every table, with a dash where there are too few values", async () => {
    open();
    const clocks = await screen.findByRole("table", { name: "Waktu terhadap target" });
    expect(within(clocks).getByRole("cell", { name: "–" })).toBeVisible();
    expect(screen.getByRole("table", { name: "Panggilan menurut jenis" })).toHaveTextContent("118");
  });

  it("shows which sum does not come out, with both sides", async () => {
    open();
    const checks = await screen.findByRole("region", { name: "Pemeriksaan jumlah" });
    expect(within(checks).getByText("Ada jumlah yang TIDAK cocok.")).toBeVisible();
    expect(within(checks).getByText("63 ≠ 62")).toBeVisible();
  });

  it("gives the command that verifies the journal, to copy", async () => {
    const writeText = vi.fn(async () => {});
    const person = userEvent.setup();
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    open();
    await person.click(await screen.findByRole("button", { name: /^Salin perintah/ }));
    expect(writeText).toHaveBeenCalledWith("sigap journal verify jurnal.jsonl --head fafa09");
    expect(await screen.findByText("Perintah disalin.")).toBeVisible();
  });

  it("walks through the days by key and never beyond today", async () => {
    const stop = listenToKeys();
    open();
    await screen.findByRole("table", { name: "Waktu terhadap target" });
    expect(screen.getByRole("button", { name: /^Hari berikutnya/ })).toHaveAttribute("aria-disabled", "true");
    await userEvent.keyboard("[[");
    await waitFor(() =>
      expect(screen.getByLabelText("Hari laporan")).toHaveValue(dayWords(dayBefore(today()))),
    );
    await userEvent.keyboard("]");
    await waitFor(() => expect(screen.getByLabelText("Hari laporan")).toHaveValue(dayWords(today())));
    stop();
  });

  it("takes a typed day, and says what is no day", async () => {
    const stop = listenToKeys();
    open();
    await screen.findByRole("table", { name: "Waktu terhadap target" });
    await userEvent.keyboard("t");
    const field = screen.getByLabelText("Hari laporan");
    expect(field).toHaveFocus();
    await userEvent.keyboard("31-02-2026{Enter}");
    expect(screen.getByRole("alert")).toHaveTextContent("24-11-2026");
    await userEvent.clear(field);
    await userEvent.keyboard("24 nov 2025{Enter}");
    expect(field).toHaveValue("Senin, 24 November 2025");
    stop();
  });

  it("fetches a file under the server's name for it", async () => {
    const asked = open();
    URL.createObjectURL = () => "blob:x";
    URL.revokeObjectURL = () => {};
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    await userEvent.click(await screen.findByRole("button", { name: /^Umpan Pusat Monitoring JSON/ }));
    await waitFor(() => expect(click).toHaveBeenCalled());
    expect(asked.some((one) => one.path === "/feed/tickets")).toBe(true);
  });

  it("says in the server's words why there is no report", async () => {
    open({
      status: 403,
      body: { code: "denied", title: "Tidak boleh", detail: "Laporan bukan untuk peran Anda." },
    });
    expect(await screen.findByText("Laporan bukan untuk peran Anda.")).toBeVisible();
  });

  it("has no key twice and names everything", async () => {
    open();
    await screen.findByRole("table", { name: "Waktu terhadap target" });
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });
});
