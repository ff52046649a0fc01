import { useEffect, useMemo } from "react";
import { type Named, useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useRow, useTable } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Acts } from "../assignment/Acts";
import { isLive } from "../assignment/clocks";
import type { Move } from "../assignment/moves";
import { type Names, useNames } from "../assignment/names";
import { AddAsk } from "./AddAsk";
import { DetailAsk } from "./asks";
import { isOpen } from "./board";
import { DetailHead } from "./DetailHead";
import { askFor, useDesk, type View } from "./desk";
import * as actions from "./deskActions";
import { Facts } from "./Facts";
import { Follow } from "./Follow";
import { Lost } from "./Lost";
import { ProposalList } from "./ProposalList";
import { insteadOf } from "./proposal";
import { Restricted } from "./Restricted";
import { useIncidentPage } from "./useIncidentPage";
import type { Proposal } from "./useProposal";

const NO_MOVES: Move[] = [];

/** The job that the keys act on: the chosen one, else the first that still runs, else the last. */
function jobInHand(assignments: readonly Assignment[], jobId: string | null): Assignment | null {
  return (
    assignments.find((one) => one.id === jobId) ?? assignments.find(isLive) ?? assignments.at(-1) ?? null
  );
}

function useGround(incident: Incident, assignments: readonly Assignment[], names: Names): actions.Ground {
  const t = useT();
  const catalogue = useCatalogue();
  const jobId = useDesk((desk) => desk.jobId);
  const job = jobInHand(assignments, jobId);
  const agency = useRow("agency", job?.agency);
  const moves = catalogue?.assignment_moves ?? NO_MOVES;
  return { incident, assignments, job, phoneOnly: agency?.phone_only ?? false, moves, t, names };
}

/** The buttons of the view; the rest of the verbs stay reachable by key and palette. */
function useActs(ground: actions.Ground, view: View, proposal: Proposal) {
  const { ask, lost } = useDesk();
  const proposing = view === "proposal";
  const sending = actions.sendAction(ground, proposal.orders);
  const closing = actions.closeAction(ground);
  const adding = actions.addAction(ground, proposing);
  const facts = actions.factsAction(view === "facts");
  const note = actions.noteAction(ground);
  const reclassify = actions.reclassifyAction(ground);
  const resolve = actions.resolveAction(ground);
  const cancelIncident = actions.cancelIncidentAction(ground);
  const result = actions.resultAction(ground);
  const job = [actions.stepAction(ground), actions.replaceAction(ground), actions.cancelAction(ground)];
  const back = proposing && ground.assignments.length > 0 ? [actions.backAction()] : [];
  const keys = [adding, ...job, result, facts, note, reclassify, resolve, cancelIncident];
  // Only one thing answers to Ctrl Enter: what the view is about.
  const main = proposing ? [sending, ...(closing.keys === sending.keys ? [] : [closing])] : [closing];
  useDeskKeys(ask || ground.incident.masked ? [] : [...main, ...keys, ...(lost ? [] : back)]);
  const primary = proposing ? sending : ground.incident.state === "resolved" ? closing : null;
  const rest = closing === primary ? [] : [closing];
  if (!isOpen(ground.incident)) return { primary: null, facts, left: [], right: rest };
  // A job that has ended takes no step any more: only its result.
  const ended = ground.job !== null && !isLive(ground.job);
  const verbs = ended ? [] : job;
  if (proposing) return { primary, facts, left: [adding, ...back], right: [resolve, cancelIncident] };
  if (view === "facts") {
    return { primary, facts, left: [note, reclassify, resolve, cancelIncident], right: rest };
  }
  return { primary, facts, left: [...verbs, ...(result.blocked ? [] : [result]), adding], right: rest };
}

/** Who could go instead: of the same kind first, then what the type calls for, then everybody else who is free. */
function useUnitChoices(proposal: Proposal, job: Assignment | null): Named[] {
  const units = useTable("unit");
  const kind = job?.unit_id ? units[job.unit_id]?.type : undefined;
  return useMemo(
    () =>
      insteadOf(kind, proposal.advice, Object.values(units)).map(({ unit, etaS }) => {
        const words = etaS === null ? unit.code : `${unit.code} ${duration(etaS)}`;
        return { code: unit.id, name: { id: words, en: words } };
      }),
    [proposal.advice, units, kind],
  );
}

type Props = { incident: Incident; assignments: readonly Assignment[]; proposal: Proposal };

/** The chosen incident: what is proposed or who is on it, and every verb with its key. */
export function Detail({ incident: row, assignments, proposal }: Props) {
  const names = useNames();
  const t = useT();
  const desk = useDesk();
  const page = useIncidentPage(row, assignments);
  // A reason opens a restricted case on its page; the room's rows stay masked for everybody at this desk.
  const opened = row.masked && page.data && !page.data.incident.masked ? page.data.incident : null;
  const incident = opened ?? row;
  const open = !incident.masked;
  useEffect(() => {
    // The case was opened, or is no longer restricted: nothing asks for a reason any more, and the keys are free.
    if (open && useDesk.getState().ask?.kind === "access") askFor(null);
  }, [open]);
  const ground = useGround(incident, assignments, names);
  const view: View = desk.view ?? (assignments.length > 0 ? "follow" : "proposal");
  const acts = useActs(ground, view, proposal);
  const units = useUnitChoices(proposal, ground.job);
  return (
    <section className="panel dispatch-detail" aria-label={t("dispatch.detail")}>
      <DetailHead incident={incident} />
      {incident.masked ? (
        <Restricted incident={incident} />
      ) : (
        <>
          <p className="narrative t2">
            <span className="ellipsis grow" title={incident.narrative ?? undefined}>
              <b>{t(`dispatch.view.${view}`)}</b> {incident.narrative}
            </span>
            <DeskButton small action={acts.facts} />
          </p>
          {view === "proposal" && <ProposalList proposal={proposal} />}
          {view === "follow" && (
            <Follow
              incident={incident}
              assignments={assignments}
              jobId={ground.job?.id ?? null}
              timeline={page.data?.timeline}
            />
          )}
          {view === "facts" && <Facts incident={incident} page={page.data} />}
        </>
      )}
      {desk.lost && <Lost lost={desk.lost} advice={proposal.advice} marked={proposal.marked} />}
      {!incident.masked &&
        (desk.ask ? (
          desk.ask.kind === "add" ? (
            <AddAsk advice={proposal.advice} marked={proposal.marked} />
          ) : (
            <DetailAsk
              ask={desk.ask}
              incident={incident}
              assignments={assignments}
              names={names}
              units={units}
            />
          )
        ) : (
          <Acts primary={acts.primary} left={acts.left} right={acts.right} />
        ))}
    </section>
  );
}
