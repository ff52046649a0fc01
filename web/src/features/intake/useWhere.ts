/** Desa and kecamatan of a point, from the server; empty while it is away or has not answered. */
import { useQuery } from "@tanstack/react-query";
import { whereIs } from "@/api/geo";
import { useT } from "@/i18n";

type Point = { lon: number; lat: number };

export function useWhere(point: Point | null | undefined, away: boolean): string[] {
  const t = useT();
  const asked = useQuery({
    queryKey: ["geo", "where", point?.lon, point?.lat],
    queryFn: ({ signal }) => whereIs(point?.lon ?? 0, point?.lat ?? 0, signal),
    enabled: Boolean(point) && !away,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const where = asked.data;
  if (!where) return [];
  if (where.outside) return [t("intake.form.outside"), where.neighbour ?? ""].filter(Boolean);
  return [where.desa, where.kecamatan].filter((name): name is string => Boolean(name));
}
