/** The `/` line of the dispatch desk: `42`, `kirim DMK-07 DMK-01 42`, `batal DMK-07`, `ganti LAMA BARU`, `status DMK-04 rusak`, … Pure. */
import type { Named } from "@/api/catalogue";
import type { Agency, Assignment, Incident, Tables, Unit } from "@/live/rows";
import { isLive } from "../assignment/clocks";
import { isOpen } from "./board";

export type Target = { unit: Unit; agency: Agency | undefined } | { unit: null; agency: Agency };

export type Command =
  | { kind: "send"; targets: Target[]; incident: Incident }
  | { kind: "cancel"; assignment: Assignment; unit: Unit | null; incident: Incident; reason: string | null }
  | { kind: "cancel_incident"; incident: Incident; reason: string | null }
  | {
      kind: "replace";
      assignment: Assignment;
      from: Unit;
      to: Unit;
      incident: Incident;
      reason: string | null;
    }
  | { kind: "close"; incident: Incident }
  | { kind: "open"; incident: Incident }
  | { kind: "status"; unit: Unit; status: string | null }
  | { kind: "find"; words: string }
  /** Not yet a command; `say` is the key of the words that ask for what is missing. */
  | { kind: "incomplete"; say: Missing; word: string };

type Missing = "verb" | "unit" | "incident" | "unknown_unit" | "unknown_incident" | "no_job" | "words";

/** English words are taken too; the screen offers the Indonesian ones. */
const VERBS: Record<string, "send" | "cancel" | "replace" | "close" | "open" | "status" | "find"> = {
  kirim: "send",
  send: "send",
  batal: "cancel",
  cancel: "cancel",
  ganti: "replace",
  replace: "replace",
  tutup: "close",
  close: "close",
  buka: "open",
  open: "open",
  status: "status",
  cari: "find",
  find: "find",
};

export type Lexicon = {
  tables: Tables;
  reasons: readonly Named[];
  statuses?: readonly Named[];
  /** Which incident "this one" is when no number is typed. */
  chosen: Incident | null;
};

const bare = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, "");

/** "dmk7", "DMK-07", "dmk 07": the same unit. */
function signOf(word: string): string {
  const [, letters, digits] = /^([a-z]+)0*(\d*)$/.exec(bare(word)) ?? [];
  return letters ? `${letters}${digits ?? ""}` : bare(word);
}

function findUnit(word: string, tables: Tables): Unit | undefined {
  const sign = signOf(word);
  return Object.values(tables.unit).find((unit) => signOf(unit.code) === sign);
}

function findAgency(word: string, tables: Tables): Agency | undefined {
  const wanted = bare(word);
  return Object.values(tables.agency).find(
    (agency) => bare(agency.id) === wanted || bare(agency.short_name) === wanted,
  );
}

/** Short numbers start anew each day: an open incident wins, then the newest. */
function findIncident(word: string, tables: Tables): Incident | undefined {
  if (!/^\d+$/.test(word)) return undefined;
  return Object.values(tables.incident)
    .filter((incident) => incident.short_number === Number(word))
    .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.opened_at.localeCompare(a.opened_at))[0];
}

/** The reason whose words begin with what was typed: "keliru" finds "Unit keliru". */
function findReason(words: readonly string[], reasons: readonly Named[]): string | null {
  const typed = words.join(" ").trim().toLowerCase();
  if (!typed) return null;
  const found = reasons.find(
    (reason) =>
      reason.code === typed || Object.values(reason.name).some((name) => name.toLowerCase().includes(typed)),
  );
  return found?.code ?? null;
}

const missing = (say: Missing, word = ""): Command => ({ kind: "incomplete", say, word });

function jobOf(unit: Unit, tables: Tables): { assignment: Assignment; incident: Incident } | undefined {
  const assignment = unit.assignment_id ? tables.assignment[unit.assignment_id] : undefined;
  const incident = assignment ? tables.incident[assignment.incident_id] : undefined;
  return assignment && incident && isLive(assignment) ? { assignment, incident } : undefined;
}

function send(words: string[], { tables, chosen }: Lexicon): Command {
  if (words.length === 0) return missing("unit");
  const last = words[words.length - 1] ?? "";
  const typed = /^\d+$/.test(last);
  const incident = typed ? findIncident(last, tables) : chosen;
  const targets: Target[] = [];
  for (const word of typed ? words.slice(0, -1) : words) {
    const unit = findUnit(word, tables);
    const agency = unit ? tables.agency[unit.agency] : findAgency(word, tables);
    if (unit) targets.push({ unit, agency });
    else if (agency) targets.push({ unit: null, agency });
    else return missing("unknown_unit", word);
  }
  if (targets.length === 0) return missing("unit");
  if (!incident) return typed ? missing("unknown_incident", last) : missing("incident");
  return { kind: "send", targets, incident };
}

function cancel(words: string[], { tables, reasons }: Lexicon): Command {
  const [first = "", ...rest] = words;
  if (!first) return missing("unit");
  const incident = findIncident(first, tables);
  if (incident) return { kind: "cancel_incident", incident, reason: findReason(rest, reasons) };
  if (/^\d+$/.test(first)) return missing("unknown_incident", first);
  const unit = findUnit(first, tables);
  if (!unit) return missing("unknown_unit", first);
  const job = jobOf(unit, tables);
  if (!job) return missing("no_job", unit.code);
  const said = rest[0] && /^\d+$/.test(rest[0]) ? rest.slice(1) : rest;
  return { kind: "cancel", ...job, unit, reason: findReason(said, reasons) };
}

function replace(words: string[], { tables, reasons }: Lexicon): Command {
  const [old = "", fresh = "", ...rest] = words;
  if (!old || !fresh) return missing("unit");
  const [from, to] = [findUnit(old, tables), findUnit(fresh, tables)];
  if (!from) return missing("unknown_unit", old);
  if (!to) return missing("unknown_unit", fresh);
  const job = jobOf(from, tables);
  if (!job) return missing("no_job", from.code);
  return { kind: "replace", ...job, from, to, reason: findReason(rest, reasons) };
}

function open(number: string, { tables }: Lexicon): Command {
  const incident = findIncident(number, tables);
  return incident ? { kind: "open", incident } : missing("unknown_incident", number);
}

function status([sign = "", ...words]: string[], { tables, statuses }: Lexicon): Command {
  if (!sign) return missing("unit");
  const unit = findUnit(sign, tables);
  return unit
    ? { kind: "status", unit, status: findReason(words, statuses ?? []) }
    : missing("unknown_unit", sign);
}

export function parseCommand(line: string, lexicon: Lexicon): Command {
  const [verb = "", ...words] = line.trim().split(/\s+/);
  if (/^\d+$/.test(verb) && words.length === 0) return open(verb, lexicon);
  switch (VERBS[verb.toLowerCase()]) {
    case "send":
      return send(words, lexicon);
    case "cancel":
      return cancel(words, lexicon);
    case "replace":
      return replace(words, lexicon);
    case "close": {
      const incident = words[0] ? findIncident(words[0], lexicon.tables) : lexicon.chosen;
      if (incident) return { kind: "close", incident };
      return words[0] ? missing("unknown_incident", words[0]) : missing("incident");
    }
    case "open":
      return words[0] ? open(words[0], lexicon) : missing("incident");
    case "status":
      return status(words, lexicon);
    case "find":
      return words.length > 0 ? { kind: "find", words: words.join(" ") } : missing("words");
    default:
      return missing("verb", verb);
  }
}
