import type { ReactNode } from "react";
import { NoticeLine } from "./Notice";
import { TopBar } from "./TopBar";

type Props = {
  screen: string;
  person?: ReactNode;
  status?: ReactNode;
  emergency?: boolean;
  connection?: ReactNode;
  /** Row under the top bar that is always there: call bar (88 px) or alarm strip (40 px). */
  strip?: ReactNode;
  /** Class that gives the columns of the work area. */
  columns: string;
  /** Bottom strip, 44 px. */
  foot?: ReactNode;
  /** The foot in yellow: emergency mode. */
  footUrgent?: boolean;
  children: ReactNode;
};

/** The grid of every desk: top bar, strip, work, foot. Only the work area has columns. */
export function DeskLayout({
  screen,
  person,
  status,
  emergency,
  connection,
  strip,
  columns,
  foot,
  footUrgent,
  children,
}: Props) {
  return (
    <div className="desk">
      <TopBar screen={screen} person={person} status={status} emergency={emergency} connection={connection} />
      {strip}
      <main className={`desk-work ${columns}`}>{children}</main>
      <footer className={`foot${footUrgent ? " urgent" : ""}`}>
        {foot}
        <NoticeLine />
      </footer>
    </div>
  );
}
