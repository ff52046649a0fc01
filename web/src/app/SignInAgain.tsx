import { useRef } from "react";
import { useT } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { Key } from "@/ui/Key";
import { SignInForm } from "./SignInForm";
import { useSession } from "./session";

/** The session has ended: sign in again here. It takes no focus and covers neither call bar nor form. */
export function SignInAgain() {
  const { phase, who } = useSession();
  return phase === "expired" && who ? <Again username={who.account.username} /> : null;
}

function Again({ username }: { username: string }) {
  const t = useT();
  const box = useRef<HTMLElement>(null);
  const go: DeskAction = {
    id: "app.sign_in_again",
    label: "signin.submit",
    keys: "Alt I",
    // Until somebody is signed in again no other key of the screen matters more.
    over: true,
    run: () => box.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus(),
  };
  useDeskKeys([go]);
  return (
    <section ref={box} className="drop sign-in-again" aria-label={t("signin.title")}>
      <div className="panel-body">
        <p role="alert">
          <b>{t("signin.again.title")}</b> <Key keys="Alt I" />
        </p>
        <SignInForm username={username} fixed />
      </div>
    </section>
  );
}
