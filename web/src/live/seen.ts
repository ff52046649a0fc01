/** Which version of a row a person decided on, so that two people do not overwrite each other without a word. */
import { useRef } from "react";
import { Problem } from "@/api/http";

type Versioned = { rev: number };

/**
 * The version to name: the present one while what would be overwritten is as it was when it was opened (a crew that
 * moves on is no reason to ask twice), else the one that was opened: the server then says who was first.
 */
export function seenRev<R extends Versioned>(opened: R, now: R, overwritten: readonly (keyof R)[]): number {
  const same = overwritten.every((name) => JSON.stringify(opened[name]) === JSON.stringify(now[name]));
  return same ? Math.max(opened.rev, now.rev) : opened.rev;
}

/** The version that a refusal as `stale` names; null for any other error. */
export function versionTold(error: unknown): number | null {
  if (!(error instanceof Problem) || error.code !== "stale") return null;
  return typeof error.facts.rev === "number" ? error.facts.rev : null;
}

/**
 * For what is asked about a row before a verb. Runs the verb with the version that was seen; once the person has been
 * told that somebody else was first, pressing again goes by the row as it is then.
 */
export function useSeen<R extends Versioned>(row: R, overwritten: readonly (keyof R)[]) {
  const opened = useRef(row);
  const told = useRef<number | null>(null);
  return async <T>(verb: (rev: number) => Promise<T>): Promise<T> => {
    const rev =
      told.current === null ? seenRev(opened.current, row, overwritten) : Math.max(told.current, row.rev);
    try {
      return await verb(rev);
    } catch (error) {
      told.current = versionTold(error) ?? told.current;
      throw error;
    }
  };
}
