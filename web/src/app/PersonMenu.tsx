import { type ReactNode, useState } from "react";
import { useLanguage, useT } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { Segments } from "@/ui/Segments";
import { signOut, useSession } from "./session";
import { useTheme, wear } from "./theme";

/** The person's name; opens theme, language and signing out. All three are also in Ctrl K. */
export function PersonMenu({ children }: { children?: ReactNode }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const name = useSession((session) => session.who?.account.display_name);
  const theme = useTheme((state) => state.theme);
  const { language, speak } = useLanguage();
  const actions: DeskAction[] = [
    { id: "app.theme.gelap", label: "app.theme.gelap", keys: null, run: () => wear("gelap") },
    { id: "app.theme.terang", label: "app.theme.terang", keys: null, run: () => wear("terang") },
    { id: "app.language.id", label: "app.language.id", keys: null, run: () => speak("id") },
    { id: "app.language.en", label: "app.language.en", keys: null, run: () => speak("en") },
    { id: "app.signOut", label: "app.signOut", keys: null, run: signOut },
  ];
  useDeskKeys(actions);
  return (
    <span style={{ position: "relative", minWidth: 0 }}>
      <button
        type="button"
        className="btn small"
        style={{ border: 0, fontWeight: "inherit", color: "var(--tx-2)" }}
        aria-expanded={open}
        title={t("app.person")}
        onClick={() => setOpen(!open)}
      >
        <span className="ellipsis">{children ?? name}</span>
      </button>
      {open && (
        <div className="drop panel-body" style={{ top: 40, left: 0, width: 300 }}>
          <b>{name}</b>
          <Segments
            label={t("app.person")}
            value={theme}
            options={[
              { value: "gelap" as const, text: t("app.theme.gelap") },
              { value: "terang" as const, text: t("app.theme.terang") },
            ]}
            onChange={wear}
          />
          <Segments
            label="Bahasa"
            value={language}
            options={[
              { value: "id" as const, text: t("app.language.id") },
              { value: "en" as const, text: t("app.language.en") },
            ]}
            onChange={speak}
          />
          <button type="button" className="btn" onClick={() => void signOut()}>
            {t("app.signOut")}
          </button>
        </div>
      )}
    </span>
  );
}
