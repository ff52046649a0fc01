import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useDeferredValue, useRef, useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { findPlaces, type Place } from "@/api/geo";
import { useT } from "@/i18n";
import { distance } from "@/i18n/format";
import { metresBetween } from "@/map/circle";
import { Icon } from "@/ui/Icon";
import { areasNamed } from "../areas";
import type { Draft, DraftPlace } from "../draft/draft";
import { evidenceKind } from "../evidenceWords";
import { isFarOff, likelyFirst } from "../farOff";
import type { Desk } from "../useDesk";
import { useWhere } from "../useWhere";
import { type Hit, HitList } from "./HitList";

type Props = {
  desk: Desk;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
};

const HITS = 5;
const HITS_NARROW = 3;
const LEAST_LETTERS = 3;

function nameOf(place: Place): string {
  return place.detail ? `${place.name}, ${place.detail}` : place.name;
}

function usePlaceHits({ desk, draft }: Props): { hits: Hit[]; searching: boolean } {
  const t = useT();
  const words = useDeferredValue(draft.words.trim());
  const best = desk.evidence[0];
  const near = best ? { lon: best.lon, lat: best.lat } : null;
  const asked = useQuery({
    queryKey: ["geo", "places", words, near?.lon, near?.lat],
    queryFn: ({ signal }) => findPlaces(words, near, signal),
    enabled: !desk.away && words.length >= LEAST_LETTERS && draft.place === null,
    placeholderData: (before) => before,
  });
  const kind = best ? evidenceKind(best) : null;
  const from =
    best && kind
      ? t("intake.form.fromEvidence", { what: `${t(kind.label)} ±${distance(best.uncertainty_m)}` })
      : "";
  const found = likelyFirst(asked.data ?? [], desk.evidence).map((place, at): Hit => {
    const away = near ? metresBetween(near.lon, near.lat, place.lon, place.lat) : null;
    const outside = isFarOff(place, desk.evidence);
    return {
      id: `${place.name}-${place.lon}-${place.lat}`,
      title: nameOf(place),
      where: [place.desa, place.kecamatan].filter(Boolean).join(" · "),
      far: away === null ? "" : distance(away),
      note: outside ? t("intake.form.offEvidence") : at === 0 && away !== null ? from : "",
      place: {
        lon: place.lon,
        lat: place.lat,
        text: [nameOf(place), place.desa, place.kecamatan].filter(Boolean).join(", "),
        uncertaintyM: place.accuracy_m,
        from: "search",
      },
    };
  });
  return { hits: found, searching: asked.isFetching };
}

/** While the server is away: the evidence's own points, areas that the words name, and the words for later. */
function useAwayHits({ desk, draft }: Props): Hit[] {
  const t = useT();
  const catalogue = useCatalogue();
  const points = desk.evidence.slice(0, 3).map((item, at): Hit => {
    const point = t("intake.form.phonePoint", { what: t(evidenceKind(item).label) });
    return {
      id: `evidence-${at}`,
      title: `${point} ±${distance(item.uncertainty_m)}`,
      where: "",
      far: at === 0 ? t("intake.form.proposed") : "",
      note: "",
      place: {
        lon: item.lon,
        lat: item.lat,
        text: draft.words.trim() || point,
        uncertaintyM: item.uncertainty_m,
        from: "evidence",
      },
    };
  });
  const words = draft.words.trim();
  if (!words) return points;
  const areas = areasNamed(words, catalogue).map(
    ({ name, within, lon, lat, radiusM }): Hit => ({
      id: `area-${lon}-${lat}`,
      title: name,
      where: [within, t("intake.form.areaOnly")].filter(Boolean).join(" · "),
      far: `±${distance(radiusM)}`,
      note: "",
      place: { lon, lat, text: words, uncertaintyM: radiusM, from: "search" },
    }),
  );
  return [
    ...points,
    ...areas,
    {
      id: "words",
      title: t("intake.form.text", { words }),
      where: t("intake.form.textHint"),
      far: "",
      note: "",
      place: null,
    },
  ];
}

/** A place wider than this is an area, not an address, metres. */
const AREA_M = 1000;

/** Step 1: words, hits sorted by the evidence, or a click on the map. */
export function LocationField(props: Props) {
  const { desk, draft, onChange, onLook } = props;
  const t = useT();
  const [at, setAt] = useState(0);
  const most = useMediaQuery("(max-width: 1500px)") ? HITS_NARROW : HITS;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const searched = usePlaceHits(props);
  const away = useAwayHits(props);
  const hits = draft.place
    ? []
    : desk.away
      ? away
      : draft.words.trim().length >= LEAST_LETTERS
        ? searched.hits.slice(0, most)
        : [];
  const choose = (hit: Hit | undefined) => {
    if (!hit?.place) return;
    onChange({ place: hit.place, words: draft.words || hit.place.text });
    onLook(hit.place.lon, hit.place.lat, hit.place.uncertaintyM);
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.ctrlKey) choose(hits[at]);
    else if (event.key === "ArrowDown" && hits.length > 0) list.current?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <label className="label" htmlFor="location-words">
        <b>1</b>
        {t("intake.form.location")}
      </label>
      <span className="field">
        <Icon name="search" />
        <input
          id="location-words"
          ref={input}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={400}
          placeholder={t("intake.form.locationPlaceholder")}
          value={draft.words}
          onChange={(event) => {
            setAt(0);
            onChange({
              words: event.target.value,
              place: draft.place?.from === "search" ? null : draft.place,
            });
          }}
          onKeyDown={onKey}
        />
        <span className="field-hint">
          {desk.away
            ? t("intake.form.searchWaits")
            : searched.searching
              ? t("intake.form.searching")
              : desk.evidence.length > 0 && draft.words && !draft.place
                ? t("intake.form.byEvidence")
                : ""}
        </span>
      </span>
      {draft.place && (
        <ChosenPlace place={draft.place} desk={desk} onClear={() => onChange({ place: null })} />
      )}
      {hits.length > 0 && (
        <HitList
          ref={list}
          hits={hits}
          at={at}
          onMove={setAt}
          onChoose={choose}
          onLeave={() => input.current?.focus()}
        />
      )}
      {!desk.away &&
        !draft.place &&
        hits.length === 0 &&
        !searched.searching &&
        draft.words.trim().length >= LEAST_LETTERS && (
          <p className="field-wrong">{t("intake.form.noHits")}</p>
        )}
    </div>
  );
}

function ChosenPlace({ place, desk, onClear }: { place: DraftPlace; desk: Desk; onClear: () => void }) {
  const t = useT();
  const area = useWhere(place, desk.away).filter((name) => !place.text.includes(name));
  const wide = (place.uncertaintyM ?? 0) > AREA_M;
  const best = desk.evidence[0];
  const far =
    best && isFarOff(place, desk.evidence)
      ? t("intake.form.farOff", {
          far: distance(metresBetween(best.lon, best.lat, place.lon, place.lat)),
          what: `${t(evidenceKind(best).label)} ±${distance(best.uncertainty_m)}`,
        })
      : null;
  return (
    <div className="chosen-place">
      <Icon name={wide || far ? "warning" : "check"} />
      <span className="grow ellipsis">
        <b className="ellipsis">{place.text || t("intake.form.pinned")}</b>
        <span className="s12 t2"> {wide ? t("intake.form.areaOnly") : area.join(" · ")}</span>
        {far && (
          <>
            <br />
            <span className="s12 line-lost">{far}</span>
          </>
        )}
      </span>
      {place.uncertaintyM !== null && <b className="s13">±{distance(place.uncertaintyM)}</b>}
      <button type="button" className="btn small" onClick={onClear}>
        {t("intake.form.change")}
      </button>
    </div>
  );
}
