import { useSession } from "@/app/session";
import { useTheme, wear } from "@/app/theme";
import { useLanguage, useT } from "@/i18n";
import { PaletteBox } from "@/keys/PaletteBox";
import { Segments } from "@/ui/Segments";
import { WallClock } from "@/ui/TopBar";

/** The demo's top bar: nobody has signed in here, so theme and language stand open. */
export function Head() {
  const t = useT();
  const home = useSession((session) => session.who?.home);
  const { language, speak } = useLanguage();
  const theme = useTheme((state) => state.theme);
  return (
    <header className="topbar">
      <span className="brand">
        {t("app.name")} <i>112</i>
      </span>
      <h1 className="screen-name">{t("screen.demo")}</h1>
      <span className="t2 s13 wide-only">{t("app.regency")}</span>
      <span className="grow" />
      <PaletteBox />
      {home && home !== "/" && (
        <a className="btn small" href={home}>
          {t("app.goHome")}
        </a>
      )}
      <Segments
        label={t("demo.theme")}
        value={theme}
        options={[
          { value: "gelap" as const, text: t("demo.theme.dark") },
          { value: "terang" as const, text: t("demo.theme.light") },
        ]}
        onChange={wear}
      />
      <Segments
        label={t("demo.language")}
        value={language}
        options={[
          { value: "id" as const, text: "Indonesia" },
          { value: "en" as const, text: "English" },
        ]}
        onChange={speak}
      />
      <WallClock />
    </header>
  );
}
