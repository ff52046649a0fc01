import { type ReactNode, useRef, useState } from "react";
import { useT } from "@/i18n";
import { tellFailure, useDeskKeys } from "@/keys/registry";
import { Key } from "./Key";

export type Parsed = {
  /** What Enter will do, in words and with names; or what is still missing. */
  preview: ReactNode;
  /** Null while the command is not complete. */
  run: (() => unknown) | null;
};

type Props = { parse: (words: string) => Parsed; grammar: string; example?: string };

/** The `/` line of a desk: shows what it understood before Enter does it; arrow up brings the last ones back. */
export function CommandLine({ parse, grammar, example }: Props) {
  const t = useT();
  const [words, setWords] = useState("");
  const past = useRef<string[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const focus = {
    id: "command.focus",
    label: "command.label" as const,
    keys: "/",
    run: () => input.current?.focus(),
  };
  useDeskKeys([focus]);
  const parsed = words.trim() ? parse(words.trim()) : null;
  const run = async () => {
    if (!parsed?.run) return;
    past.current.push(words);
    try {
      await parsed.run();
      setWords("");
      // The desk has its keys again: a number that follows chooses a job, and is no command.
      input.current?.blur();
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <>
      <span>{t("command.label")}</span>
      <Key keys="/" />
      <span className="field" style={{ height: 32, maxWidth: 520 }}>
        <input
          ref={input}
          aria-label={t("command.hint")}
          placeholder={example}
          value={words}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") void run();
            else if (event.key === "Escape") {
              // Leaves the line, not what the desk asks meanwhile.
              event.preventDefault();
              setWords("");
              event.currentTarget.blur();
            } else if (event.key === "ArrowUp") setWords(past.current.pop() ?? words);
          }}
        />
      </span>
      <span className="ellipsis" aria-live="polite">
        {parsed?.preview}
      </span>
      {parsed?.run && <Key keys="Enter" />}
      <span className="grow" />
      <span className="t2 wide-only">{grammar}</span>
    </>
  );
}
