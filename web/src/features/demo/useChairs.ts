/** The demo's chairs, asked again every few seconds, and the switch of the simulated colleague. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type Chair, chairs, letColleague } from "@/api/demo";
import { Problem } from "@/api/http";
import type { Language } from "@/i18n";

const EVERY_MS = 3000;
const KEY = ["demo", "chairs"];

export function useChairs() {
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => chairs(signal),
    refetchInterval: (query) => (isNoDemo(query.state.error) ? false : EVERY_MS),
    retry: false,
  });
  return { chairs: data, noDemo: isNoDemo(error), failed: error, readAt: dataUpdatedAt };
}

/** True where the server is no demo: it does not know these addresses. */
function isNoDemo(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}

export function useSwitch(): (chair: Chair) => Promise<void> {
  const queries = useQueryClient();
  return async (chair) => {
    await letColleague(chair.username, !chair.simulated);
    await queries.invalidateQueries({ queryKey: KEY });
  };
}

/** The chair's address, in the language spoken here. */
export const sitUrl = (chair: Chair, language: Language) => `${chair.url}?lang=${language}`;
