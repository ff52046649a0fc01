import { useT } from "@/i18n";
import { Key } from "@/ui/Key";

const STEPS = [
  { id: "1", keys: "1" },
  { id: "2", keys: "F2" },
  { id: "3", keys: "4" },
] as const;

/** What this is, in two sentences, and the three things to try first. */
export function Intro() {
  const t = useT();
  return (
    <section className="panel demo-intro" aria-label={t("demo.about")}>
      <div className="demo-what">
        <p>
          <span className="tag filled">{t("demo.tag")}</span> <b>{t("demo.what.made_up")}</b>
        </p>
        <p className="t2">{t("demo.what.colleagues")}</p>
        <p className="t2">
          {t("demo.password")} <b className="password">sigap-demo</b>
        </p>
      </div>
      <ol className="demo-steps" aria-label={t("demo.steps")}>
        {STEPS.map(({ id, keys }) => (
          <li key={id}>
            <b className="s16">
              <span className="t3">{id}</span> {t(`demo.step.${id}`)} <Key keys={keys} />
            </b>
            <span className="t2 s13">{t(`demo.step.${id}.how`)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
