/** What the thumb does: every press is on the phone's disk before it is sent, with the time at which it was pressed. */
import { sendSurely, withdraw } from "@/api/outbox";
import type { Translate } from "@/i18n";
import { serverNow } from "@/live/clock";
import type { Assignment, Unit, UnitStatus } from "@/live/rows";
import type { Verb } from "../assignment/moves";
import { LANE } from "./phone";

const now = () => new Date(serverNow()).toISOString();
const put = (path: string, body: unknown, label: string) => sendSurely(path, body, label, undefined, LANE);

export type Thumb = "acknowledge" | "depart" | "arrive" | "finish";

export const isThumb = (verb: Verb | null): verb is Thumb =>
  verb === "acknowledge" || verb === "depart" || verb === "arrive" || verb === "finish";

/** The next status. Taking a task has no time of its own: the room counts it when it hears of it. */
export function press(job: Assignment, verb: "acknowledge" | "depart" | "arrive", t: Translate): void {
  const body = verb === "acknowledge" ? {} : { at: now() };
  put(`/assignments/${job.id}/${verb}`, body, t(`crew.thumb.${verb}`));
}

export function finish(job: Assignment, result: string, t: Translate): void {
  put(`/assignments/${job.id}/finish`, { result, at: now() }, t("crew.thumb.finish"));
}

export function refuse(job: Assignment, reason: string, text: string | undefined, t: Translate): void {
  put(`/assignments/${job.id}/refuse`, { reason, ...(text ? { text } : {}) }, t("crew.refuse"));
}

export function setStatus(unit: Unit, status: UnitStatus, label: string): void {
  put(`/units/${unit.id}/status`, { status }, label);
}

/** A refusal of the server that the crew has read. */
export const understood = (key: string) => withdraw(key);
