import type { KeyboardEvent } from "react";
import { useT } from "@/i18n";
import { distance, duration } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { DeskButton } from "@/ui/DeskButton";
import { Key } from "@/ui/Key";
import type { Draft } from "../draft/draft";
import { changeDraft } from "../draft/drafts";
import { evidenceKind } from "../evidenceWords";
import type { EvidenceItem } from "../seat/protocol";
import type { Desk } from "../useDesk";
import { useWhere } from "../useWhere";

type Props = {
  desk: Desk;
  draft: Draft;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
};

/** Everything the phone and the trunk said about the place, best first; a person decides. */
export function EvidencePanel({ desk, draft, onLook }: Props) {
  const t = useT();
  const now = useSecond();
  const { evidence, allEvidence } = desk;
  const without = allEvidence.filter((item) => item.lon === null);
  const take = (item: EvidenceItem & { lon: number; lat: number }) => {
    const text = draft.words.trim() || t("intake.form.phonePoint", { what: t(evidenceKind(item).label) });
    changeDraft(draft, {
      place: { lon: item.lon, lat: item.lat, text, uncertaintyM: item.uncertainty_m, from: "evidence" },
    });
    onLook(item.lon, item.lat, item.uncertainty_m);
  };
  const best = evidence[0];
  const area = useWhere(best, desk.away).join(" · ");
  const onKey = (event: KeyboardEvent) => {
    const item = evidence[Number(event.key) - 1];
    if (!item || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    take(item);
  };
  const accept = {
    id: "evidence.accept",
    label: "intake.evidence.accept" as const,
    keys: "Alt L",
    blocked: best ? null : t("intake.evidence.none"),
    run: () => best && take(best),
  };
  useDeskKeys([accept]);
  return (
    <section className="evidence" aria-label={t("intake.evidence")} onKeyDown={onKey}>
      <header className="panel-head">
        <h2>{t("intake.evidence")}</h2>
        <span className="count">{allEvidence.length}</span>
        <span className="grow" />
        {best && <DeskButton small action={accept} />}
      </header>
      {evidence.map((item, at) => (
        <button
          key={`${item.source}-${item.lon}-${item.lat}-${item.uncertainty_m}`}
          type="button"
          className={`evidence-row${at === 0 ? " on" : ""}`}
          onClick={() => take(item)}
        >
          <Key keys={String(at + 1)} />
          <span className="ellipsis">
            <b className="s13">{t(evidenceKind(item).label)}</b>
            <span className="s12 t2 ellipsis">
              {at === 0
                ? [t("intake.evidence.proposed"), area].filter(Boolean).join(" · ")
                : item.confidence !== null
                  ? t("intake.evidence.confidence", { n: Math.round(item.confidence * 100) })
                  : ""}
            </span>
          </span>
          <span className="right">
            <b className="s13">{item.uncertainty_m === null ? "–" : `±${distance(item.uncertainty_m)}`}</b>
            <span className="s12 t2">
              {t("intake.evidence.ago", { age: duration(secondsSince(item.received_at, now)) })}
            </span>
          </span>
        </button>
      ))}
      {without.map((item) => (
        <p key={`${item.source}-${item.received_at}-${item.parse_status}`} className="evidence-row t2 s12">
          <span />
          <span>
            {t(
              item.parse_status === "malformed" ? "intake.evidence.unreadable" : "intake.evidence.reference",
            )}
          </span>
        </p>
      ))}
      {allEvidence.length === 0 && draft.callId && (
        <p className="empty t2 s13">{t("intake.evidence.none")}</p>
      )}
    </section>
  );
}
