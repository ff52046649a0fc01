import type { Chair } from "@/api/demo";
import { useLanguage, useT } from "@/i18n";
import { type DeskAction, perform } from "@/keys/registry";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { Key } from "@/ui/Key";
import { type Player, playable, playerOf } from "./chairs";
import { sitUrl } from "./useChairs";

const MARK: Record<Player, IconName> = { person: "check", colleague: "play", nobody: "dash" };

type Props = {
  chair: Chair;
  /** The place, where it is more than the person's name: "Meja Dispatch". */
  place?: string;
  keys?: string;
  /** Turns the simulated colleague of this chair on or off. */
  turn: DeskAction;
  onChoose: () => void;
};

/** One chair: whose it is, who plays it now, the colleague's switch, and the link that sits down. */
export function ChairRow({ chair, place, keys, turn, onChoose }: Props) {
  const t = useT();
  const language = useLanguage((state) => state.language);
  const player = playerOf(chair);
  const who = place ? `${place}, ${chair.display_name}` : chair.display_name;
  return (
    <li
      className={`list-row chair-row${place ? " main" : ""}`}
      aria-label={who}
      data-chair={chair.username}
      onFocus={onChoose}
    >
      {keys && <Key keys={keys} />}
      <span className="ellipsis">
        {place ? <b>{place}</b> : chair.display_name}
        {place && <span className="t2 s13 ellipsis second">{chair.display_name}</span>}
      </span>
      <span className={`state s13 ${player === "person" ? "" : "t2"}`}>
        <Icon name={MARK[player]} />
        {t(`demo.player.${player}`)}
      </span>
      {playable(chair) ? (
        <button
          type="button"
          role="switch"
          className="switch"
          aria-checked={chair.simulated}
          aria-label={t("demo.colleagueOf", { who })}
          title={t(turn.label, turn.labelFacts)}
          onClick={() => void perform(turn)}
        />
      ) : (
        <span />
      )}
      <a
        id={`chair-${chair.username}`}
        className="btn small"
        href={sitUrl(chair, language)}
        target="_blank"
        rel="noopener"
        aria-label={t("demo.sitAt", { who })}
        aria-keyshortcuts={keys}
      >
        {t("demo.sit")}
      </a>
    </li>
  );
}
