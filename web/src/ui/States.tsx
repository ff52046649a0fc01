/** Empty, loading, old, locked, failed: the states of a panel, designed once. */
import { type ReactNode, useEffect, useState } from "react";
import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { Icon } from "./Icon";

/** What is absent, and the last fact. */
export function EmptyState({ title, fact }: { title: string; fact?: ReactNode }) {
  return (
    <div className="empty">
      <b>{title}</b>
      {fact && <span className="t2 s13">{fact}</span>}
    </div>
  );
}

const SHOW_AFTER_MS = 300;

/** Still bars after 300 ms, with what is loading and for how long. */
export function LoadingBars({ what }: { what: string }) {
  const t = useT();
  const [waitedMs, setWaited] = useState(0);
  useEffect(() => {
    const from = Date.now();
    const timer = setInterval(() => setWaited(Date.now() - from), SHOW_AFTER_MS);
    return () => clearInterval(timer);
  }, []);
  if (waitedMs < SHOW_AFTER_MS) return null;
  return (
    <div className="loading" role="status">
      {["60%", "82%", "44%"].map((width) => (
        <i key={width} style={{ width }} />
      ))}
      <span className="t2 s13">{t("state.loading", { what, age: duration(waitedMs / 1000) })}</span>
    </div>
  );
}

/** The age of old data, over a `hatched` ground. */
export function StaleBadge({ text }: { text: string }) {
  return (
    <span className="stale-badge">
      <Icon name="clock" size={14} />
      {text}
    </span>
  );
}

/** The lock of a Kasus Terbatas: violet, with its word. */
export function LockMark({ text }: { text?: string }) {
  const t = useT();
  return (
    <span className="lock nowrap">
      <Icon name="lock" /> <b>{text ?? t("denied.restricted")}</b>
    </span>
  );
}

/** Before the words of a restricted case that this person may read: others see only that it is one. */
export function RestrictedSign() {
  const t = useT();
  return (
    <span className="lock" role="img" aria-label={t("denied.restricted")}>
      <Icon name="lock" />{" "}
    </span>
  );
}

/** What did not happen and what to do instead: lost races, refusals. */
export function FailedLine({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty" role="alert">
      <span className="row">
        <Icon name="warning" />
        <b>{title}</b>
      </span>
      <span className="t2 s13">{children}</span>
    </div>
  );
}
