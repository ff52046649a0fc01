import { useRef, useState } from "react";
import { translate, useT } from "@/i18n";
import { dayWords } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { dayFrom } from "./days";

type Props = { day: string; today: string; choose: (day: string) => void };

/** The report's day in words; typing another ("24-11", "24 Nov") and Enter chooses it. */
export function DayField({ day, today, choose }: Props) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [typed, type] = useState<string | null>(null);
  const [wrong, say] = useState<string | null>(null);
  useDeskKeys([{ id: "report.day", label: "reports.day", keys: "T", run: () => input.current?.focus() }]);
  const leave = () => {
    type(null);
    say(null);
  };
  const take = () => {
    const found = dayFrom(typed ?? "", today);
    if (found === null || found > today) {
      say(translate(found === null ? "reports.day.wrong" : "reports.day.future"));
      return;
    }
    choose(found);
    input.current?.blur();
  };
  return (
    <>
      <span className={`field report-day${wrong ? " wrong" : ""}`}>
        <input
          ref={input}
          aria-label={t("reports.day")}
          aria-invalid={Boolean(wrong)}
          aria-describedby={wrong ? "report-day-wrong" : undefined}
          autoComplete="off"
          value={typed ?? dayWords(day)}
          onFocus={(event) => event.target.select()}
          onBlur={leave}
          onChange={(event) => {
            type(event.target.value);
            say(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && typed !== null) take();
            if (event.key === "Escape") input.current?.blur();
          }}
        />
        <span className="field-hint">
          <Key keys="T" />
        </span>
      </span>
      {wrong && (
        <p id="report-day-wrong" className="field-wrong" role="alert">
          <Icon name="warning" size={14} />
          {wrong}
        </p>
      )}
    </>
  );
}
