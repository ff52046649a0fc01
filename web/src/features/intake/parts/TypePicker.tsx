import { useRef, useState } from "react";
import { type IncidentTypeInfo, useCatalogue, useNamed } from "@/api/catalogue";
import { useT } from "@/i18n";
import { useDeskKeys } from "@/keys/registry";
import { Key } from "@/ui/Key";
import { Priority } from "@/ui/Priority";
import type { Draft } from "../draft/draft";
import { findTypes } from "../types";

type Props = { draft: Draft; onChange: (part: Partial<Draft>) => void };

/** Alt J: words or a code, arrows, Enter. */
export function TypePicker({ draft, onChange }: Props) {
  const t = useT();
  const catalogue = useCatalogue();
  const named = useNamed();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useDeskKeys([{ id: "incident.type", label: "intake.form.type", keys: "Alt J", run: () => setOpen(true) }]);
  const chosen = catalogue?.incident_types.find((one) => one.code === draft.type);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div style={{ position: "relative" }}>
      <span className="label">
        <b>2</b>
        {t("intake.form.type")}
      </span>
      <button
        ref={button}
        type="button"
        className="field"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-label={t("intake.form.type")}
        onClick={() => setOpen(!open)}
      >
        {chosen ? (
          <>
            <Priority code={chosen.priority} />
            <b>{chosen.code}</b>
            <span className="ellipsis">{named(catalogue?.incident_types, chosen.code)}</span>
          </>
        ) : (
          <span className="t3">{t("intake.form.typeNone")}</span>
        )}
        <span className="grow" />
        <Key keys="Alt J" />
      </button>
      {open && (
        <TypeList
          types={catalogue?.incident_types ?? []}
          onChoose={(type) => {
            onChange({ type });
            close();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

const SHOWN = 9;

function TypeList({
  types,
  onChoose,
  onClose,
}: {
  types: readonly IncidentTypeInfo[];
  onChoose: (code: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const found = findTypes(types, words, (code) => named(catalogue?.categories, code)).slice(
    0,
    words ? SHOWN : types.length,
  );
  return (
    <div className="drop type-drop">
      <input
        className="field"
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="type-list"
        aria-label={t("intake.form.typeSearch")}
        placeholder={t("intake.form.typeSearch")}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onBlur={(event) => {
          if (!event.currentTarget.parentElement?.contains(event.relatedTarget)) onClose();
        }}
        onKeyDown={(event) => {
          const here = found[at];
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter" && !event.ctrlKey && here) onChoose(here.code);
          else if (event.key === "Escape") onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div id="type-list" role="listbox" aria-label={t("intake.form.type")} className="scroll">
        {found.length === 0 && <p className="empty t2">{t("intake.form.typeEmpty")}</p>}
        {found.map((info, index) => (
          <button
            key={info.code}
            type="button"
            role="option"
            aria-selected={index === at}
            className="list-row type-row"
            ref={index === at ? intoView : undefined}
            onClick={() => onChoose(info.code)}
          >
            <Priority code={info.priority} />
            <b>{info.code}</b>
            <span className="ellipsis">{named(types, info.code)}</span>
            <span className="t2 s12 ellipsis wide-only">{named(catalogue?.categories, info.category)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

function intoView(row: HTMLElement | null): void {
  row?.scrollIntoView?.({ block: "nearest" });
}
