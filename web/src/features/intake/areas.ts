/** Desa and kecamatan that the words name, from the kept catalogue: a place to open with while the search is away. Pure. */
import type { Catalogue } from "@/api/catalogue";

export type Area = {
  name: string;
  /** The kecamatan around a desa; empty for a kecamatan itself. */
  within: string;
  lon: number;
  lat: number;
  /** Radius of a circle as large as the mean area of its kind in the regency (1 028 km²), metres. */
  radiusM: number;
};

const REGENCY_M2 = 1.028e9;
const MOST = 3;
const LEAST_LETTERS = 3;

const radius = (count: number) => Math.round(Math.sqrt(REGENCY_M2 / Math.PI / count) / 100) * 100;

function names(words: string, name: string): boolean {
  const called = name.toLowerCase();
  return ` ${words} `.includes(` ${called} `) || called.startsWith(words);
}

/** A catalogue kept from before has no points for desa: those are left out. The smaller areas first, of two names the longer one: "suka asih" before "suka". */
export function areasNamed(said: string, catalogue: Catalogue | null): Area[] {
  const words = said.toLowerCase().replace(/[.,]/g, " ").replace(/\s+/g, " ").trim();
  const { kecamatan = [], desa = [] } = catalogue ?? {};
  if (words.length < LEAST_LETTERS) return [];
  const around = new Map(kecamatan.map((one) => [one.code, one.name]));
  const found = [
    ...desa.map((one) => ({
      ...one,
      within: around.get(one.kecamatan_code ?? "") ?? "",
      radiusM: radius(desa.length),
    })),
    ...kecamatan.map((one) => ({ ...one, within: "", radiusM: radius(kecamatan.length) })),
  ].filter((one) => Number.isFinite(one.lon) && names(words, one.name));
  return found
    .sort((a, b) => a.radiusM - b.radiusM || b.name.length - a.name.length)
    .slice(0, MOST)
    .map(({ name, within, lon, lat, radiusM }) => ({ name, within, lon, lat, radiusM }));
}
