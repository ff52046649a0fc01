/** The verbs of the dispatch desk as actions: key, words, why not now, and what they do. */
import { Problem } from "@/api/http";
import type { Translate } from "@/i18n";
import type { DeskAction } from "@/keys/registry";
import { serverNow } from "@/live/clock";
import type { Assignment, Incident } from "@/live/rows";
import { isLive } from "../assignment/clocks";
import { canDo, type Move, nextVerb } from "../assignment/moves";
import type { Names } from "../assignment/names";
import { acknowledge, send, step } from "../assignment/verbs";
import { askFor, show, useDesk } from "./desk";
import type { Order } from "./proposal";

export type Ground = {
  incident: Incident;
  assignments: readonly Assignment[];
  /** The chosen job: the one that the verbs of the detail are about. */
  job: Assignment | null;
  /** Its agency has no screen: the desk says with whom it spoke. */
  phoneOnly: boolean;
  moves: readonly Move[];
  t: Translate;
  names: Names;
};

const over = ({ incident, t }: Ground): string | null =>
  incident.state === "closed" || incident.state === "cancelled" ? t("dispatch.blocked.over") : null;

/** Sends what is marked. A lost race says who won; nothing was sent then. */
export async function dispatchNow(incident: Incident, orders: readonly Order[], what: string): Promise<void> {
  try {
    const { assignments } = await send(incident.id, orders);
    useDesk.setState({
      marked: null,
      added: [],
      view: null,
      lost: null,
      sent: {
        incidentId: incident.id,
        assignmentIds: assignments.map((one) => one.id),
        what,
        atMs: serverNow(),
      },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    const taken = typeof error.facts.unit === "string" ? error.facts.unit : null;
    const order = orders.find((one) => one.unit_id && taken) ?? orders[0];
    useDesk.setState({ lost: { text: error.message, unitId: taken, agency: order?.agency ?? "" } });
  }
}

export function sendAction(ground: Ground, orders: readonly Order[]): DeskAction {
  const { incident, t } = ground;
  const told = orders.filter((one) => one.role === "inform").length;
  const facts = { units: orders.length - told, told };
  const nothing = orders.length === 0 ? t("dispatch.blocked.nothing") : null;
  return {
    id: "dispatch.send",
    label: told === 0 ? "dispatch.send" : facts.units === 0 ? "dispatch.send.told" : "dispatch.send.both",
    labelFacts: facts,
    keys: "Ctrl Enter",
    blocked: over(ground) ?? nothing,
    run: () => dispatchNow(incident, orders, t(told > 0 ? "dispatch.sent" : "dispatch.sent.only", facts)),
  };
}

export function addAction(ground: Ground, inProposal: boolean): DeskAction {
  return {
    id: "dispatch.add",
    label: inProposal ? "dispatch.change" : "dispatch.add",
    keys: "Alt U",
    blocked: over(ground),
    run: () => (inProposal ? askFor({ kind: "add" }) : show("proposal")),
  };
}

/** From the proposal back to those who are on it already. */
export function backAction(): DeskAction {
  return { id: "dispatch.back", label: "denied.back", keys: "Esc", run: () => show(null) };
}

const STEP_LABEL = {
  acknowledge: "dispatch.step.acknowledge",
  depart: "dispatch.step.depart",
  arrive: "dispatch.step.arrive",
  finish: "dispatch.step.finish",
} as const;

/** The next step of the chosen job, told to the desk by phone or radio. */
export function stepAction({ job, moves, phoneOnly, t }: Ground): DeskAction {
  const verb = job ? nextVerb(moves, job) : null;
  const run = async () => {
    if (!job || !verb) return;
    if (verb === "finish") askFor({ kind: "finish", assignmentId: job.id });
    else if (verb === "acknowledge" && phoneOnly) askFor({ kind: "contact", assignmentId: job.id });
    else if (verb === "acknowledge") await acknowledge(job.id);
    else if (verb === "depart" || verb === "arrive") await step(job.id, verb);
  };
  const label = verb && verb in STEP_LABEL ? STEP_LABEL[verb as keyof typeof STEP_LABEL] : "dispatch.step";
  return {
    id: "dispatch.step",
    label,
    keys: "Alt A",
    blocked: job ? (verb ? null : t("dispatch.blocked.ended")) : t("dispatch.blocked.job"),
    run,
  };
}

function jobAction(ground: Ground, kind: "cancel" | "replace" | "result", keys: string): DeskAction {
  const { job, moves, t } = ground;
  let blocked = job ? null : t("dispatch.blocked.job");
  if (job && kind === "result") {
    if (job.state !== "done") blocked = t("dispatch.blocked.notDone");
  } else if (job && !canDo(moves, job, "cancel")) {
    blocked = t(job.state === "arrived" ? "dispatch.blocked.arrived" : "dispatch.blocked.ended");
  } else if (job && kind === "replace" && !job.unit_id) blocked = t("dispatch.blocked.noUnit");
  const run = () => {
    if (!job) return;
    if (kind === "replace") askFor({ kind, assignmentId: job.id, unitId: job.proposed_unit_id });
    else askFor({ kind, assignmentId: job.id });
  };
  return { id: `dispatch.${kind}`, label: `dispatch.${kind}`, keys, blocked, run };
}

export const cancelAction = (ground: Ground) => jobAction(ground, "cancel", "Alt X");
export const replaceAction = (ground: Ground) => jobAction(ground, "replace", "Alt G");
export const resultAction = (ground: Ground) => jobAction(ground, "result", "Alt H");

/** What still stands in the way of closing, in words; null when nothing does. */
function missingToClose({ incident, assignments, t, names }: Ground): string | null {
  const open = assignments.filter(isLive);
  if (open.length > 0) return t("dispatch.blocked.open", { jobs: open.map(names.job).join(", ") });
  const worked = assignments.some((one) => one.state === "done") || incident.state === "resolved";
  return worked ? null : t("dispatch.blocked.nothingDone");
}

export function closeAction(ground: Ground): DeskAction {
  const ready = ground.incident.state === "resolved";
  return {
    id: "dispatch.close",
    label: "dispatch.close",
    keys: ready ? "Ctrl Enter" : "Alt W",
    blocked: over(ground) ?? missingToClose(ground),
    run: () => askFor({ kind: "close" }),
  };
}

export function resolveAction(ground: Ground): DeskAction {
  const busy = ground.assignments.some((one) => isLive(one) || one.state === "done");
  return {
    id: "dispatch.resolve",
    label: "dispatch.resolve",
    keys: "Alt T",
    blocked: over(ground) ?? (busy ? ground.t("dispatch.blocked.sentAlready") : null),
    run: () => askFor({ kind: "resolve" }),
  };
}

export function cancelIncidentAction(ground: Ground): DeskAction {
  const there = ground.assignments.some((one) => one.state === "arrived" || one.state === "done");
  return {
    id: "dispatch.cancelIncident",
    label: "dispatch.cancelIncident",
    keys: "Alt B",
    blocked: over(ground) ?? (there ? ground.t("dispatch.blocked.there") : null),
    run: () => askFor({ kind: "cancel_incident" }),
  };
}

const ask = (ground: Ground, kind: "note" | "reclassify", keys: string): DeskAction => ({
  id: `dispatch.${kind}`,
  label: `dispatch.${kind}`,
  keys,
  blocked: over(ground),
  run: () => askFor({ kind }),
});

export const noteAction = (ground: Ground) => ask(ground, "note", "Alt N");
export const reclassifyAction = (ground: Ground) => ask(ground, "reclassify", "Alt J");

export function factsAction(shown: boolean): DeskAction {
  return {
    id: "dispatch.facts",
    label: shown ? "denied.back" : "dispatch.facts",
    keys: "Alt I",
    run: () => show(shown ? null : "facts"),
  };
}

/** 30 s in which a dispatch can be taken back: those not yet acknowledged are cancelled as entered in error. */
export const UNDO_REASON = { reason: "entered_in_error" };
