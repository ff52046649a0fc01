import { useEffect, useState } from "react";
import { signOut } from "@/app/session";
import { useTheme, wear } from "@/app/theme";
import { useLanguage } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";

const SHOWN_MS = 6000;

/** True for a while after a key or a pointer was used: nobody does while the wall hangs there. */
function useTouched(): boolean {
  const [touched, setTouched] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const touch = () => {
      setTouched(true);
      clearTimeout(timer);
      timer = setTimeout(() => setTouched(false), SHOWN_MS);
    };
    const events = ["pointermove", "pointerdown", "keydown"];
    for (const event of events) window.addEventListener(event, touch);
    return () => {
      clearTimeout(timer);
      for (const event of events) window.removeEventListener(event, touch);
    };
  }, []);
  return touched;
}

/** For the hour in which the wall is hung: theme, language, sign out. Hidden while nobody is at the device. */
export function WallControls() {
  const touched = useTouched();
  const theme = useTheme((state) => state.theme);
  const { language, speak } = useLanguage();
  const other = theme === "gelap" ? "terang" : "gelap";
  const actions: DeskAction[] = [
    { id: "wall.theme", label: `app.theme.${other}`, keys: "Alt T", run: () => wear(other) },
    {
      id: "wall.language",
      label: language === "id" ? "app.language.en" : "app.language.id",
      keys: "Alt B",
      run: () => speak(language === "id" ? "en" : "id"),
    },
    { id: "wall.signOut", label: "app.signOut", keys: "Alt K", run: signOut },
  ];
  useDeskKeys(actions);
  if (!touched) return null;
  return (
    <div className="wall-controls">
      {actions.map((action) => (
        <DeskButton key={action.id} small action={action} />
      ))}
    </div>
  );
}
