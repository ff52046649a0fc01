/** The agency's own units for a task, by travel time: what the officer chooses from. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTable } from "@/live/room";
import type { Unit } from "@/live/rows";
import { UNIT_OFF } from "@/ui/UnitState";
import { isLive } from "../assignment/clocks";
import { recommendation } from "../assignment/verbs";
import type { Task } from "./inbox";

export type Choice = { unit: Unit; etaS: number | null };

const MOST = 9;

/** Ready units of the agency, the nearest by road first; those already on this task are not offered again. */
export function useChoices(task: Task, agency: string): Choice[] {
  const units = useTable("unit");
  const { incident, jobs } = task;
  const asked = useQuery({
    queryKey: ["recommendation", incident.id, jobs.map((job) => job.state).join()],
    queryFn: ({ signal }) => recommendation(incident.id, signal),
    enabled: !incident.masked && (task.group === "waiting" || task.group === "working"),
    staleTime: 20_000,
    refetchInterval: 30_000,
    retry: 1,
  });
  const advice = asked.data;
  return useMemo(() => {
    const held = new Set(jobs.filter(isLive).map((job) => job.unit_id));
    const free = Object.values(units).filter(
      (unit) => unit.agency === agency && unit.active && !unit.assignment_id && !UNIT_OFF.has(unit.status),
    );
    const order = new Map(
      (advice?.units ?? []).map((one, place) => [one.unit_id, { place, etaS: one.eta_s }]),
    );
    return free
      .filter((unit) => !held.has(unit.id))
      .map((unit) => ({
        unit,
        etaS: order.get(unit.id)?.etaS ?? null,
        place: order.get(unit.id)?.place ?? 999,
      }))
      .sort((a, b) => a.place - b.place || a.unit.code.localeCompare(b.unit.code))
      .slice(0, MOST);
  }, [units, agency, advice, jobs]);
}
