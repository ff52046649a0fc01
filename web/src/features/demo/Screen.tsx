import { useRef, useState } from "react";
import type { Chair } from "@/api/demo";
import { NotFound } from "@/app/Fallbacks";
import { SCREENS } from "@/app/screens";
import { isKey, useT } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { TextField } from "@/ui/Field";
import { Key } from "@/ui/Key";
import { NoticeLine } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { EmptyState, LoadingBars, StaleBadge } from "@/ui/States";
import { numberKey, sitActions, sitDown, turnAction, walkActions } from "./actions";
import { ChairRow } from "./ChairRow";
import { columnsOf, crewsMatching, type Group, inGroups } from "./chairs";
import { Head } from "./Head";
import { Intro } from "./Intro";
import { useChairs, useSwitch } from "./useChairs";
import "./demo.css";

/** What a room chair is called: the screen it opens; the ministry's and PPA's by their role. */
function usePlace(): (chair: Chair) => string {
  const t = useT();
  return (chair) => {
    const seat = /^operator(\d)$/.exec(chair.username);
    const seatKey = `seat.meja-${seat?.[1]}`;
    if (seat && isKey(seatKey)) return t(seatKey);
    if (chair.roles.includes("ppa_officer")) return t("demo.place.ppa");
    const screen = SCREENS.find((spec) => `/${spec.name}` === chair.home);
    return screen ? t(`screen.${screen.name}`) : chair.display_name;
  };
}

type RowProps = { turnOf: (chair: Chair) => DeskAction; onChoose: (username: string) => void };

function Room({ groups, turnOf, onChoose }: RowProps & { groups: Group[] }) {
  const t = useT();
  const placeOf = usePlace();
  const order = groups.flatMap((group) => group.chairs);
  return (
    <Panel title={t("demo.room")} count={t("demo.room.count")}>
      <div className="scroll">
        {groups.map((group) => (
          <section key={group.id} aria-label={t(`demo.group.${group.id}` as "demo.group.room")}>
            <h3 className="list-group">{t(`demo.group.${group.id}` as "demo.group.room")}</h3>
            <ul>
              {group.chairs.map((chair) => (
                <ChairRow
                  key={chair.username}
                  chair={chair}
                  place={placeOf(chair)}
                  keys={numberKey(order.indexOf(chair)) ?? ""}
                  turn={turnOf(chair)}
                  onChoose={() => onChoose(chair.username)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}

function Agencies({ chairs, turnOf, onChoose }: RowProps & { chairs: Chair[] }) {
  const t = useT();
  return (
    <Panel title={t("demo.agencies")} count={chairs.length}>
      <ul className="scroll">
        {chairs.map((chair) => (
          <ChairRow
            key={chair.username}
            chair={chair}
            turn={turnOf(chair)}
            onChoose={() => onChoose(chair.username)}
          />
        ))}
      </ul>
    </Panel>
  );
}

type CrewProps = RowProps & { groups: Group[]; words: string; onWords: (words: string) => void };

function Crews({ groups, words, onWords, turnOf, onChoose }: CrewProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const first = groups[0]?.chairs[0];
  useDeskKeys([{ id: "demo.filter", label: "demo.filter", keys: "/", run: () => input.current?.focus() }]);
  return (
    <Panel title={t("demo.crews")} count={groups.reduce((n, group) => n + group.chairs.length, 0)}>
      <div className="crew-filter">
        <TextField
          label={t("demo.filter")}
          hideLabel
          icon="search"
          placeholder={t("demo.filter.example")}
          hint={<Key keys="/" />}
          inputRef={input}
          value={words}
          onChange={(event) => onWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onWords("");
            if (event.key === "Enter" && words && first) sitDown(first);
          }}
        />
      </div>
      <div className="scroll">
        {groups.length === 0 && <EmptyState title={t("demo.filter.none", { words })} />}
        {groups.map((group) => (
          <section key={group.id} aria-label={group.id}>
            <h3 className="list-group">{group.id.replaceAll("_", " ")}</h3>
            <ul>
              {group.chairs.map((chair) => (
                <ChairRow
                  key={chair.username}
                  chair={chair}
                  turn={turnOf(chair)}
                  onChoose={() => onChoose(chair.username)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Panel>
  );
}

function City({ all }: { all: readonly Chair[] }) {
  const turn = useSwitch();
  const [chosen, choose] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const chairs = inGroups(all);
  const crews = crewsMatching(chairs.crews, words);
  const room = chairs.room.flatMap((group) => group.chairs);
  const turnOf = (chair: Chair) => turnAction(chair, turn, null);
  useDeskKeys([
    ...sitActions(room),
    ...walkActions(columnsOf(chairs, crews)),
    turnAction(
      all.find((chair) => chair.username === chosen),
      turn,
      "S",
    ),
  ]);
  return (
    <main className="demo-chairs">
      <Room groups={chairs.room} turnOf={turnOf} onChoose={choose} />
      <Agencies chairs={chairs.agencies} turnOf={turnOf} onChoose={choose} />
      <Crews groups={crews} words={words} onWords={setWords} turnOf={turnOf} onChoose={choose} />
    </main>
  );
}

const HINTS = [
  ["1–9", "demo.hint.number"],
  ["↑ ↓ ← →", "demo.hint.arrows"],
  ["Enter", "demo.hint.enter"],
  ["S", "demo.hint.colleague"],
] as const;

/** The front door of the demo: what it is, what to try, every chair and who plays it. */
export default function DemoScreen() {
  const t = useT();
  const { chairs, noDemo, failed, readAt } = useChairs();
  if (noDemo) return <NotFound />;
  return (
    <div className="desk demo-page">
      <Head />
      <div className="demo">
        <Intro />
        {chairs ? <City all={chairs} /> : <LoadingBars what={t("demo.room")} />}
      </div>
      <footer className="foot">
        {HINTS.map(([keys, words]) => (
          <span key={keys} className="row t2 s13">
            <Key keys={keys} /> {t(words)}
          </span>
        ))}
        {failed && chairs && <StaleBadge text={t("demo.stale", { at: wibTime(readAt) })} />}
        <NoticeLine />
      </footer>
    </div>
  );
}
