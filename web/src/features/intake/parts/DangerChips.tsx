import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useCatalogue, useNamed } from "@/api/catalogue";
import { useT } from "@/i18n";
import { Icon } from "@/ui/Icon";
import type { Draft } from "../draft/draft";

/** Which dangers are asked first, by category: the words themselves come from the catalogue. */
const FIRST: Record<string, string[]> = {
  FIR: ["fire_visible", "person_inside", "gas_cylinder", "fallen_wire", "burned", "explosion_risk"],
  MED: ["not_breathing", "unconscious", "injured", "child", "trapped"],
  TRA: ["injured", "trapped", "traffic", "blocked_road", "fire_visible"],
  DIS: ["rising_water", "trapped", "collapse_risk", "injured", "fallen_wire", "child"],
  SEC: ["weapon", "perpetrator_present", "injured", "crowd", "child"],
  PPA: ["perpetrator_present", "injured", "child", "weapon"],
  OTH: ["fallen_wire", "blocked_road", "dangerous_animal", "injured", "child"],
};
/** Chips shown before "more": one row in either language. */
const SHOWN = 4;
const SHOWN_NARROW = 3;

function ordered(codes: readonly string[], category: string | null): string[] {
  const first = (category ? FIRST[category] : undefined) ?? [];
  return [...first.filter((code) => codes.includes(code)), ...codes.filter((code) => !first.includes(code))];
}

export function DangerChips({
  draft,
  category,
  onChange,
}: {
  draft: Draft;
  category: string | null;
  onChange: (part: Partial<Draft>) => void;
}) {
  const t = useT();
  const catalogue = useCatalogue();
  const named = useNamed();
  const [all, setAll] = useState(false);
  const codes = ordered(catalogue?.dangers.map((one) => one.code) ?? [], category);
  const few = useMediaQuery("(max-width: 1500px)") ? SHOWN_NARROW : SHOWN;
  const shown = all ? codes : codes.filter((code, at) => at < few || draft.dangers.includes(code));
  const toggle = (code: string) =>
    onChange({
      dangers: draft.dangers.includes(code)
        ? draft.dangers.filter((one) => one !== code)
        : [...draft.dangers, code],
    });
  return (
    <div>
      <span className="label">
        <b>3</b>
        {t("intake.form.dangers")}
      </span>
      <div className="chips">
        {shown.map((code) => {
          const on = draft.dangers.includes(code);
          return (
            <button key={code} type="button" className="chip" aria-pressed={on} onClick={() => toggle(code)}>
              {on && <Icon name="check" />}
              {named(catalogue?.dangers, code)}
            </button>
          );
        })}
        {codes.length > few && (
          <button
            type="button"
            className="chip t2"
            aria-label={t("intake.form.dangersMore")}
            aria-expanded={all}
            onClick={() => setAll(!all)}
          >
            <Icon name={all ? "x" : "plus"} size={12} />
            {all ? null : codes.length - shown.length}
          </button>
        )}
      </div>
    </div>
  );
}
