/** Incidents and units in Ctrl K: typing a number, a place or a call sign leads there. */
import { useMemo } from "react";
import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { fits, type PaletteSource, usePaletteSource } from "@/keys/palette";
import { useRoom } from "@/live/room";
import { isOpen } from "./board";
import { choose, useDesk } from "./desk";

const MOST = 6;

export function useFindable(typeOf: (code: string | undefined) => string): void {
  const t = useT();
  const [incidents, units] = [t("dispatch.incidents"), t("dispatch.units")];
  const source = useMemo<PaletteSource>(
    () => ({
      title: incidents,
      find: (words) =>
        Object.values(useRoom.getState().tables.incident)
          .filter((one) =>
            fits(words, `${shortNumber(one.short_number)} ${typeOf(one.type)} ${one.place_text ?? ""}`),
          )
          .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.opened_at.localeCompare(a.opened_at))
          .slice(0, MOST)
          .map((one) => ({
            id: one.id,
            title: `${shortNumber(one.short_number)} ${typeOf(one.type)}`,
            hint: one.place_text ?? "",
            run: () => choose(one.id),
          })),
    }),
    [incidents, typeOf],
  );
  const signs = useMemo<PaletteSource>(
    () => ({
      title: units,
      find: (words) =>
        Object.values(useRoom.getState().tables.unit)
          .filter((one) => fits(words, `${one.code} ${one.station ?? ""}`))
          .slice(0, MOST)
          .map((one) => ({
            id: one.id,
            title: one.code,
            hint: one.station ?? "",
            run: () => {
              useDesk.setState({ unitId: one.id });
              const job = one.assignment_id
                ? useRoom.getState().tables.assignment[one.assignment_id]
                : undefined;
              if (job) choose(job.incident_id);
            },
          })),
    }),
    [units],
  );
  usePaletteSource(source);
  usePaletteSource(signs);
}
