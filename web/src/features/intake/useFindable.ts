import { useMemo } from "react";
import { useCatalogueStore } from "@/api/catalogue";
import { findPlaces } from "@/api/geo";
import { language, translate, useLanguage } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { fits, type PaletteSource, usePaletteSource } from "@/keys/palette";
import { useRoom } from "@/live/room";
import { openIncidents } from "./calls";

const MOST = 6;
const LEAST_LETTERS = 3;

type Look = (lon: number, lat: number, uncertaintyM: number | null) => void;

/** Ctrl K of the call desk: open incidents and places; both are shown on the map. */
export function useFindable(onChoose: (id: string) => void, onLook: Look): void {
  const spoken = useLanguage((state) => state.language);
  const incidents = useMemo(
    (): PaletteSource => ({
      title: spoken ? translate("intake.find.incidents") : "",
      find: (words) => {
        const types = useCatalogueStore.getState().catalogue?.incident_types ?? [];
        return openIncidents(useRoom.getState().tables.incident)
          .map((one) => ({
            id: one.id,
            title: `${shortNumber(one.short_number)} ${types.find((type) => type.code === one.type)?.name[language()] ?? translate("denied.restricted")}`,
            hint: one.place_text ?? "",
            run: () => onChoose(one.id),
          }))
          .filter((line) => fits(words, `${line.title} ${line.hint}`))
          .slice(0, MOST);
      },
    }),
    [spoken, onChoose],
  );
  const places = useMemo(
    (): PaletteSource => ({
      title: spoken ? translate("intake.find.places") : "",
      find: async (words, signal) => {
        if (words.length < LEAST_LETTERS) return [];
        const found = await findPlaces(words, null, signal);
        return found.slice(0, MOST).map((place) => ({
          id: `${place.name}-${place.lon}-${place.lat}`,
          title: place.name,
          hint: [place.desa, place.kecamatan].filter(Boolean).join(" · "),
          run: () => onLook(place.lon, place.lat, place.accuracy_m),
        }));
      },
    }),
    [spoken, onLook],
  );
  usePaletteSource(incidents);
  usePaletteSource(places);
}
