import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { readIncident } from "@/api/intake";
import { onSent } from "@/api/outbox";
import { useNames } from "@/features/assignment/names";
import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import { useTable } from "@/live/room";

/** What has been added since the incident was opened, oldest first; nothing where nothing was. */
export function Notes({ incidentId }: { incidentId: string }) {
  const t = useT();
  const names = useNames();
  const queries = useQueryClient();
  const rev = useTable("incident")[incidentId]?.rev;
  const page = useQuery({
    queryKey: ["incidents", incidentId, "notes", rev],
    queryFn: () => readIncident(incidentId),
    placeholderData: (before) => before,
  });
  useEffect(
    () =>
      onSent((line) => {
        if (line.path.includes(incidentId))
          void queries.invalidateQueries({ queryKey: ["incidents", incidentId, "notes"] });
      }),
    [incidentId, queries],
  );
  const notes = page.data?.notes ?? [];
  if (notes.length === 0) return null;
  return (
    <div>
      <span className="label">{t("intake.opened.notes")}</span>
      <ul className="notes scroll">
        {notes.map((note) => (
          <li key={note.id}>
            <span className="t2 s12">
              {wibShort(note.written_at)} {names.person(note.written_by)}
            </span>{" "}
            {note.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
