import { type Named, useCatalogue } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { tell } from "@/keys/notice";
import { useTable } from "@/live/room";
import type { UnitStatus } from "@/live/rows";
import { ChoiceAsk } from "../assignment/ChoiceAsk";
import { useNames } from "../assignment/names";
import * as verbs from "../assignment/verbs";
import { askFor, type ConsoleAsk } from "./console";

const done = () => askFor(null);

/** First which unit, then what it does now: only what the unit's present status allows. */
function StatusAsk({ unitId, agency }: { unitId: string | null; agency: string }) {
  const t = useT();
  const word = useWord();
  const catalogue = useCatalogue();
  const units = useTable("unit");
  const unit = unitId ? units[unitId] : undefined;
  if (!unit) {
    const own: Named[] = Object.values(units)
      .filter((one) => one.agency === agency && one.active)
      .sort((a, b) => a.code.localeCompare(b.code))
      .map((one) => {
        const words = `${one.code} ${word("unit_status", one.status)}`;
        return { code: one.id, name: { id: words, en: words } };
      });
    return (
      <ChoiceAsk
        key="unit"
        id="opd.status.unit"
        title={t("opd.status.which")}
        choices={own}
        confirm="opd.next.step"
        onChoose={(id) => askFor({ kind: "status", unitId: id })}
        onCancel={done}
      />
    );
  }
  const allowed = catalogue?.unit_statuses.find((one) => one.code === unit.status)?.by_hand_to ?? [];
  const choices = (catalogue?.unit_statuses ?? []).filter((one) => allowed.includes(one.code));
  return (
    <ChoiceAsk
      key="status"
      id="opd.status"
      title={t("opd.status.now", { unit: unit.code, status: word("unit_status", unit.status) })}
      choices={choices}
      confirm="opd.status.set"
      onChoose={async (status) => {
        await verbs.setUnitStatus(unit.id, status as UnitStatus);
        tell(t("opd.status.done", { unit: unit.code, status: word("unit_status", status) }));
        done();
      }}
      onCancel={done}
    />
  );
}

/** What a verb needs beyond its key, in place. */
export function ConsoleAsks({ ask, agency }: { ask: ConsoleAsk; agency: string }) {
  const t = useT();
  const names = useNames();
  const catalogue = useCatalogue();
  const jobs = useTable("assignment");
  if (ask.kind === "status") return <StatusAsk unitId={ask.unitId} agency={agency} />;
  const job = jobs[ask.assignmentId];
  const name = job ? names.job(job) : "–";
  if (ask.kind === "refuse") {
    return (
      <ChoiceAsk
        id="opd.refuse"
        title={t("opd.refuse.why", { job: name })}
        choices={catalogue?.refusal_reasons ?? []}
        needsText="other"
        confirm="opd.refuse.confirm"
        onChoose={async (reason, text) => {
          await verbs.refuse(ask.assignmentId, { reason, ...(text ? { text } : {}) });
          done();
        }}
        onCancel={done}
      />
    );
  }
  return (
    <ChoiceAsk
      key={ask.kind}
      id="opd.result"
      title={t("opd.result.how", { job: name })}
      choices={catalogue?.results ?? []}
      confirm="opd.result"
      onChoose={async (code) => {
        await (ask.kind === "finish"
          ? verbs.finish(ask.assignmentId, code)
          : verbs.reportResult(ask.assignmentId, code));
        done();
      }}
      onCancel={done}
    />
  );
}
