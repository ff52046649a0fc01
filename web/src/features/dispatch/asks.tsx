/** What the foot of the detail asks before a verb that needs more than a key: in place, never over the list. */
import { type Named, useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { tell } from "@/keys/notice";
import { perform, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Assignment, Incident, Priority } from "@/live/rows";
import { useSeen } from "@/live/seen";
import { useTyped } from "@/live/tab";
import { DeskButton } from "@/ui/DeskButton";
import { TextField } from "@/ui/Field";
import { ChoiceAsk } from "../assignment/ChoiceAsk";
import type { Names } from "../assignment/names";
import * as verbs from "../assignment/verbs";
import { type Ask, askFor } from "./desk";

const done = () => askFor(null);

type TextAskProps = {
  id: string;
  title: string;
  confirm: "dispatch.step.acknowledge" | "dispatch.note.save";
  onText: (text: string) => Promise<unknown>;
};

/** One line of words. */
function TextAsk({ id, title, confirm, onText }: TextAskProps) {
  const t = useT();
  const [text, setText] = useTyped(id, "");
  const give = {
    id: `${id}.give`,
    label: confirm,
    keys: "Ctrl Enter",
    blocked: text.trim() ? null : t("ask.needsText"),
    run: async () => {
      await onText(text.trim());
      done();
    },
  };
  const back = { id: `${id}.back`, label: "denied.back" as const, keys: "Esc", run: done };
  useDeskKeys([give, back]);
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault();
        void perform(give);
      }}
    >
      <div className="row">
        <b className="nowrap">{title}</b>
        <TextField
          autoFocus
          hideLabel
          label={title}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className="row">
        <DeskButton small primary action={give} quietReason />
        <DeskButton small action={back} />
      </div>
    </form>
  );
}

type Props = {
  ask: Ask;
  incident: Incident;
  assignments: readonly Assignment[];
  names: Names;
  /** Units that could go instead, the best first, with what speaks for them. */
  units: readonly Named[];
};

function ReplaceAsk({ ask, names, units }: Props & { ask: Extract<Ask, { kind: "replace" }> }) {
  const t = useT();
  const job = useTable("assignment")[ask.assignmentId];
  if (!job) return null;
  if (!ask.unitId) {
    return (
      <ChoiceAsk
        key="unit"
        id="dispatch.replace.unit"
        title={t("dispatch.replace.by", { job: names.job(job) })}
        choices={units.filter((one) => one.code !== job.unit_id)}
        confirm="dispatch.replace.choose"
        onChoose={(unitId) => askFor({ ...ask, unitId })}
        onCancel={done}
      />
    );
  }
  return <ReplaceReason key={job.id} job={job} to={ask.unitId} names={names} />;
}

function ReplaceReason({ job, to, names }: { job: Assignment; to: string; names: Names }) {
  const t = useT();
  const catalogue = useCatalogue();
  const asSeen = useSeen(job, ["state", "unit_id"]);
  return (
    <ChoiceAsk
      id="dispatch.replace"
      title={t("dispatch.replace.why", { job: names.job(job), unit: names.unit(to) })}
      choices={catalogue?.cancel_reasons ?? []}
      needsText="other"
      confirm="dispatch.replace"
      onChoose={async (reason, text) => {
        await asSeen((rev) => verbs.replace(job.id, to, { reason, rev, ...(text ? { text } : {}) }));
        tell(t("dispatch.replaced", { job: names.job(job), unit: names.unit(to) }));
        done();
      }}
      onCancel={done}
    />
  );
}

/** Agencies that were there and have not said how it ended are asked one after the other, then it closes. */
function CloseAsk({ incident, assignments, names }: Props) {
  const t = useT();
  const catalogue = useCatalogue();
  const [results, setResults] = useTyped<Record<string, string>>("dispatch.close", {});
  const asSeen = useSeen(incident, ["state", "type", "results"]);
  const owing = assignments
    .filter((one) => one.state === "done" && one.role !== "inform" && !one.result)
    .map((one) => one.agency)
    .filter((agency, n, all) => all.indexOf(agency) === n && !results[agency] && !incident.results?.[agency]);
  const close = async (more: Record<string, string>) => {
    await asSeen((rev) => verbs.closeIncident(incident.id, more, { rev }));
    tell(t("dispatch.closed", { number: names.number(incident) }));
    done();
  };
  const next = owing[0];
  const give = {
    id: "dispatch.close.give",
    label: "dispatch.close" as const,
    keys: "Ctrl Enter",
    run: () => close(results),
  };
  const back = { id: "dispatch.close.back", label: "denied.back" as const, keys: "Esc", run: done };
  useDeskKeys(next ? [] : [give, back]);
  if (next) {
    return (
      <ChoiceAsk
        key={next}
        id={`dispatch.close.${next}`}
        title={t("dispatch.close.result", { agency: names.agency(next), n: owing.length })}
        choices={catalogue?.results ?? []}
        confirm={owing.length > 1 ? "dispatch.close.next" : "dispatch.close"}
        onChoose={(code) => {
          const all = { ...results, [next]: code };
          if (owing.length === 1) return close(all);
          setResults(all);
        }}
        onCancel={done}
      />
    );
  }
  const known = Object.entries({ ...incident.results, ...results });
  return (
    <div className="ask">
      <span>
        <b>{t("dispatch.close.all")}</b>{" "}
        <span className="t2">
          {known.map(([agency, code]) => `${names.agency(agency)}: ${names.result(code)}`).join(" · ")}
        </span>
      </span>
      <div className="row">
        <DeskButton small primary action={give} />
        <DeskButton small action={back} />
      </div>
    </div>
  );
}

const PRIORITIES: Named[] = (["P1", "P2", "P3", "P4"] as const).map((code) => ({
  code,
  name: { id: code, en: code },
}));

/** Type first, then how urgent. */
function ReclassifyAsk({ incident }: Props) {
  const t = useT();
  const catalogue = useCatalogue();
  const [type, setType] = useTyped<string | null>("dispatch.type", null);
  const asSeen = useSeen(incident, ["type", "priority"]);
  if (!type) {
    return (
      <ChoiceAsk
        key="type"
        id="dispatch.type"
        title={t("dispatch.reclassify.type")}
        choices={catalogue?.incident_types ?? []}
        confirm="dispatch.close.next"
        onChoose={(code) => setType(code)}
        onCancel={done}
      />
    );
  }
  const usual = catalogue?.incident_types.find((one) => one.code === type)?.priority ?? incident.priority;
  const order = [usual, ...PRIORITIES.map((one) => one.code).filter((code) => code !== usual)];
  const choices = order.map((code) => ({
    code,
    name: {
      id: `${code} ${t(`priority.${code as Priority}`)}`,
      en: `${code} ${t(`priority.${code as Priority}`)}`,
    },
  }));
  return (
    <ChoiceAsk
      key="priority"
      id="dispatch.priority"
      title={t("dispatch.reclassify.priority")}
      choices={choices}
      confirm="dispatch.reclassify"
      onChoose={async (priority) => {
        await asSeen((rev) => verbs.reclassify(incident.id, { type, priority, rev }));
        done();
      }}
      onCancel={done}
    />
  );
}

type CancelProps = {
  id: "dispatch.cancel" | "dispatch.cancelIncident";
  title: string;
  row: Pick<Incident | Assignment, "rev" | "state">;
  onWhy: (why: verbs.Reason) => Promise<unknown>;
};

/** Why a job or an incident is taken back, as it stood when that was asked. */
function CancelAsk({ id, title, row, onWhy }: CancelProps) {
  const catalogue = useCatalogue();
  const asSeen = useSeen(row, ["state"]);
  return (
    <ChoiceAsk
      id={id}
      title={title}
      choices={catalogue?.cancel_reasons ?? []}
      needsText="other"
      confirm={id}
      onChoose={async (reason, text) => {
        await asSeen((rev) => onWhy({ reason, rev, ...(text ? { text } : {}) }));
        done();
      }}
      onCancel={done}
    />
  );
}

export function DetailAsk(props: Props) {
  const t = useT();
  const catalogue = useCatalogue();
  const { ask, incident, names, assignments } = props;
  const agencies = useTable("agency");
  const phoneOf = (one: Assignment | undefined) => (one && agencies[one.agency]?.contact_phone) ?? "";
  const job = "assignmentId" in ask ? assignments.find((one) => one.id === ask.assignmentId) : undefined;
  switch (ask.kind) {
    case "contact":
      return (
        <TextAsk
          id="dispatch.contact"
          title={t("dispatch.contact", { job: job ? names.job(job) : "–", number: phoneOf(job) })}
          confirm="dispatch.step.acknowledge"
          onText={(contact) => verbs.acknowledge(ask.assignmentId, { contact })}
        />
      );
    case "note":
      return (
        <TextAsk
          id="dispatch.note"
          title={t("dispatch.note")}
          confirm="dispatch.note.save"
          onText={(text) => verbs.writeNote(incident.id, text)}
        />
      );
    case "replace":
      return <ReplaceAsk {...props} ask={ask} />;
    case "close":
      return <CloseAsk {...props} />;
    case "reclassify":
      return <ReclassifyAsk {...props} />;
    case "cancel":
      return job ? (
        <CancelAsk
          key={job.id}
          id="dispatch.cancel"
          title={t("dispatch.cancel.why", { job: names.job(job) })}
          row={job}
          onWhy={(why) => verbs.cancel(job.id, why)}
        />
      ) : null;
    case "cancel_incident":
      return (
        <CancelAsk
          key={incident.id}
          id="dispatch.cancelIncident"
          title={t("dispatch.cancelIncident.why", { number: names.number(incident) })}
          row={incident}
          onWhy={(why) => verbs.cancelIncident(incident.id, why)}
        />
      );
    case "result":
    case "finish":
    case "resolve":
      return (
        <ChoiceAsk
          key={ask.kind}
          id={`dispatch.${ask.kind}.result`}
          title={
            ask.kind === "resolve"
              ? t("dispatch.resolve.how")
              : t("dispatch.result.how", { job: job ? names.job(job) : "–" })
          }
          choices={catalogue?.results ?? []}
          confirm={ask.kind === "resolve" ? "dispatch.resolve" : "dispatch.result"}
          onChoose={async (code) => {
            if (!("assignmentId" in ask)) await verbs.resolveByPhone(incident.id, code);
            else if (ask.kind === "finish") await verbs.finish(ask.assignmentId, code);
            else await verbs.reportResult(ask.assignmentId, code);
            done();
          }}
          onCancel={done}
        />
      );
    default:
      return null;
  }
}
