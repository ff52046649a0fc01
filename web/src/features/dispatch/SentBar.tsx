import { useT } from "@/i18n";
import { tell } from "@/keys/notice";
import { useTable } from "@/live/room";
import { UndoBar } from "@/ui/UndoBar";
import { cancel } from "../assignment/verbs";
import { useDesk } from "./desk";
import { UNDO_REASON } from "./deskActions";

/** Half a minute in which a dispatch can be taken back; whoever has acknowledged meanwhile stays sent. */
export function SentBar() {
  const t = useT();
  const sent = useDesk((desk) => desk.sent);
  const assignments = useTable("assignment");
  const takeable = sent?.assignmentIds.some((id) => assignments[id]?.state === "sent");
  if (!sent || !takeable) return null;
  const undo = async () => {
    const open = sent.assignmentIds.filter((id) => assignments[id]?.state === "sent");
    for (const id of open) await cancel(id, UNDO_REASON);
    useDesk.setState({ sent: null });
    tell(t("dispatch.undone", { n: open.length, kept: sent.assignmentIds.length - open.length }));
  };
  return <UndoBar what={sent.what} atMs={sent.atMs} onUndo={undo} />;
}
