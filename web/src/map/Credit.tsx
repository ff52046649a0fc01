import { useQuery } from "@tanstack/react-query";
import { styleInfo } from "@/api/geo";
import { useT } from "@/i18n";

/** Where the roads come from, and how old the positions are: always on the map. */
export function Credit({
  hasRoads,
  positionsAge,
}: {
  hasRoads: boolean | null;
  positionsAge?: string | null | undefined;
}) {
  const t = useT();
  const info = useQuery({ queryKey: ["geo", "style-info"], queryFn: styleInfo, staleTime: 300_000 });
  const words = [
    positionsAge ? t("map.positions", { age: positionsAge }) : null,
    hasRoads === false ? t("map.noRoads") : null,
    info.data ? (info.data.synthetic ? t("app.credit.synthetic") : info.data.credit) : null,
  ].filter(Boolean);
  return words.length > 0 ? <p className="credit">{words.join(" · ")}</p> : null;
}
