import { useEffect } from "react";
import { useCatalogue, useNamed } from "@/api/catalogue";
import { useT } from "@/i18n";
import { minutesSeconds } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useSecond } from "@/live/clock";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { finishWrapUp, notReady, ready, standUp, useSeat } from "../seat/seat";
import { openChoice, useChoice } from "./choice";

/** Reasons a person may give; the rest of the catalogue's are voice's own. */
const REASONS = ["break", "prayer", "meal", "briefing", "coaching", "technical"];

/** State of this seat in the top bar: Alt S changes Siap and Tidak Siap, the latter with a reason. */
export function SeatStatus() {
  const t = useT();
  const asking = useChoice((choice) => choice.open === "seat");
  const { link, state } = useSeat();
  const toggle: DeskAction = {
    id: "seat.toggle",
    label: "intake.ready.toggle",
    keys: "Alt S",
    run: () =>
      state === "not_ready"
        ? ready()
        : state === "wrap_up"
          ? finishWrapUp()
          : openChoice(asking ? null : "seat"),
  };
  const leave: DeskAction = { id: "seat.leave", label: "intake.leaveSeat", keys: null, run: standUp };
  const seated = link === "open" || link === "connecting" || link === "lost";
  useDeskKeys(seated ? [toggle, leave] : []);
  // A ring ends the question: nothing may lie over the call bar, or take its keys.
  useEffect(() => {
    if (state === "ringing") openChoice(null);
  }, [state]);
  if (!seated) return null;
  return (
    <span style={{ position: "relative" }}>
      <button
        type="button"
        className="btn small seat-state"
        aria-expanded={asking}
        title={t("intake.ready.toggle")}
        onClick={() => void toggle.run()}
      >
        <StateWord />
        {(state === "ready" || state === "not_ready" || state === "wrap_up") && <Key keys="Alt S" />}
      </button>
      {asking && state !== "ringing" && (
        <WhyNotReady
          onReason={(reason) => {
            notReady(reason);
            openChoice(null);
          }}
          onClose={() => openChoice(null)}
        />
      )}
    </span>
  );
}

function StateWord() {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const now = useSecond();
  const { state, reason, until, call } = useSeat();
  if (call?.phase === "talking") return <Word icon="phone" text={t("intake.talking")} />;
  if (state === "ringing") return <Word icon="bell" text={t("intake.ringing")} />;
  if (state === "ready") return <Word icon="ring" tone="ready" text={t("intake.ready")} />;
  if (state === "wrap_up") {
    const left = until ? ` ${minutesSeconds(Date.parse(until) / 1000 - now)}` : "";
    return <Word icon="square-open" text={`${t("intake.wrapUp")}${left}`} />;
  }
  const why = reason ? ` · ${named(catalogue?.not_ready_reasons, reason)}` : "";
  return <Word icon="pause" text={`${t("intake.notReady")}${why}`} />;
}

function Word({
  icon,
  tone = "",
  text,
}: {
  icon: "phone" | "bell" | "ring" | "square-open" | "pause";
  tone?: string;
  text: string;
}) {
  return (
    <span className={`state s13 ${tone}`}>
      <Icon name={icon} />
      {text}
    </span>
  );
}

function WhyNotReady({ onReason, onClose }: { onReason: (reason: string) => void; onClose: () => void }) {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  useDeskKeys([
    ...REASONS.map((reason, at) => ({
      id: `seat.not_ready.${reason}`,
      label: "intake.notReady" as const,
      keys: String(at + 1),
      keyOnly: true,
      over: true,
      run: () => onReason(reason),
    })),
    {
      id: "seat.not_ready.back",
      label: "denied.back" as const,
      keys: "Esc",
      keyOnly: true,
      over: true,
      run: onClose,
    },
  ]);
  return (
    <div
      className="drop"
      style={{ top: 40, right: 0, width: 260 }}
      role="group"
      aria-label={t("intake.notReady.why")}
    >
      <p className="list-group">{t("intake.notReady.why")}</p>
      {REASONS.map((reason, at) => (
        <button
          key={reason}
          type="button"
          className="list-row"
          style={{ gridTemplateColumns: "28px 1fr" }}
          onClick={() => onReason(reason)}
        >
          <Key keys={String(at + 1)} />
          <span>{named(catalogue?.not_ready_reasons, reason)}</span>
        </button>
      ))}
    </div>
  );
}
