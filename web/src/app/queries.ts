/** What was asked of the server, kept while it is fresh; it goes with the person who asked. */
import { QueryClient } from "@tanstack/react-query";
import { onTabForgotten } from "@/live/tab";

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 10_000, refetchOnWindowFocus: false } },
});

// A restricted case that one person has opened with a reason must not stand open for the next one.
onTabForgotten(() => queries.clear());
