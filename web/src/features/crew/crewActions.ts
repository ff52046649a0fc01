/** What the thumb does: every press is on the phone's disk before it is sent, with the time at which it was pressed. */
import { sendSurely, useOutbox, type Waiting, withdraw } from "@/api/outbox";
import type { Translate } from "@/i18n";
import { serverNow } from "@/live/clock";
import type { Assignment, Unit, UnitStatus } from "@/live/rows";
import type { Verb } from "../assignment/moves";
import { hold, release, useHeld } from "./held";
import { useKept } from "./keep";
import { LANE, waitingFor } from "./phone";

/**
 * The time of a press: the server's clock as far as the phone knows it, and never before what was pressed before.
 * A reload without signal forgets how far the phone's own clock is off.
 */
export function pressedAt(job: Assignment, waiting: readonly Waiting[]): string {
  const told = waitingFor(waiting, job.id).map((line) => (line.body as { at?: string }).at);
  const known = [job.sent_at, job.acknowledged_at, job.departed_at, job.arrived_at, ...told];
  const last = Math.max(...known.map((at) => (at ? Date.parse(at) : 0)));
  return new Date(Math.max(serverNow(), last + 1)).toISOString();
}

const now = (job: Assignment) => {
  const { line } = useHeld.getState();
  return pressedAt(job, [...useOutbox.getState().waiting, ...(line ? [line] : [])]);
};

function put(path: string, body: unknown, label: string): void {
  // Whoever presses is on duty: the phone needs no other start.
  useKept.setState({ watching: true });
  release();
  sendSurely(path, body, label, undefined, LANE);
}

export type Thumb = "acknowledge" | "depart" | "arrive" | "finish";

export const isThumb = (verb: Verb | null): verb is Thumb =>
  verb === "acknowledge" || verb === "depart" || verb === "arrive" || verb === "finish";

/**
 * The next status. Taking a task has no time of its own and is never held: the room counts it when it hears of it.
 * The steps on the way are held for a moment, in which they can be taken back.
 */
export function press(job: Assignment, verb: "acknowledge" | "depart" | "arrive", t: Translate): void {
  const path = `/assignments/${job.id}/${verb}`;
  if (verb === "acknowledge") put(path, {}, t("crew.thumb.acknowledge"));
  else hold(path, { at: now(job) }, t(`crew.thumb.${verb}`));
}

export function finish(job: Assignment, result: string, t: Translate): void {
  put(`/assignments/${job.id}/finish`, { result, at: now(job) }, t("crew.thumb.finish"));
}

export function refuse(job: Assignment, reason: string, text: string | undefined, t: Translate): void {
  put(`/assignments/${job.id}/refuse`, { reason, ...(text ? { text } : {}) }, t("crew.refuse"));
}

export function setStatus(unit: Unit, status: UnitStatus, label: string): void {
  put(`/units/${unit.id}/status`, { status }, label);
}

/** A refusal of the server that the crew has read. */
export const understood = (key: string) => withdraw(key);
