import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { minutesSeconds, wibShort } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useSecond } from "@/live/clock";
import { DeskButton } from "./DeskButton";

type Props = {
  /** What was done, in words: "Panggilan Iseng (Prank)". */
  what: string;
  /** When, server time in ms. */
  atMs: number;
  onUndo: () => unknown;
};

/** "19:41 dicatat … Urungkan Ctrl Z 0:18": instead of a question before. Gone when the server takes none back any more. */
export function UndoBar({ what, atMs, onUndo }: Props) {
  const limits = useCatalogue()?.call_limits;
  const left = (limits?.undo_s ?? 0) - (useSecond() - Math.floor(atMs / 1000));
  return left > 0 ? <Undo what={what} atMs={atMs} onUndo={onUndo} left={left} /> : null;
}

function Undo({ what, atMs, onUndo, left }: Props & { left: number }) {
  const t = useT();
  const undo = { id: "undo", label: "undo.button" as const, keys: "Ctrl Z", run: onUndo };
  useDeskKeys([undo]);
  return (
    <span className="row undo" role="status">
      <span className="t2 ellipsis wide-only">
        {t("undo.recorded", { at: wibShort(atMs) })} <b>{what}</b>
      </span>
      <DeskButton small action={undo} after={<span className="t2">{minutesSeconds(left)}</span>} />
    </span>
  );
}
