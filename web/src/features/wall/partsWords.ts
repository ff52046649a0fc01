/** How the room's parts are, in words: for the wall's foot and the supervisor's. */
import { useQuery } from "@tanstack/react-query";
import { get } from "@/api/http";
import { type Translate, useT } from "@/i18n";

export type Health = {
  status: "ok" | "degraded";
  parts: Record<
    string,
    { state: string; alarms?: string[]; free_mb?: number; spool_backlog?: number | null }
  >;
};

const EVERY_MS = 10_000;

export function useHealth() {
  return useQuery({
    queryKey: ["healthz"],
    queryFn: ({ signal }) => get<Health>("/healthz", { signal }),
    refetchInterval: EVERY_MS,
    retry: false,
  });
}

/** What kind of alarm it is: after a colon stands the seat it is about. */
export const alarmKind = (code: string): string => code.split(":", 1)[0] ?? code;

/** The parts that are not well, in words, worst (down) first. */
function troubles(health: Health, t: Translate, word: (group: string, code: string) => string): string[] {
  const ill = Object.entries(health.parts).filter(([, part]) => part.state !== "ok");
  ill.sort(([, a], [, b]) => Number(b.state === "down") - Number(a.state === "down"));
  return ill.map(([name, part]) => {
    const what = word("room_part", name);
    if (part.state === "down") return t("parts.down", { what });
    if (part.state === "low") return t("parts.low", { what });
    return t("parts.alarm", {
      what,
      alarms: (part.alarms ?? []).map((code) => word("voice_alarm", alarmKind(code))).join(", "),
    });
  });
}

export type PartsState = { state: "unknown" | "ok" | "degraded" | "away"; words: string };

/** One line about all parts; an unreachable api is itself the news. */
export function usePartsState(word: (group: string, code: string) => string): PartsState {
  const t = useT();
  const { data, isError } = useHealth();
  if (isError) return { state: "away", words: t("parts.away") };
  if (!data) return { state: "unknown", words: t("parts.unknown") };
  if (data.status === "ok") return { state: "ok", words: t("parts.ok") };
  return { state: "degraded", words: troubles(data, t, word).join(" · ") };
}
