/** What stands where a screen cannot: unknown address, no permission, an error in the screen itself. */
import { useT, useWord } from "@/i18n";
import { Icon } from "@/ui/Icon";
import { TopBar } from "@/ui/TopBar";
import type { ScreenSpec } from "./screens";
import { useSession } from "./session";

function Home() {
  const t = useT();
  const home = useSession((session) => session.who?.home ?? "/masuk");
  return (
    <a className="btn" href={home}>
      {t("app.goHome")}
    </a>
  );
}

export function NotFound({ missing }: { missing?: boolean }) {
  const t = useT();
  return (
    <div className="desk">
      <TopBar screen="Sigap" />
      <div className="panel-body">
        <b>{t(missing ? "app.screenMissing" : "app.notFound")}</b>
        <div>
          <Home />
        </div>
      </div>
    </div>
  );
}

export function Denied({ spec }: { spec: ScreenSpec }) {
  const t = useT();
  const word = useWord();
  const who = spec.roles.map((role) => word("role", role)).join(", ");
  return (
    <div className="desk">
      <TopBar screen={t(`screen.${spec.name}`)} />
      <div className="panel-body" role="alert">
        <span className="row">
          <Icon name="lock" />
          <b>{t("denied.title")}</b>
        </span>
        <span className="t2">{t("denied.who", { who })}</span>
        <div>
          <Home />
        </div>
      </div>
    </div>
  );
}

export function Crashed({ error }: { error: unknown }) {
  const t = useT();
  return (
    <div className="panel-body" role="alert">
      <span className="row">
        <Icon name="warning" />
        <b>{t("app.crashed")}</b>
      </span>
      <span className="t2 s13">{error instanceof Error ? error.message : String(error)}</span>
      <div>
        <button type="button" className="btn" onClick={() => location.reload()}>
          {t("app.reload")}
        </button>
      </div>
    </div>
  );
}
