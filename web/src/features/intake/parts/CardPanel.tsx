import { useCatalogue, useNamed } from "@/api/catalogue";
import { useT } from "@/i18n";
import { useTable } from "@/live/room";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { agencyName } from "../contacts";
import type { Draft } from "../draft/draft";

/** The order in which things are asked (domain §4), ticked by what is already known. */
export function CardPanel({ draft }: { draft: Draft }) {
  const t = useT();
  const steps = [
    { key: "place", done: Boolean(draft.place) },
    { key: "what", done: Boolean(draft.type) },
    { key: "danger", done: draft.dangers.length > 0 || draft.narrative.length > 0 },
    { key: "number", done: draft.callback.length > 0 },
    { key: "name", done: draft.reporter.length > 0 },
    { key: "stay", done: false },
  ] as const;
  const now = steps.findIndex((step) => !step.done);
  const known = steps.filter((step) => step.done).length;
  return (
    <Panel grow title={t("intake.card")} tools={<span className="count">{`${known}/${steps.length}`}</span>}>
      <div className="scroll">
        <ol>
          {steps.map((step, at) => (
            <li key={step.key} className={`question${at === now ? " now" : ""}`}>
              {step.done ? (
                <Icon name="check" />
              ) : at === now ? (
                <Icon name="arrow-right" />
              ) : (
                <span className="t3">{at + 1}</span>
              )}
              <span className={step.done ? "t2" : "question-text"}>{t(`intake.card.${step.key}`)}</span>
            </li>
          ))}
        </ol>
        {!draft.place && draft.callId && (
          <Say label={t("intake.card.say")} text={t("intake.card.greeting")} />
        )}
        {draft.callId && !draft.type && !draft.words && (
          <Say label={t("intake.card.silent")} text={t("intake.card.silentSay")} />
        )}
        <TypeFacts type={draft.type} />
      </div>
    </Panel>
  );
}

function Say({ label, text }: { label: string; text: string }) {
  return (
    <div className="say">
      <span className="label">{label}</span>
      {text}
    </div>
  );
}

/** What choosing this type means for the room: who is called for, who must be told. */
function TypeFacts({ type }: { type: string | null }) {
  const t = useT();
  const catalogue = useCatalogue();
  const named = useNamed();
  const agencies = useTable("agency");
  const info = catalogue?.incident_types.find((one) => one.code === type);
  if (!info) return null;
  return (
    <div className="type-facts">
      <span className="label">{t("intake.card.agencies")}</span>
      <p>{info.agencies.map((code) => agencyName(code, agencies)).join(", ")}</p>
      {info.tell_supervisor && (
        <p className="s13 t2">
          <Icon name="info" /> {t("intake.card.supervisor")}
        </p>
      )}
      <p className="visually-hidden">{named(catalogue?.incident_types, type)}</p>
    </div>
  );
}
