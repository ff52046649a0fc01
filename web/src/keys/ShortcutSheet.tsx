import { useT } from "@/i18n";
import { Key } from "@/ui/Key";
import { closePalette } from "./palette";
import { useDeskKeys, useRegistry } from "./registry";

const CLOSE = [
  {
    id: "app.shortcuts.close",
    label: "app.shortcuts.close" as const,
    keys: "Esc",
    run: closePalette,
    over: true,
  },
];

/** Every key of this screen now, from the same objects as the buttons. */
export function ShortcutSheet() {
  const t = useT();
  const lists = useRegistry((registry) => registry.lists);
  useDeskKeys(CLOSE);
  const lines = Object.values(lists)
    .flat()
    .filter((action) => action.keys)
    .sort((a, b) => (a.keys as string).localeCompare(b.keys as string, undefined, { numeric: true }));
  return (
    <section
      className="drop"
      style={{ top: -4, right: 0, width: 420, maxHeight: 560 }}
      aria-label={t("app.shortcuts")}
    >
      <header className="panel-head">
        {t("app.shortcuts")}
        <span className="grow" />
        <button type="button" className="btn small" onClick={closePalette}>
          {t("app.shortcuts.close")} <Key keys="Esc" />
        </button>
      </header>
      <ul className="scroll" style={{ padding: "8px 16px" }}>
        {lines.map((action) => (
          <li key={action.id} className="row" style={{ height: 28 }}>
            <span style={{ width: 96 }}>
              <Key keys={action.keys as string} />
            </span>
            <span className={`ellipsis ${action.blocked ? "t3" : ""}`}>
              {t(action.label, action.labelFacts)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
