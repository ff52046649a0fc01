import { useState } from "react";
import type { Named } from "@/api/catalogue";
import { useLanguage, useT } from "@/i18n";
import { AreaField } from "@/ui/Field";
import { lookedAgain } from "./doubleTap";
import { ThumbButton } from "./Thumb";

type Props = {
  title: string;
  choices: readonly Named[];
  confirm: string;
  /** The code after which words must follow. */
  needsText?: string;
  onChoose: (code: string, text: string | undefined) => void;
  onBack: () => void;
};

/** A list of large rows; the thumb confirms. */
export function ChooseSheet({ title, choices, confirm, needsText, onChoose, onBack }: Props) {
  const t = useT();
  const language = useLanguage((state) => state.language);
  const [code, setCode] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const asksText = code !== null && code === needsText;
  const give = () => {
    if (!code) setMissing(t("crew.chooseOne"));
    else if (asksText && !text.trim()) setMissing(t("ask.needsText"));
    else onChoose(code, asksText ? text.trim() : undefined);
  };
  return (
    <>
      <div className="phone-body scroll">
        <h1 className="sheet-title">{title}</h1>
        <div role="radiogroup" aria-label={title}>
          {choices.map((one) => (
            <button
              key={one.code}
              type="button"
              role="radio"
              aria-checked={one.code === code}
              className={`sheet-row${one.code === code ? " on" : ""}`}
              onClick={() => {
                lookedAgain();
                setCode(one.code);
                setMissing(null);
              }}
            >
              {one.name[language]}
            </button>
          ))}
        </div>
        {asksText && (
          <div className="sheet-text">
            <AreaField
              label={t("ask.text")}
              value={text}
              maxLength={500}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
        )}
      </div>
      <footer className="thumb-zone two">
        {missing && (
          <p className="field-wrong" role="alert">
            {missing}
          </p>
        )}
        <ThumbButton second icon="x" onPress={onBack}>
          {t("denied.back")}
        </ThumbButton>
        <ThumbButton icon="check" onPress={give}>
          {confirm}
        </ThumbButton>
      </footer>
    </>
  );
}
