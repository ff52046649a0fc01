import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useT } from "@/i18n";
import { distance, duration, wibShort } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import type { AssignmentState, UnitStatus } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { useNames } from "../assignment/names";
import { ChooseSheet } from "./ChooseSheet";
import { finish, isThumb, press, refuse, setStatus } from "./crewActions";
import { isSecondTap } from "./doubleTap";
import { TaskWords } from "./NewTask";
import { PhoneMap } from "./PhoneMap";
import { statusAfter } from "./phone";
import { ThumbButton } from "./Thumb";
import { metresLeft } from "./turns";
import type { Crew } from "./useCrew";

const STEPS: { state: AssignmentState; icon: IconName }[] = [
  { state: "acknowledged", icon: "check" },
  { state: "departed", icon: "arrow-go" },
  { state: "arrived", icon: "square" },
  { state: "done", icon: "square-open" },
];

function Steps({ state }: { state: AssignmentState }) {
  const t = useT();
  const at = STEPS.findIndex((step) => step.state === state);
  return (
    <ol className="steps" aria-label={t("crew.steps")}>
      {STEPS.map((step, n) => (
        <li
          key={step.state}
          className={n < at ? "past" : n === at ? "now" : ""}
          aria-current={n === at ? "step" : undefined}
        >
          <Icon name={step.icon} />
          {t(`assignment_state.${step.state}`)}
        </li>
      ))}
    </ol>
  );
}

/** While driving: when it will be there, how far still, since when; at the scene: how long. */
function Progress({ crew, nowS }: { crew: Crew; nowS: number }) {
  const t = useT();
  const { job, state, since } = crew.phone;
  const { route, at } = crew;
  const left = route && at ? metresLeft(route.line, at) : route?.metres;
  const share = route && left !== undefined && route.metres > 0 ? left / route.metres : 1;
  return (
    <dl className="phone-numbers">
      <div>
        <dt className="label">{t(state === "arrived" ? "crew.onScene" : "crew.arrivesIn")}</dt>
        <dd>
          {duration(
            state === "arrived" ? secondsSince(since, nowS) : route ? route.seconds * share : job?.eta_s,
          )}
        </dd>
      </div>
      <div>
        <dt className="label">{t("crew.left")}</dt>
        <dd>{state === "arrived" ? "–" : distance(left)}</dd>
      </div>
      <div>
        <dt className="label">
          {t(
            state === "departed"
              ? "crew.since.departed"
              : state === "arrived"
                ? "crew.since.arrived"
                : "crew.since.accepted",
          )}
        </dt>
        <dd>{since ? wibShort(since) : wibShort(nowS * 1000)}</dd>
      </div>
    </dl>
  );
}

/** With an ambulance at the scene the unit's own status goes on: patient, on the way to hospital, there. */
const CARE = {
  on_scene: "patient_contact",
  patient_contact: "transporting",
  transporting: "hospital",
} as const;

function nextCare(type: string, status: UnitStatus): (typeof CARE)[keyof typeof CARE] | null {
  if (!type.endsWith("_ambulance")) return null;
  return status in CARE ? CARE[status as keyof typeof CARE] : null;
}

function Side({ crew }: { crew: Crew }) {
  const t = useT();
  const { unit, incident, state } = crew.phone;
  const status = statusAfter(
    unit,
    useOutbox((box) => box.waiting),
  );
  const delayed = status === "delayed";
  const care = state === "arrived" ? nextCare(unit.type, status) : null;
  const say = (next: UnitStatus, label: string) => {
    if (!isSecondTap()) setStatus(unit, next, label);
  };
  const to = incident?.lat !== null && incident?.lat !== undefined ? `${incident.lat},${incident.lon}` : null;
  return (
    <div className="side-buttons">
      <a className="side-button" href="tel:112">
        <Icon name="phone" />
        112
      </a>
      {care ? (
        <button type="button" className="side-button" onClick={() => say(care, t(`unit_status.${care}`))}>
          {t(`unit_status.${care}`)}
        </button>
      ) : (
        <button
          type="button"
          className={`side-button${delayed ? " on" : ""}`}
          disabled={state !== "departed"}
          onClick={() => say(delayed ? "en_route" : "delayed", t(delayed ? "crew.goesOn" : "crew.delayed"))}
        >
          {t(delayed ? "crew.goesOn" : "crew.delayed")}
        </button>
      )}
      {to ? (
        <a className="side-button" href={`geo:${to}?q=${to}`}>
          {t("crew.navigate")}
        </a>
      ) : (
        <span className="side-button">–</span>
      )}
    </div>
  );
}

const THUMB_ICON: Record<string, IconName> = {
  acknowledge: "check",
  depart: "arrow-go",
  arrive: "square",
  finish: "square-open",
};

/** From acceptance to the end: one button, in the legal order. */
export function UnderWay({ crew }: { crew: Crew }) {
  const t = useT();
  const names = useNames();
  const catalogue = useCatalogue();
  const nowS = useSecond();
  const [asking, ask] = useState<"finish" | "refuse" | null>(null);
  const { job, incident, unit, state, next } = crew.phone;
  if (!job || !state) return null;
  if (asking) {
    return (
      <ChooseSheet
        title={t(asking === "finish" ? "crew.result" : "crew.refuse.why")}
        choices={(asking === "finish" ? catalogue?.results : catalogue?.refusal_reasons) ?? []}
        {...(asking === "refuse" ? { needsText: "other" } : {})}
        confirm={t(asking === "finish" ? "crew.thumb.finish" : "crew.refuse")}
        onChoose={(code, text) => {
          if (asking === "finish") finish(job, code, t);
          else refuse(job, code, text, t);
          ask(null);
        }}
        onBack={() => ask(null)}
      />
    );
  }
  const dangers = (incident?.dangers ?? []).map(names.danger).join(", ");
  return (
    <>
      <Steps state={state} />
      <div className="phone-body">
        {incident && state !== "arrived" && (
          <PhoneMap
            incident={incident}
            unit={unit}
            route={crew.route}
            at={crew.at}
            guiding={state === "departed"}
          />
        )}
        <Progress crew={crew} nowS={nowS} />
        {state === "arrived" ? (
          <div className="scroll grow">
            <TaskWords crew={crew} />
          </div>
        ) : (
          <div className="task-words brief">
            <p className="address">{incident?.place_text ?? t("crew.noIncident")}</p>
            {incident?.landmark && (
              <p className="landmark">{t("crew.landmark", { text: incident.landmark })}</p>
            )}
            {dangers && <p className="landmark strong">{dangers}</p>}
          </div>
        )}
        <Side crew={crew} />
      </div>
      <footer className={`thumb-zone${state === "acknowledged" ? " two" : ""}`}>
        {state === "acknowledged" && (
          <ThumbButton second icon="x" onPress={() => ask("refuse")}>
            {t("crew.refuse")}
          </ThumbButton>
        )}
        {isThumb(next) && (
          <ThumbButton
            icon={THUMB_ICON[next] ?? "check"}
            onPress={() => (next === "finish" ? ask("finish") : press(job, next, t))}
          >
            {t(`crew.thumb.${next}`)}
          </ThumbButton>
        )}
      </footer>
    </>
  );
}
