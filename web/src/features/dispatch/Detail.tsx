import { useMemo } from "react";
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
import { DetailHead } from "./DetailHead";
import { useDesk, type View } from "./desk";
import * as actions from "./deskActions";
import { Facts } from "./Facts";
import { Follow } from "./Follow";
import { Lost } from "./Lost";
import { ProposalList } from "./ProposalList";
import { Restricted } from "./Restricted";
import { useIncidentPage } from "./useIncidentPage";
import type { Proposal } from "./useProposal";

const NO_MOVES: Move[] = [];

/** The job that the keys act on: the chosen one, else the first that still runs, else the last. */
export function jobInHand(assignments: readonly Assignment[], jobId: string | null): Assignment | null {
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
  useDeskKeys(ask ? [] : [...main, ...keys, ...(lost ? [] : back)]);
  const primary = proposing ? sending : ground.incident.state === "resolved" ? closing : null;
  const rest = closing === primary ? [] : [closing];
  if (proposing) return { primary, facts, left: [adding, ...back], right: [resolve, cancelIncident] };
  if (view === "facts") {
    return { primary, facts, left: [note, reclassify, resolve, cancelIncident, ...rest], right: [] };
  }
  return { primary, facts, left: [...job, ...(result.blocked ? [] : [result]), adding], right: rest };
}

function useUnitChoices(proposal: Proposal): Named[] {
  const units = useTable("unit");
  return useMemo(() => {
    const fitting = (proposal.advice?.units ?? []).filter((one) => one.suitable);
    return fitting.map((one) => {
      const words = `${units[one.unit_id]?.code ?? "–"} ${duration(one.eta_s)}`;
      return { code: one.unit_id, name: { id: words, en: words } };
    });
  }, [proposal.advice, units]);
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
  const ground = useGround(incident, assignments, names);
  const view: View = desk.view ?? (assignments.length > 0 ? "follow" : "proposal");
  const acts = useActs(ground, view, proposal);
  const units = useUnitChoices(proposal);
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
