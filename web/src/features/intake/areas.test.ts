import { describe, expect, it } from "vitest";
import type { Catalogue } from "@/api/catalogue";
import { areasNamed } from "./areas";

const catalogue = {
  kecamatan: Array.from({ length: 29 }, (_, at) => ({
    code: `k${at}`,
    name: at === 0 ? "Pasar Kemis" : `Lain ${at}`,
    lon: 106.5,
    lat: -6.2,
  })),
  desa: Array.from({ length: 274 }, (_, at) => ({
    code: `d${at}`,
    name: at === 0 ? "Suka Asih" : at === 1 ? "Suka" : `Tempat ${at}`,
    kecamatan_code: "k0",
    lon: 106.54,
    lat: -6.17,
  })),
} as unknown as Catalogue;

describe("areas that the words name", () => {
  it("finds a desa among other words, the longer name first, then its kecamatan", () => {
    const found = areasNamed("Gg. Melati, Suka Asih, Pasar Kemis", catalogue);
    expect(found.map((one) => one.name)).toEqual(["Suka Asih", "Suka", "Pasar Kemis"]);
    expect(found[0]).toMatchObject({ within: "Pasar Kemis", lon: 106.54, lat: -6.17, radiusM: 1100 });
    expect(found[2]?.radiusM).toBe(3400);
  });

  it("leaves out an area without a point", () => {
    const { kecamatan, desa } = catalogue;
    const old = { kecamatan, desa: desa?.map(({ code, name }) => ({ code, name })) } as unknown as Catalogue;
    expect(areasNamed("suka asih pasar kemis", old).map((one) => one.name)).toEqual(["Pasar Kemis"]);
  });

  it("finds by the beginning, and nothing without words or catalogue", () => {
    expect(areasNamed("pasar", catalogue).map((one) => one.name)).toEqual(["Pasar Kemis"]);
    expect(areasNamed("su", catalogue)).toEqual([]);
    expect(areasNamed("suka asih", null)).toEqual([]);
  });
});
