import type { ReactNode } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Props = {
  title: ReactNode;
  icon?: IconName;
  /** Number or words beside the title. */
  count?: ReactNode;
  /** Right end of the head. */
  tools?: ReactNode;
  /** Row of buttons at the bottom. */
  acts?: ReactNode;
  children?: ReactNode;
  /** Takes the height that is left. */
  grow?: boolean;
  label?: string;
};

/** A panel of a desk. Panels never stand in one another. */
export function Panel({ title, icon, count, tools, acts, children, grow, label }: Props) {
  return (
    <section
      className="panel"
      style={grow ? { flex: 1 } : undefined}
      aria-label={label ?? (typeof title === "string" ? title : undefined)}
    >
      <header className="panel-head">
        {icon && <Icon name={icon} />}
        <h2>{title}</h2>
        {count !== undefined && <span className="count ellipsis">{count}</span>}
        <span className="grow" />
        {tools}
      </header>
      {children}
      {acts && <footer className="panel-acts">{acts}</footer>}
    </section>
  );
}
