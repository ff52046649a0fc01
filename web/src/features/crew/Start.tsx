import { useT } from "@/i18n";
import { Icon } from "@/ui/Icon";
import { unlockSound } from "../assignment/tones";
import { ThumbButton } from "./Thumb";

/** Before the first task: what the phone needs and why, and one press that gives it. */
export function Start({ onStart }: { onStart: () => void }) {
  const t = useT();
  return (
    <>
      <div className="phone-body start">
        <h1 className="sheet-title">{t("crew.start.title")}</h1>
        <p className="start-line">
          <Icon name="bell" size={22} />
          <span>
            <b>{t("crew.start.sound")}</b>
            <span className="t2">{t("crew.start.sound.why")}</span>
          </span>
        </p>
        <p className="start-line">
          <Icon name="target" size={22} />
          <span>
            <b>{t("crew.start.position")}</b>
            <span className="t2">{t("crew.start.position.why")}</span>
          </span>
        </p>
        <p className="start-line">
          <Icon name="disconnected" size={22} />
          <span>
            <b>{t("crew.start.offline")}</b>
            <span className="t2">{t("crew.start.offline.why")}</span>
          </span>
        </p>
      </div>
      <footer className="thumb-zone">
        <ThumbButton
          icon="play"
          onPress={() => {
            void unlockSound();
            onStart();
          }}
        >
          {t("crew.start.button")}
        </ThumbButton>
      </footer>
    </>
  );
}
