/** In the demo: which seats a simulated colleague holds. Elsewhere every seat is held by a person. */
import { useQuery } from "@tanstack/react-query";
import { chairs } from "@/api/demo";
import { Problem } from "@/api/http";

const EVERY_MS = 5000;

export type Player = "person" | "colleague";

/** Says by user name who holds a seat; null where this is no demo, and people alone sit. */
export function usePlayers(): ((username: string) => Player) | null {
  const { data } = useQuery({
    queryKey: ["demo", "players"],
    queryFn: ({ signal }) => chairs(signal),
    refetchInterval: ({ state }) =>
      state.error instanceof Problem && state.error.status === 404 ? false : EVERY_MS,
    retry: false,
  });
  if (!data) return null;
  const people = new Set(data.filter((chair) => chair.occupied).map((chair) => chair.username));
  return (username) => (people.has(username) ? "person" : "colleague");
}
