import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { Panel } from "@/ui/Panel";
import { Priority } from "@/ui/Priority";
import { EmptyState, LockMark } from "@/ui/States";
import { ClockCell } from "../assignment/ClockCell";
import { type Names, useNames } from "../assignment/names";
import { choose } from "./console";
import type { Inbox, Task } from "./inbox";

function secondLine(task: Task, names: Names, role: string | null): string {
  const { incident } = task;
  return [names.number(incident), names.kecamatan(incident.kecamatan_code), role].filter(Boolean).join(" · ");
}

type RowProps = { task: Task; names: Names; chosen: boolean };

function TaskRow({ task, names, chosen }: RowProps) {
  const t = useT();
  const { incident, jobs } = task;
  const role = jobs[0]?.role ?? "lead";
  const tone = task.stage === "late" || task.stage === "escalated" ? ` ${task.stage}` : "";
  const last = jobs[0]?.ended_at;
  return (
    <button
      type="button"
      className={`list-row task-row${tone}${chosen ? " selected" : ""}`}
      aria-current={chosen}
      onClick={() => choose(incident.id)}
    >
      <Priority code={incident.priority} />
      <span className="ellipsis">
        <span className="first ellipsis">{incident.masked ? <LockMark /> : names.type(incident)}</span>
        <span className="second ellipsis">
          {secondLine(task, names, role === "lead" ? null : t(`assignment_role.${role}`))}
        </span>
      </span>
      {task.clock ? (
        <ClockCell clock={task.clock} />
      ) : (
        <span className="clock-cell">
          <span className="label">{t(`assignment_state.${jobs[0]?.state ?? "done"}`)}</span>
          <span className="t2">{last ? wibShort(last) : ""}</span>
        </span>
      )}
    </button>
  );
}

function useWalk(inbox: Inbox, chosenId: string | null): void {
  const tasks = inbox.groups.flatMap((group) => group.tasks);
  const at = tasks.findIndex((task) => task.incident.id === chosenId);
  const go = (by: number) => {
    const next = tasks[Math.min(tasks.length - 1, Math.max(0, at + by))];
    if (next) choose(next.incident.id);
  };
  const keys: DeskAction[] = [
    { id: "opd.next", label: "opd.next", keys: "ArrowDown", keyOnly: true, run: () => go(1) },
    { id: "opd.previous", label: "opd.previous", keys: "ArrowUp", keyOnly: true, run: () => go(-1) },
  ];
  useDeskKeys(keys);
}

/** What the room has asked of this agency: to accept, under way, to report, and what is done today. */
export function InboxList({ inbox, chosenId }: { inbox: Inbox; chosenId: string | null }) {
  const t = useT();
  const names = useNames();
  useWalk(inbox, chosenId);
  return (
    <Panel title={t("opd.inbox")} count={inbox.open}>
      <div className="scroll grow" role="group" aria-label={t("opd.inbox")}>
        {inbox.groups.length === 0 && <EmptyState title={t("opd.empty")} fact={t("opd.empty.fact")} />}
        {inbox.groups.map((group) => (
          <section key={group.id}>
            <h3 className="list-group t2">{t(`opd.group.${group.id}`)}</h3>
            {group.tasks.map((task) => (
              <TaskRow
                key={task.incident.id}
                task={task}
                names={names}
                chosen={task.incident.id === chosenId}
              />
            ))}
          </section>
        ))}
        <p className="today t2 s13">{t("opd.today", inbox.today)}</p>
      </div>
    </Panel>
  );
}
