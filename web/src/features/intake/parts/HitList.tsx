import type { KeyboardEvent, Ref } from "react";
import { useT } from "@/i18n";
import { Key } from "@/ui/Key";
import type { DraftPlace } from "../draft/draft";

export type Hit = {
  id: string;
  title: string;
  where: string;
  far: string;
  note: string;
  place: DraftPlace | null;
};

type Props = {
  hits: readonly Hit[];
  at: number;
  onMove: (at: number) => void;
  onChoose: (hit: Hit | undefined) => void;
  onLeave: () => void;
  ref: Ref<HTMLDivElement>;
};

/** Hits under the location field: Enter takes the marked one; arrow down goes in, then 1–9 choose. */
export function HitList({ hits, at, onMove, onChoose, onLeave, ref }: Props) {
  const t = useT();
  const onKey = (event: KeyboardEvent) => {
    const digit = Number(event.key);
    if (digit >= 1 && digit <= hits.length) onChoose(hits[digit - 1]);
    else if (event.key === "Enter" && !event.ctrlKey) onChoose(hits[at]);
    else if (event.key === "ArrowDown") onMove(Math.min(at + 1, hits.length - 1));
    else if (event.key === "ArrowUp" && at > 0) onMove(at - 1);
    else if (event.key === "ArrowUp" || event.key === "Escape") onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={ref}
      className="hits"
      role="listbox"
      tabIndex={-1}
      aria-label={t("intake.form.location")}
      onKeyDown={onKey}
    >
      {hits.map((hit, index) => (
        <button
          key={hit.id}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          className={`hit${index === at ? " on" : ""}`}
          onClick={() => onChoose(hit)}
        >
          <Key keys={String(index + 1)} />
          <span className="ellipsis">
            <span className="hit-title ellipsis">{hit.title}</span>
            <span className="hit-where ellipsis">{hit.where}</span>
          </span>
          <span className="s13 right nowrap">
            <b>{hit.far}</b>
            {hit.note && (
              <>
                <br />
                <span className="s12 t2">{hit.note}</span>
              </>
            )}
          </span>
        </button>
      ))}
    </div>
  );
}
