import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import type { DeskAction } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import type { Microphone } from "../useMicrophone";

/** Loudness above which somebody is speaking. */
const HEARD = 0.05;

/** Microphone test with a bar that moves; a refusal says how to mend it. */
export function MicCheck({ mic, test }: { mic: Microphone; test: DeskAction }) {
  const t = useT();
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    if (mic.level > HEARD) setHeard(true);
  }, [mic.level]);
  return (
    <div>
      <span className="label">{t("intake.gate.mic")}</span>
      <div className="row">
        <DeskButton action={test} icon="mic" />
        <span
          className="mic-level"
          role="meter"
          aria-label={t("intake.gate.mic")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(mic.level * 100)}
        >
          <i style={{ width: `${Math.round(mic.level * 100)}%` }} />
        </span>
      </div>
      {mic.trouble && (
        <p className="field-wrong" role="alert">
          <Icon name="warning" size={14} />
          {t(`intake.gate.mic.${mic.trouble}`)}
        </p>
      )}
      {mic.stream && (
        <p className="t2 s13 mic-words">{t(heard ? "intake.gate.micGood" : "intake.gate.micQuiet")}</p>
      )}
    </div>
  );
}
