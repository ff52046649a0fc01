import { useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useRow } from "@/live/room";
import type { Assignment } from "@/live/rows";
import { Acts } from "../assignment/Acts";
import { isLive } from "../assignment/clocks";
import type { Move } from "../assignment/moves";
import { ConsoleAsks } from "./Asks";
import { useConsole } from "./console";
import type { Task } from "./inbox";
import { OwnJobs } from "./OwnJobs";
import { TaskFacts, TaskHead } from "./TaskHead";
import { TaskMap } from "./TaskMap";
import * as actions from "./taskActions";
import { UnitPick } from "./UnitPick";
import { useChoices } from "./useTask";

const NO_MOVES: Move[] = [];

function jobInHand(task: Task, jobId: string | null): Assignment | null {
  return task.jobs.find((job) => job.id === jobId) ?? task.jobs.find(isLive) ?? task.jobs[0] ?? null;
}

/** Which own units would go: those marked, else the nearest one where the room named none. */
function useMarked(task: Task, agency: string, sendsCrews: boolean) {
  const { marked, adding } = useConsole();
  const choices = useChoices(task, agency);
  const job = actions.waitingJob(task);
  return useMemo(() => {
    const first = choices[0]?.unit.id;
    const wanted = job !== null && !job.unit_id && job.role !== "inform" && sendsCrews && !adding;
    const now = marked ?? new Set(wanted && first ? [first] : []);
    const ids = choices.map((choice) => choice.unit.id).filter((id) => now.has(id));
    return { choices, marked: now, ids };
  }, [choices, marked, job, sendsCrews, adding]);
}

function useActs(ground: actions.TaskGround) {
  const { adding, ask } = useConsole();
  const waiting = actions.waitingJob(ground.task) !== null;
  const adds = actions.addUnitsAction(ground);
  const stop: DeskAction = {
    id: "opd.add.stop",
    label: "denied.back",
    keys: "Esc",
    run: () => useConsole.setState({ adding: false, marked: null }),
  };
  const refuse = actions.refuseAction(ground);
  const acts = waiting
    ? { primary: actions.acceptAction(ground), rest: [refuse] }
    : adding
      ? { primary: adds, rest: [stop] }
      : { primary: null, rest: [actions.stepAction(ground), actions.resultAction(ground), adds, refuse] };
  useDeskKeys(ask ? [] : [...(acts.primary ? [acts.primary] : []), ...acts.rest]);
  return acts;
}

/** The chosen task: where, what, how long, which own units, and the verbs. */
export function TaskPanel({ task, agency }: { task: Task; agency: string }) {
  const t = useT();
  const catalogue = useCatalogue();
  const { adding, ask, jobId } = useConsole();
  const sendsCrews = useRow("agency", agency)?.sends_crews ?? true;
  const job = jobInHand(task, jobId);
  const waiting = actions.waitingJob(task);
  const pick = useMarked(task, agency, sendsCrews);
  const moves = catalogue?.assignment_moves ?? NO_MOVES;
  const acts = useActs({ task, job, unitIds: pick.ids, sendsCrews, moves, t });
  const picking = sendsCrews && (waiting !== null || adding);
  const onIt = task.jobs
    .filter(isLive)
    .map((one) => one.unit_id)
    .filter((id) => id !== null);
  const { incident } = task;
  return (
    <section className="panel opd-task" aria-label={t("opd.task")}>
      <TaskHead incident={incident} job={waiting ?? job} clock={task.clock} />
      {!incident.masked && <TaskFacts incident={incident} job={waiting ?? job} agency={agency} />}
      {incident.masked && <p className="empty t2">{t("opd.masked")}</p>}
      {!incident.masked && <TaskMap incident={incident} unitIds={picking ? [...onIt, ...pick.ids] : onIt} />}
      <div className="scroll opd-rows">
        {!picking && <OwnJobs incident={incident} jobs={task.jobs} jobId={job?.id ?? null} />}
        {picking && <UnitPick choices={pick.choices} marked={pick.marked} asked={waiting?.unit_id ?? null} />}
      </div>
      {ask && ask.kind !== "status" ? (
        <ConsoleAsks ask={ask} agency={agency} />
      ) : (
        <Acts primary={acts.primary} left={acts.rest} large={waiting !== null} />
      )}
    </section>
  );
}
