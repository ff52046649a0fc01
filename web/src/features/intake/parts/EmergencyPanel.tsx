import { useState } from "react";
import { useOutbox, withdraw } from "@/api/outbox";
import { useT } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useFeedAge } from "@/live/age";
import { useTable } from "@/live/room";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { useContacts } from "../contacts";

/** Mode darurat: first what still works, then what waits, then what to do. */
export function EmergencyPanel() {
  const t = useT();
  const { lostSince } = useFeedAge();
  const [contacts, setContacts] = useState(false);
  const show = {
    id: "emergency.contacts",
    label: "intake.emergency.contacts" as const,
    keys: "Alt H",
    run: () => setContacts(!contacts),
  };
  useDeskKeys([show]);
  return (
    <Panel icon="warning" title={t("intake.emergency.since", { at: lostSince ? wibTime(lostSince) : "–" })}>
      <div className="same">
        <p>
          <b>{t("intake.emergency.works")}</b> {t("intake.emergency.worksWhat")}
        </p>
        <p className="t2 s13">{t("intake.emergency.waits")}</p>
        <p className="t2 s13">{t("intake.emergency.do")}</p>
        <div className="row">
          <DeskButton grow action={show} />
        </div>
        {contacts && <Contacts />}
      </div>
    </Panel>
  );
}

function Contacts() {
  const t = useT();
  const live = useTable("agency");
  const contacts = useContacts(live);
  if (contacts.length === 0) return <p className="t2 s13">{t("intake.emergency.contactsNone")}</p>;
  return (
    <ul className="scroll contacts">
      {contacts.map((one) => (
        <li key={one.name} className="row">
          <span className="grow ellipsis">{one.name}</span>
          <b>{one.number}</b>
        </li>
      ))}
    </ul>
  );
}

/** Every line that waits for the server, and what it said about those it refused. */
export function OutboxPanel() {
  const t = useT();
  const waiting = useOutbox((box) => box.waiting);
  if (waiting.length === 0) return null;
  return (
    <Panel title={t("intake.emergency.outbox")} count={waiting.length}>
      <ul className="scroll outbox">
        {waiting.map((line) => (
          <li key={line.key} className="row">
            <Icon name={line.refused ? "warning" : "clock"} />
            <span className="t2">{wibTime(line.at)}</span>
            <span className="grow">
              {line.label}
              {line.refused && (
                <span className="t2 s13"> · {t("intake.emergency.refused", { why: line.refused })}</span>
              )}
            </span>
            {line.refused && (
              <button type="button" className="btn small" onClick={() => withdraw(line.key)}>
                {t("intake.emergency.drop")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
