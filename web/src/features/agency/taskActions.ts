/** The verbs of the agency's console as actions. */
import type { Translate } from "@/i18n";
import { tell } from "@/keys/notice";
import type { DeskAction } from "@/keys/registry";
import type { Assignment } from "@/live/rows";
import { isLive } from "../assignment/clocks";
import { canDo, type Move, nextVerb } from "../assignment/moves";
import { acknowledge, chooseUnits, step } from "../assignment/verbs";
import { askFor, useConsole } from "./console";
import type { Task } from "./inbox";

export type TaskGround = {
  task: Task;
  /** The job that the keys act on. */
  job: Assignment | null;
  /** Own units that would go, in the order of their keys. */
  unitIds: readonly string[];
  /** Units are asked of this agency at all, and it was not told only. */
  sendsCrews: boolean;
  moves: readonly Move[];
  t: Translate;
};

export const waitingJob = (task: Task): Assignment | null =>
  task.jobs.find((job) => job.state === "sent") ?? null;

export function acceptAction({ task, unitIds, t }: TaskGround): DeskAction {
  const job = waitingJob(task);
  const ids = job?.unit_id ? [job.unit_id, ...unitIds.filter((id) => id !== job.unit_id)] : unitIds;
  return {
    id: "opd.accept",
    label: ids.length > 0 ? "opd.accept.units" : "opd.accept",
    labelFacts: { n: ids.length },
    keys: "Ctrl Enter",
    blocked: job ? null : t("opd.blocked.accepted"),
    run: async () => {
      if (!job) return;
      await acknowledge(job.id, { unitIds: ids });
      useConsole.setState({ marked: null, adding: false });
    },
  };
}

export function refuseAction({ task, job, moves, t }: TaskGround): DeskAction {
  const about = waitingJob(task) ?? job;
  const may = about !== null && canDo(moves, about, "refuse");
  return {
    id: "opd.refuse",
    label: "opd.refuse",
    keys: "Alt T",
    blocked: may ? null : t("opd.blocked.underWay"),
    run: () => about && askFor({ kind: "refuse", assignmentId: about.id }),
  };
}

/** Further units for a task that was accepted; also the first one, where the agency took it without naming any. */
export function addUnitsAction(ground: TaskGround): DeskAction {
  const { task, unitIds, sendsCrews, t } = ground;
  const { adding } = useConsole.getState();
  const first = task.jobs.find((job) => isLive(job) && job.state !== "sent") ?? null;
  const none = sendsCrews ? null : t("opd.blocked.noCrews");
  if (!adding) {
    return {
      id: "opd.add",
      label: "opd.add",
      keys: "Alt N",
      blocked: none ?? (first ? null : t("opd.blocked.ended")),
      run: () => useConsole.setState({ adding: true, marked: new Set() }),
    };
  }
  return {
    id: "opd.add.confirm",
    label: "opd.add.confirm",
    labelFacts: { n: unitIds.length },
    keys: "Ctrl Enter",
    blocked: unitIds.length > 0 ? null : t("opd.blocked.noneMarked"),
    run: async () => {
      if (!first) return;
      await chooseUnits(first.id, unitIds);
      useConsole.setState({ adding: false, marked: null });
    },
  };
}

const STEP_LABEL = {
  depart: "opd.step.depart",
  arrive: "opd.step.arrive",
  finish: "opd.step.finish",
} as const;

/** What its crew tells by radio: departed, arrived, done. */
export function stepAction({ job, moves, t }: TaskGround): DeskAction {
  const verb = job ? nextVerb(moves, job) : null;
  const known = verb === "depart" || verb === "arrive" || verb === "finish" ? verb : null;
  return {
    id: "opd.step",
    label: known ? STEP_LABEL[known] : "opd.step",
    keys: "Alt A",
    blocked: known ? null : t(job?.state === "sent" ? "opd.blocked.acceptFirst" : "opd.blocked.ended"),
    run: async () => {
      if (!job || !known) return;
      if (known === "finish") askFor({ kind: "finish", assignmentId: job.id });
      else await step(job.id, known);
    },
  };
}

const owes = (job: Assignment) => job.state === "done" && job.role !== "inform";

export function resultAction({ task, job, t }: TaskGround): DeskAction {
  const about =
    job && owes(job) ? job : (task.jobs.find((one) => owes(one) && !one.result) ?? task.jobs.find(owes));
  const over = task.incident.state === "closed" || task.incident.state === "cancelled";
  return {
    id: "opd.result",
    label: "opd.result",
    keys: "Alt L",
    blocked: over ? t("opd.blocked.closed") : about ? null : t("opd.blocked.notDone"),
    run: () => about && askFor({ kind: "result", assignmentId: about.id }),
  };
}

export function callRoomAction(t: Translate): DeskAction {
  return {
    id: "opd.call",
    label: "opd.call",
    keys: "F4",
    run: () => {
      location.assign("tel:112");
      tell(t("opd.call.said"));
    },
  };
}

export function statusAction(): DeskAction {
  return {
    id: "opd.status",
    label: "opd.status",
    keys: "Alt U",
    run: () => askFor({ kind: "status", unitId: null }),
  };
}
