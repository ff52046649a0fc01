import type { Named } from "@/api/catalogue";
import type { Key as TextKey } from "@/i18n";
import { type Language, useLanguage, useT } from "@/i18n";
import { perform, useDeskKeys } from "@/keys/registry";
import { useTyped } from "@/live/tab";
import { DeskButton } from "@/ui/DeskButton";
import { TextField } from "@/ui/Field";

type Props = {
  id: string;
  title: string;
  choices: readonly Named[];
  confirm: TextKey;
  confirmKeys?: string;
  /** The code after which words must follow. */
  needsText?: string;
  /** Stands beside a panel that has keys of its own: Enter and Esc are this question's while it is asked. */
  over?: boolean;
  onChoose: (code: string, text: string | undefined) => unknown;
  onCancel: () => void;
};

const fits = (words: string, text: string) =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.toLowerCase().includes(word));

const begins = (words: string, text: string) => text.toLowerCase().startsWith(words.toLowerCase());

/** Those that fit, first those that begin so: "lain" is "Lain-lain" before "Sedang bertugas lain". */
function fitting(choices: readonly Named[], words: string, language: Language): Named[] {
  return choices
    .filter((one) => fits(words, one.name[language]))
    .sort((a, b) => Number(begins(words, b.name[language])) - Number(begins(words, a.name[language])));
}

/** One of a list, in place: type part of it, Enter takes the first that fits. No list is longer than it needs to be. */
export function ChoiceAsk({
  id,
  title,
  choices,
  confirm,
  confirmKeys = "Ctrl Enter",
  needsText,
  over = false,
  onChoose,
  onCancel,
}: Props) {
  const t = useT();
  const language = useLanguage((state) => state.language);
  const [words, setWords] = useTyped(`${id}.words`, "");
  const [code, setCode] = useTyped<string | null>(`${id}.code`, null);
  const [text, setText] = useTyped(`${id}.text`, "");
  const found = words.trim() ? fitting(choices, words.trim(), language) : choices;
  const chosen = code ?? (words.trim() ? (found[0]?.code ?? null) : null);
  const asksText = chosen !== null && chosen === needsText;
  const blocked = !chosen ? t("ask.choose") : asksText && !text.trim() ? t("ask.needsText") : null;
  const give = {
    id: `${id}.give`,
    label: confirm,
    keys: confirmKeys,
    over,
    blocked,
    run: () => (chosen ? onChoose(chosen, asksText ? text.trim() : undefined) : undefined),
  };
  const back = { id: `${id}.back`, label: "denied.back" as const, keys: "Esc", over, run: onCancel };
  useDeskKeys([give, back]);
  return (
    <form
      className="ask"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        if (!blocked) void perform(give);
      }}
    >
      <div className="row">
        <b className="nowrap">{title}</b>
        <TextField
          autoFocus
          hideLabel
          label={title}
          placeholder={t("ask.type")}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setCode(null);
          }}
        />
      </div>
      <div className="chips" role="radiogroup" aria-label={title}>
        {found.map((one) => (
          <button
            key={one.code}
            type="button"
            role="radio"
            className={`chip${one.code === chosen ? " on" : ""}`}
            aria-checked={one.code === chosen}
            onClick={() => setCode(one.code)}
          >
            {one.name[language]}
          </button>
        ))}
        {found.length === 0 && <span className="t2 s13">{t("ask.nothing", { words })}</span>}
      </div>
      {asksText && (
        <TextField
          hideLabel
          label={t("ask.text")}
          placeholder={t("ask.text")}
          value={text}
          maxLength={500}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {/* Without a submit button a form of two fields would not take Enter. */}
      <input type="submit" hidden />
      <div className="row">
        <DeskButton small primary action={give} />
        <DeskButton small action={back} />
      </div>
    </form>
  );
}
