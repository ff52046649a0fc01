/** How a piece of location evidence is told on the list and drawn on the map. Pure. */
import type { Key } from "@/i18n";
import type { EvidenceItem } from "./seat/protocol";

const TOWER = new Set(["cell", "cell-id", "cell_id", "tower", "cell-cdma"]);

export function evidenceKind(item: EvidenceItem): { label: Key; line: "solid" | "dots" | "diamond" } {
  const method = (item.method ?? "").toLowerCase();
  if (TOWER.has(method) || method.includes("cell")) return { label: "intake.evidence.tower", line: "dots" };
  if (item.source === "speech") return { label: "intake.evidence.speech", line: "diamond" };
  if (method.includes("gps") || method.includes("gnss") || item.source === "geo_uri")
    return { label: "intake.evidence.phone", line: "solid" };
  if (method.includes("wifi") || method.includes("802.11"))
    return { label: "intake.evidence.wifi", line: "solid" };
  return { label: "intake.evidence.network", line: "dots" };
}
