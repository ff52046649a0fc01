import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { useTable } from "@/live/room";
import { ChoiceAsk } from "../assignment/ChoiceAsk";
import { useNames } from "../assignment/names";
import { StatusAsk } from "../assignment/StatusAsk";
import * as verbs from "../assignment/verbs";
import { askFor, type ConsoleAsk } from "./console";

const done = () => askFor(null);

/** What a verb needs beyond its key, in place. */
export function ConsoleAsks({ ask, agency }: { ask: ConsoleAsk; agency: string }) {
  const t = useT();
  const names = useNames();
  const catalogue = useCatalogue();
  const jobs = useTable("assignment");
  if (ask.kind === "status") {
    return (
      <StatusAsk
        unitId={ask.unitId}
        among={(unit) => unit.agency === agency}
        onUnit={(unitId) => askFor({ kind: "status", unitId })}
        onDone={done}
      />
    );
  }
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
