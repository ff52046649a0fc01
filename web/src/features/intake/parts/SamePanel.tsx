import { useCatalogue } from "@/api/catalogue";
import { placeLine, useNames } from "@/features/assignment/names";
import { useT } from "@/i18n";
import { distance, duration, shortNumber } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import type { Draft } from "../draft/draft";
import { changeDraft } from "../draft/drafts";
import { askedPlace, type Same, sameIncidents } from "../same";
import type { Desk } from "../useDesk";
import { joinTo } from "../verbs";

/** Open incidents near the place that this caller may be telling about: said before the operator has searched for it. */
export function useSame({ draft, evidence }: Pick<Desk, "draft" | "evidence">): Same[] {
  const incidents = useTable("incident");
  const catalogue = useCatalogue();
  const now = useSecond();
  const limits = catalogue?.incident_limits;
  if (!draft || draft.incidentId || !limits) return [];
  const place = askedPlace(draft, evidence[0], limits.same_within_m);
  if (!place) return [];
  const category = catalogue?.incident_types.find((one) => one.code === draft.type)?.category ?? null;
  return sameIncidents(
    Object.values(incidents),
    { ...place, category, different: draft.different },
    limits,
    now,
  );
}

export function SamePanel({ draft, same }: { draft: Draft; same: Same[] }) {
  const t = useT();
  const names = useNames();
  const calls = useTable("call");
  const first = same[0] as Same;
  const { incident } = first;
  const told = Object.values(calls).filter((call) => call.incident_id === incident.id).length;
  const join = {
    id: "incident.join",
    label: "intake.same.join" as const,
    keys: "Alt G",
    blocked: draft.callId ? null : t("intake.same.noCall"),
    run: () => joinTo(draft, incident),
  };
  const different = {
    id: "incident.different",
    label: "intake.same.different" as const,
    keys: "Alt B",
    run: () => changeDraft(draft, { different: [...draft.different, incident.id] }),
  };
  useDeskKeys([join, different]);
  return (
    <section className="panel" style={{ flex: "none" }} aria-label={t("intake.same")}>
      <header className="panel-head">
        <Icon name="info" />
        <h2>{t("intake.same")}</h2>
        <span className="count">{same.length}</span>
      </header>
      <div className="same">
        <div className="row">
          <Priority code={incident.priority} />
          <b className="ellipsis grow">{names.type(incident)}</b>
          <span className="t2 nowrap">{shortNumber(incident.short_number)}</span>
        </div>
        <div className="s13 t2 ellipsis">
          <b style={{ color: "var(--tx-1)" }}>{distance(first.metres)}</b> ·{" "}
          {t("intake.same.ago", { age: duration(first.ageS) })} · {t("intake.same.calls", { n: told })} ·{" "}
          {placeLine(incident, names)}
        </div>
        <div className="row">
          <DeskButton grow action={join} />
          <DeskButton grow action={different} />
        </div>
      </div>
    </section>
  );
}
