/** The agency's inbox: its own assignments by incident, in the order in which they press. Pure. */
import { wibDay } from "@/i18n/format";
import type { Assignment, Incident, Tables } from "@/live/rows";
import type { ClockStage } from "@/ui/clockStage";
import {
  assignmentClock,
  byUrgency,
  type ClockPolicy,
  isLive,
  type JobClock,
  stageOf,
} from "../assignment/clocks";

type TaskGroup = "waiting" | "working" | "report" | "history";

export type Task = {
  incident: Incident;
  /** The agency's own assignments on it: those that run first, then in the order they were sent. */
  jobs: Assignment[];
  group: TaskGroup;
  clock: JobClock | null;
  stage: ClockStage;
};

/** What was asked today and taken. What was refused or not answered is out of the agency's sight: not counted here. */
type Today = { accepted: number };
export type Inbox = {
  groups: { id: TaskGroup; tasks: Task[] }[];
  waiting: Task[];
  open: number;
  today: Today;
};

const owesResult = (job: Assignment) => job.state === "done" && job.role !== "inform" && !job.result;

function groupOf(jobs: readonly Assignment[]): TaskGroup {
  if (jobs.some((job) => job.state === "sent")) return "waiting";
  if (jobs.some(isLive)) return "working";
  return jobs.some(owesResult) ? "report" : "history";
}

function taskOf(
  incident: Incident,
  jobs: Assignment[],
  tables: Tables,
  policy: ClockPolicy,
  nowS: number,
): Task {
  const sorted = [...jobs].sort(
    (a, b) => Number(isLive(b)) - Number(isLive(a)) || a.sent_at.localeCompare(b.sent_at),
  );
  const group = groupOf(sorted);
  const pressing = group === "waiting" ? sorted.filter((job) => job.state === "sent") : sorted;
  const [clock = null] = pressing
    .map((job) => assignmentClock(job, incident.priority, policy, tables.agency[job.agency]))
    .filter((one) => one !== null)
    .sort((a, b) => byUrgency(a, b, nowS));
  return { incident, jobs: sorted, group, clock, stage: clock ? stageOf(clock, nowS) : "normal" };
}

function byPress(nowS: number) {
  return (a: Task, b: Task): number => {
    if (a.clock && b.clock) return byUrgency(a.clock, b.clock, nowS);
    return Number(b.clock !== null) - Number(a.clock !== null);
  };
}

const endedAt = (task: Task) =>
  task.jobs
    .map((job) => job.ended_at ?? job.sent_at)
    .sort()
    .at(-1) ?? "";

/** By incident: a second unit on one task is not a second task. */
function todayOf(jobs: readonly Assignment[], nowS: number): Today {
  const today = wibDay(nowS * 1000);
  const taken = jobs.filter((job) => job.acknowledged_at !== null && wibDay(job.sent_at) === today);
  return { accepted: new Set(taken.map((job) => job.incident_id)).size };
}

export function inboxAt(tables: Tables, agency: string, policy: ClockPolicy, nowS: number): Inbox {
  const own = Object.values(tables.assignment).filter((job) => job.agency === agency);
  const byIncident = new Map<string, Assignment[]>();
  for (const job of own) byIncident.set(job.incident_id, [...(byIncident.get(job.incident_id) ?? []), job]);
  const tasks: Task[] = [];
  for (const [id, jobs] of byIncident) {
    const incident = tables.incident[id];
    if (incident) tasks.push(taskOf(incident, jobs, tables, policy, nowS));
  }
  const today = wibDay(nowS * 1000);
  const groups = (["waiting", "working", "report", "history"] as const).map((id) => {
    const some = tasks.filter((task) => task.group === id);
    if (id !== "history") return { id, tasks: some.sort(byPress(nowS)) };
    const ended = some.filter((task) => wibDay(endedAt(task)) === today);
    return { id, tasks: ended.sort((a, b) => endedAt(b).localeCompare(endedAt(a))) };
  });
  return {
    groups: groups.filter((group) => group.tasks.length > 0),
    waiting: groups[0]?.tasks ?? [],
    open: tasks.filter((task) => task.group !== "history").length,
    today: todayOf(own, nowS),
  };
}

/** The last task the agency took and how many seconds it needed: "19:29:12, 9 dtk". */
export function lastAccepted(tables: Tables, agency: string): { at: string; afterS: number } | null {
  const [last] = Object.values(tables.assignment)
    .filter((job) => job.agency === agency && job.acknowledged_at !== null)
    .sort((a, b) => (b.acknowledged_at ?? "").localeCompare(a.acknowledged_at ?? ""));
  if (!last?.acknowledged_at) return null;
  const afterS = (Date.parse(last.acknowledged_at) - Date.parse(last.sent_at)) / 1000;
  return { at: last.acknowledged_at, afterS };
}

/** Other agencies on the same incident: "bersama PSC 119". */
export function together(tables: Tables, incidentId: string, agency: string): string[] {
  const others = Object.values(tables.assignment).filter(
    (job) => job.incident_id === incidentId && job.agency !== agency && isLive(job),
  );
  return [...new Set(others.map((job) => job.agency))];
}
