import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { distance, duration, shortNumber } from "@/i18n/format";
import { useClockFace } from "@/ui/Clock";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import { assignmentClock } from "../assignment/clocks";
import { useNames } from "../assignment/names";
import { useSound } from "../assignment/tones";
import { ChooseSheet } from "./ChooseSheet";
import { press, refuse } from "./crewActions";
import { PhoneMap } from "./PhoneMap";
import { ThumbButton } from "./Thumb";
import type { Crew } from "./useCrew";

/** How long the crew has to take it; sounding until it does. */
function WaitingHead({ crew }: { crew: Crew }) {
  const t = useT();
  const catalogue = useCatalogue();
  const sound = useSound((one) => one.state);
  const { job, incident } = crew.phone;
  const clock = job && catalogue ? assignmentClock(job, incident?.priority ?? "P1", catalogue.clocks) : null;
  const face = useClockFace(clock?.from, clock?.limitS ?? 0, clock?.escalated);
  const stage = face?.stage ?? "normal";
  return (
    <div className={`wait-head ${stage}`} role="timer">
      <div>
        <div className="s20 strong">{t("crew.new")}</div>
        <div className="s13">
          <Icon name="bell" size={14} /> {t(sound === "ready" ? "crew.sounding" : "crew.soundLocked")}
        </div>
      </div>
      <div className="right">
        <div className="label">
          {t(stage === "late" || stage === "escalated" ? "crew.over" : "opd.acceptWithin")}
        </div>
        <div className="figure">{face?.text ?? "–"}</div>
      </div>
      <span className="clock-bar">
        <i style={{ width: `${Math.round((face?.used ?? 0) * 100)}%` }} />
      </span>
    </div>
  );
}

/** What, where, what is dangerous: all a crew needs before it goes. */
export function TaskWords({ crew }: { crew: Crew }) {
  const t = useT();
  const names = useNames();
  const { incident } = crew.phone;
  if (!incident) return <p className="empty t2">{t("crew.noIncident")}</p>;
  const area = [names.desa(incident.desa_code), names.kecamatan(incident.kecamatan_code)].filter(Boolean);
  const dangers = (incident.dangers ?? []).map(names.danger).join(", ");
  return (
    <>
      <div className="task-words">
        <span className="row">
          <Priority code={incident.priority} />
          <span className="t2">{t("crew.fromRoom", { number: shortNumber(incident.short_number) })}</span>
        </span>
        <h1>{names.type(incident)}</h1>
        <p className="address">
          {incident.place_text}
          <br />
          {area.join(", ")}
        </p>
        {incident.landmark && <p className="landmark">{t("crew.landmark", { text: incident.landmark })}</p>}
        {incident.narrative && <p className="landmark">{incident.narrative}</p>}
      </div>
      {dangers && (
        <p className="hazard">
          <Icon name="warning" />
          {dangers}
        </p>
      )}
    </>
  );
}

function Numbers({ crew }: { crew: Crew }) {
  const t = useT();
  const { phone, route } = crew;
  return (
    <dl className="phone-numbers">
      <div>
        <dt className="label">{t("crew.travel")}</dt>
        <dd>{duration(route?.seconds ?? phone.job?.eta_s)}</dd>
      </div>
      <div>
        <dt className="label">{t("crew.distance")}</dt>
        <dd>{distance(route?.metres)}</dd>
      </div>
      <div>
        <dt className="label">{t("crew.together")}</dt>
        <dd className="ellipsis">
          {phone.companions[0] ?? "–"}
          {phone.companions.length > 1 ? ` +${phone.companions.length - 1}` : ""}
        </dd>
      </div>
    </dl>
  );
}

/** A new task: take it or say why not. */
export function NewTask({ crew }: { crew: Crew }) {
  const t = useT();
  const catalogue = useCatalogue();
  const [refusing, setRefusing] = useState(false);
  const { job, incident, unit } = crew.phone;
  if (!job) return null;
  if (refusing) {
    return (
      <ChooseSheet
        title={t("crew.refuse.why")}
        choices={catalogue?.refusal_reasons ?? []}
        needsText="other"
        confirm={t("crew.refuse")}
        onChoose={(reason, text) => refuse(job, reason, text, t)}
        onBack={() => setRefusing(false)}
      />
    );
  }
  return (
    <>
      <WaitingHead crew={crew} />
      <div className="phone-body">
        <TaskWords crew={crew} />
        <Numbers crew={crew} />
        {incident && (
          <PhoneMap incident={incident} unit={unit} route={crew.route} at={crew.at} guiding={false} />
        )}
      </div>
      <footer className="thumb-zone two">
        <ThumbButton second icon="x" onPress={() => setRefusing(true)}>
          {t("crew.refuse")}
        </ThumbButton>
        <ThumbButton icon="check" onPress={() => press(job, "acknowledge", t)}>
          {t("crew.thumb.acknowledge")}
        </ThumbButton>
      </footer>
    </>
  );
}
