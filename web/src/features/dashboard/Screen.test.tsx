import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "@/app/axe";
import { useLanguage } from "@/i18n";
import { listenToKeys } from "@/keys/listen";
import { clashes, mounted } from "@/keys/registry";
import { tables } from "../assignment/given";
import { type Asked, givenRoom, server, showScreen } from "../assignment/givenScreen";
import type { Figures, Measure } from "./figures";
import Screen from "./Screen";

const measure = (code: string, target_s: number, more: Partial<Measure> = {}): Measure => ({
  code,
  n: 24,
  p10_s: target_s * 0.2,
  median_s: target_s * 0.5,
  p90_s: target_s * 0.9,
  within: 0.93,
  of: 24,
  target_s,
  ...more,
});
const response = measure("response", 900);
const figures: Figures = {
  first: "2026-11-24",
  last: "2026-11-24",
  calls: { offered: 118, answered: 109, lost: 9, waiting: 0 },
  calls_reconcile: true,
  assignments: 63,
  acknowledged: 61,
  clocks: [
    measure("answer", 15, { n: 105, of: 109 }),
    measure("processing", 60, { p90_s: 71, within: 0.84 }),
    measure("acknowledge", 60),
    measure("turnout", 80),
    measure("travel", 720, { n: 3, p10_s: null, median_s: null, p90_s: null, within: null }),
    response,
  ],
  month_response: response,
  response_minutes: Array.from({ length: 31 }, (_, minute) => (minute === 11 ? 7 : 0)),
  incidents: 402,
  by_category: [{ code: "FIR", name: "Darurat kebakaran", count: 118 }],
  by_kecamatan: [{ code: "36.03.12", name: "Pasar Kemis", count: 38 }],
  placed: 391,
  trend: [{ day: "2026-11-24", offered: 118, normal: 21, prank: 31, ghost: 43 }],
  within_share: 0.9,
  made_at: new Date().toISOString(),
};

let asked: Asked[] = [];

function open(answer: { status?: number; body: unknown } = { body: figures }) {
  givenRoom(tables({}), { permissions: ["dashboard.read"] });
  asked = server({ "/dashboard": () => answer });
  showScreen(Screen);
}

describe("the dashboard", () => {
  beforeEach(() => localStorage.clear());

  it("outlines what misses its target, with the words; what keeps it has a check", async () => {
    open();
    const late = await screen.findByRole("region", { name: "Waktu Proses p90" });
    expect(late).toHaveClass("late");
    expect(within(late).getByText("Lewat target 60 dtk")).toBeVisible();
    const fine = screen.getByRole("region", { name: "Dijawab ≤ 15 dtk" });
    expect(fine).not.toHaveClass("late");
    expect(fine).toHaveTextContent("93 %dari 109Target 90 %");
    expect(screen.getByText("109 terjawab + 9 terputus, cocok")).toBeVisible();
  });

  it("says loudly when the calls do not add up", async () => {
    open({ body: { ...figures, calls_reconcile: false } });
    expect(await screen.findByText("109 terjawab + 9 terputus, TIDAK cocok")).toBeVisible();
  });

  it("shows a dash where there are fewer than five values", async () => {
    const few = figures.clocks.map((one) => ({
      ...one,
      n: 4,
      p10_s: null,
      median_s: null,
      p90_s: null,
      within: null,
    }));
    open({ body: { ...figures, clocks: few, assignments: 4, acknowledged: 4 } });
    const tile = await screen.findByRole("region", { name: "Waktu Tanggap median" });
    expect(tile).toHaveTextContent("–");
    expect(within(tile).getByText("Belum cukup data")).toBeVisible();
  });

  it("changes the days by key", async () => {
    const stop = listenToKeys();
    open();
    await screen.findByText("Pasar Kemis");
    await userEvent.keyboard("2");
    await waitFor(() =>
      expect(screen.getByRole("button", { name: /^7 hari/ })).toHaveAttribute("aria-pressed", "true"),
    );
    expect(asked.filter((one) => one.path === "/dashboard").length).toBeGreaterThanOrEqual(2);
    stop();
  });

  it("shows the server's own words when there are no figures", async () => {
    open({
      status: 403,
      body: { code: "denied", title: "Tidak boleh", detail: "Angka ini bukan untuk Anda." },
    });
    expect(await screen.findByText("Angka ini bukan untuk Anda.")).toBeVisible();
  });

  it("is whole in English, has no key twice, and names everything", async () => {
    open();
    await screen.findByText("Pasar Kemis");
    useLanguage.setState({ language: "en" });
    expect(await screen.findByText("Times against target")).toBeVisible();
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });
});
