import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, query } from "@/api/http";
import { useLanguage } from "@/i18n";
import type { Figures } from "./figures";

export type Days = "1" | "7" | "30";

/** Figures are counted anew this often: a dashboard is looked at, not worked with. */
const EVERY_MS = 20_000;

export function useFigures(days: Days) {
  const language = useLanguage((state) => state.language);
  return useQuery({
    queryKey: ["dashboard", days, language],
    queryFn: ({ signal }) => get<Figures>(`/dashboard${query({ days })}`, { signal }),
    refetchInterval: EVERY_MS,
    retry: false,
    placeholderData: keepPreviousData,
  });
}
