import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, getFile, query } from "@/api/http";
import { useLanguage } from "@/i18n";

export type Cell = string | number | null;
export type Section = { code: string; title: string; head: string[]; rows: Cell[][] };
type Check = { code: string; left: number; right: number; holds: boolean };
export type DailyReport = {
  date: string;
  title: string;
  made_at: string;
  calls: Record<string, number>;
  incidents: { total: number; restricted: number };
  checks: Check[];
  reconciles: boolean;
  /** False while the day is not over: its counts still grow. */
  complete: boolean;
  tables: Section[];
  journal: { seq: number; hash: string };
};

/** Today's report grows while it is read; it is asked for anew this often. */
const EVERY_MS = 30_000;

export function useReport(day: string, isToday: boolean) {
  const language = useLanguage((state) => state.language);
  return useQuery({
    queryKey: ["report", day, language],
    queryFn: ({ signal }) => get<DailyReport>(`/reports/daily${query({ date: day })}`, { signal }),
    refetchInterval: isToday ? EVERY_MS : false,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export type FileKind = "report.csv" | "report.xlsx" | "feed.json" | "feed.csv";

const PATH: Record<FileKind, (day: string) => string> = {
  "report.csv": (date) => `/reports/daily${query({ date, format: "csv" })}`,
  "report.xlsx": (date) => `/reports/daily${query({ date, format: "xlsx" })}`,
  "feed.json": (first) => `/feed/tickets${query({ first, format: "json" })}`,
  "feed.csv": (first) => `/feed/tickets${query({ first, format: "csv" })}`,
};

/** Fetches a file and hands it to the browser's downloads; returns its name. */
export async function download(kind: FileKind, day: string): Promise<string> {
  const { name, content } = await getFile(PATH[kind](day));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return name;
}

/** What anybody with the export can type to see that the journal behind this report has not been touched. */
export function verifyCommand(head: { hash: string }): string {
  return `sigap journal verify jurnal.jsonl --head ${head.hash}`;
}
