import { useT } from "@/i18n";
import { SignInForm } from "./SignInForm";
import { useSession } from "./session";

/** The session has ended: sign in again here. Covers neither the call bar nor the form that is half typed. */
export function SignInAgain() {
  const t = useT();
  const { phase, who } = useSession();
  if (phase !== "expired" || !who) return null;
  return (
    <section className="drop" style={{ top: 56, right: 8, width: 360 }} aria-label={t("signin.title")}>
      <div className="panel-body">
        <b role="alert">{t("signin.again.title")}</b>
        <SignInForm username={who.account.username} fixed />
      </div>
    </section>
  );
}
