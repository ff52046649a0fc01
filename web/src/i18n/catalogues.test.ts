import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isKey } from ".";

const SRC = join(import.meta.dirname, "..");

function catalogue(language: string, area: string): Record<string, string> {
  return JSON.parse(readFileSync(join(SRC, "i18n", language, area), "utf8")) as Record<string, string>;
}

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !name.includes(".test.") ? [path] : [];
  });
}

const areas = readdirSync(join(SRC, "i18n", "id"));
const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();

describe("the two languages", () => {
  it("have the same areas", () => {
    expect(readdirSync(join(SRC, "i18n", "en"))).toEqual(areas);
  });

  it.each(areas)("have the same keys and blanks in %s", (area) => {
    const id = catalogue("id", area);
    const en = catalogue("en", area);
    expect(Object.keys(en).sort()).toEqual(Object.keys(id).sort());
    for (const key of Object.keys(id))
      expect([key, blanks(en[key] ?? "")]).toEqual([key, blanks(id[key] ?? "")]);
  });

  it("have no empty text", () => {
    for (const area of areas)
      for (const language of ["id", "en"])
        for (const [key, text] of Object.entries(catalogue(language, area)))
          expect([key, text.trim()]).not.toEqual([key, ""]);
  });

  it("share no key between areas", () => {
    const all = areas.flatMap((area) => Object.keys(catalogue("id", area)));
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
  });

  it("are loaded whole: every area stands in the index", () => {
    for (const area of areas)
      for (const key of Object.keys(catalogue("id", area))) expect([key, isKey(key)]).toEqual([key, true]);
  });
});

describe("the screens", () => {
  it("use only keys that exist", () => {
    const missing: string[] = [];
    for (const path of sources(SRC)) {
      const text = readFileSync(path, "utf8");
      for (const [, key] of text.matchAll(/\b(?:t|translate)\(\s*"([^"]+)"/g))
        if (key && !isKey(key)) missing.push(`${path}: ${key}`);
    }
    expect(missing).toEqual([]);
  });
});
