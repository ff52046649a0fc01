/** Everything about one incident: its page is asked anew whenever its row or one of its jobs changes. */
import { useQuery } from "@tanstack/react-query";
import type { Assignment, Incident } from "@/live/rows";
import { incidentDetail } from "../assignment/verbs";

export function useIncidentPage(incident: Incident, assignments: readonly Assignment[]) {
  const revs = assignments.map((one) => one.rev).join();
  return useQuery({
    queryKey: ["incident", incident.id, incident.rev, revs],
    queryFn: ({ signal }) => incidentDetail(incident.id, signal),
    placeholderData: (before, query) => (query?.queryKey[1] === incident.id ? before : undefined),
    staleTime: 60_000,
    retry: 1,
  });
}
