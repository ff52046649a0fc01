/** The agencies' telephone numbers, kept in the browser for the hour when the server is away. */
import { useEffect, useMemo } from "react";
import type { Agency } from "@/live/rows";

export type Contact = { agency: string; name: string; number: string };
const KEPT_AS = "sigap.contacts";

function contactsOf(agencies: Readonly<Record<string, Agency>>): Contact[] {
  return Object.values(agencies)
    .filter((one) => one.active)
    .flatMap((one) => {
      const number = one.contact_phone ?? one.own_number;
      return number ? [{ agency: one.id, name: one.short_name || one.name, number }] : [];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function kept(): Contact[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "[]") as Contact[];
  } catch {
    return [];
  }
}

/** The contacts of the room now, else the last ones this browser saw. */
export function useContacts(agencies: Readonly<Record<string, Agency>>): Contact[] {
  return useMemo(() => {
    const now = contactsOf(agencies);
    return now.length > 0 ? now : kept();
  }, [agencies]);
}

/** What an agency is called, also on a page that the server has not spoken to yet. */
export function agencyName(code: string, agencies: Readonly<Record<string, Agency>>): string {
  return agencies[code]?.short_name ?? kept().find((one) => one.agency === code)?.name ?? code;
}

/** Keeps them; run by the desk whenever the roster changes. */
export function useKeepContacts(agencies: Readonly<Record<string, Agency>>): void {
  useEffect(() => {
    const now = contactsOf(agencies);
    if (now.length > 0) localStorage.setItem(KEPT_AS, JSON.stringify(now));
  }, [agencies]);
}
