import { useT } from "@/i18n";
import type { Priority as Code } from "@/live/rows";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

/** Octagon P1, triangle P2, disc P3, bar P4: an outline, never filled; fill is kept for what is late. */
export function Priority({ code }: { code: Code }) {
  const t = useT();
  return (
    <span className={`priority ${code}`} title={t(`priority.${code}`)}>
      <Icon name={code.toLowerCase() as IconName} />
      {code}
    </span>
  );
}
