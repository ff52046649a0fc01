/** What is proposed for the chosen incident, fresh whenever a unit or an assignment of it changes. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useTable } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";
import { isLive } from "../assignment/clocks";
import { recommendation } from "../assignment/verbs";
import { useDesk } from "./desk";
import {
  answeredFor,
  markedAtFirst,
  type Order,
  ordersOf,
  type ProposalRow,
  proposalRows,
  type Recommendation,
} from "./proposal";

const FRESH_MS = 20_000;

export type Proposal = {
  rows: ProposalRow[];
  marked: ReadonlySet<string>;
  orders: Order[];
  advice: Recommendation | null;
  loading: boolean;
  failed: Error | null;
};

const NOBODY: string[] = [];
const NOTHING: Recommendation = { units: [], inform: [] };

/** Changes when the server would rank anew: who of the agencies called is free, and what this incident has already. */
function useCause(assignments: readonly Assignment[], called: readonly string[]): string {
  const units = useTable("unit");
  return useMemo(() => {
    const asked = Object.values(units).filter((unit) => called.includes(unit.agency));
    const free = asked.map((unit) => `${unit.status[0]}${unit.assignment_id ? 1 : 0}`);
    return `${free.join("")}|${assignments.map((one) => one.state).join()}`;
  }, [units, assignments, called]);
}

export function useProposal(incident: Incident, assignments: readonly Assignment[]): Proposal {
  const catalogue = useCatalogue();
  const units = useTable("unit");
  const { added, marked } = useDesk();
  const type = catalogue?.incident_types.find((one) => one.code === incident.type);
  const called = type?.agencies ?? NOBODY;
  const cause = useCause(assignments, called);
  const asked = useQuery({
    queryKey: ["recommendation", incident.id, cause],
    queryFn: ({ signal }) => recommendation(incident.id, signal),
    enabled: !incident.masked,
    placeholderData: (before, query) => (query?.queryKey[1] === incident.id ? before : undefined),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
    retry: 1,
  });
  const advice = asked.data ?? null;
  const sent = useMemo(
    () =>
      answeredFor(
        assignments.filter((one) => isLive(one) || one.state === "done"),
        advice,
      ),
    [assignments, advice],
  );
  const rows = useMemo(
    () => proposalRows(advice ?? NOTHING, (id) => units[id]?.agency, sent, called, added),
    [advice, units, sent, called, added],
  );
  const atFirst = useMemo(() => markedAtFirst(rows, sent, called), [rows, sent, called]);
  const now = marked ?? atFirst;
  const lead = called[0];
  return {
    rows,
    marked: now,
    orders: ordersOf(rows, now, sent.has(lead ?? "") ? undefined : lead),
    advice,
    loading: asked.isLoading,
    failed: asked.error,
  };
}
