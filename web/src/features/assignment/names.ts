/** Words for the ids and codes of rows: what an incident is called, whose unit, which kecamatan. */
import { useMemo } from "react";
import { type Catalogue, useCatalogue, useNamed } from "@/api/catalogue";
import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { useTable } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";

export type Names = {
  /** "Kebakaran rumah/bangunan"; a masked case is "Kasus Terbatas". */
  type: (incident: Incident) => string;
  /** "0042" */
  number: (incident: Incident) => string;
  agency: (id: string) => string;
  /** "DMK-07", or the agency where no unit is named. */
  job: (assignment: Assignment) => string;
  unit: (id: string | null | undefined) => string;
  unitType: (code: string) => string;
  kecamatan: (code: string | null | undefined) => string | null;
  desa: (code: string | null | undefined) => string | null;
  danger: (code: string) => string;
  result: (code: string) => string;
  /** Why something was refused, taken back or replaced. */
  reason: (code: string) => string;
  person: (id: string | null | undefined) => string;
};

const codes = (list: { code: string; name: string }[] | undefined) =>
  new Map((list ?? []).map((one) => [one.code, one.name]));

function usePlaces(catalogue: Catalogue | null) {
  return useMemo(
    () => ({ kecamatan: codes(catalogue?.kecamatan), desa: codes(catalogue?.desa) }),
    [catalogue],
  );
}

export function useNames(): Names {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const places = usePlaces(catalogue);
  const agencies = useTable("agency");
  const units = useTable("unit");
  const accounts = useTable("account");
  const agency = (id: string) => agencies[id]?.short_name ?? id;
  return {
    type: (incident) =>
      incident.masked ? t("denied.restricted") : named(catalogue?.incident_types, incident.type),
    number: (incident) => shortNumber(incident.short_number),
    agency,
    job: (one) => (one.unit_id ? (units[one.unit_id]?.code ?? agency(one.agency)) : agency(one.agency)),
    unit: (id) => (id ? (units[id]?.code ?? "–") : "–"),
    unitType: (code) => named(catalogue?.unit_types, code),
    kecamatan: (code) => (code ? (places.kecamatan.get(code) ?? null) : null),
    desa: (code) => (code ? (places.desa.get(code) ?? null) : null),
    danger: (code) => named(catalogue?.dangers, code),
    result: (code) => named(catalogue?.results, code),
    reason: (code) =>
      named([...(catalogue?.refusal_reasons ?? []), ...(catalogue?.cancel_reasons ?? [])], code),
    person: (id) => (id ? (accounts[id]?.display_name ?? "–") : "–"),
  };
}

/** "Gg. Melati 3 · Desa Suka Asih · Pasar Kemis", without repeating what the text says already. */
export function placeLine(incident: Incident, names: Names): string {
  const text = incident.place_text ?? "";
  const parts = [text, names.desa(incident.desa_code), names.kecamatan(incident.kecamatan_code)];
  return parts
    .filter((part, n) => part && (n === 0 || !text.toLowerCase().includes(part.toLowerCase())))
    .filter((part, n, all) => all.indexOf(part) === n)
    .join(" · ");
}
