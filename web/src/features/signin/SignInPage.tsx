import { useNavigate } from "@tanstack/react-router";
import { SignInForm } from "@/app/SignInForm";
import { SCREENS } from "@/app/screens";
import { useSession } from "@/app/session";
import { useTheme, wear } from "@/app/theme";
import { useLanguage, useT } from "@/i18n";
import { Segments } from "@/ui/Segments";
import { WallClock } from "@/ui/TopBar";
import "./signin.css";

/** Sign-in: who you are on the left, what each seat is for on the right. */
export function SignInPage() {
  const t = useT();
  const navigate = useNavigate();
  const who = useSession((session) => session.who);
  const { language, speak } = useLanguage();
  const theme = useTheme((state) => state.theme);
  return (
    <div className="desk">
      <header className="topbar">
        <span className="brand">
          {t("app.name")} <i>112</i>
        </span>
        <span className="t2 s13">{t("app.regency")}</span>
        <span className="grow" />
        <Segments
          label="Tema"
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
            { value: "id" as const, text: "Indonesia" },
            { value: "en" as const, text: "English" },
          ]}
          onChange={speak}
        />
        <WallClock />
      </header>
      <main className="signin">
        <section className="panel signin-form" aria-label={t("signin.title")}>
          <header className="panel-head">
            <h1>{t("signin.title")}</h1>
          </header>
          <div className="panel-body">
            <SignInForm onSignedIn={(home) => void navigate({ to: home })} />
            {who && (
              <a className="btn" href={who.home}>
                {t("signin.resume", { name: who.account.display_name })}
              </a>
            )}
          </div>
        </section>
        <section className="panel" aria-label={t("signin.seats")}>
          <header className="panel-head">
            <h2>{t("signin.seats")}</h2>
          </header>
          <dl className="signin-seats">
            {SCREENS.map((spec) =>
              spec.name === "demo" ? null : (
                <div key={spec.name}>
                  <dt>{t(`screen.${spec.name}`)}</dt>
                  <dd className="t2">{t(`signin.seat.${spec.name}`)}</dd>
                </div>
              ),
            )}
          </dl>
        </section>
      </main>
    </div>
  );
}
