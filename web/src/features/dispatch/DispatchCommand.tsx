import { useCatalogue } from "@/api/catalogue";
import { type Key as TextKey, useT } from "@/i18n";
import { usePalette } from "@/keys/palette";
import { useRoom } from "@/live/room";
import type { Incident, Unit, UnitStatus } from "@/live/rows";
import { CommandLine, type Parsed } from "@/ui/CommandLine";
import { type Names, useNames } from "../assignment/names";
import * as verbs from "../assignment/verbs";
import { type Command, parseCommand, type Target } from "./command";
import { askFor, askStatus, choose, chooseJob } from "./desk";
import { dispatchNow } from "./deskActions";
import type { Order } from "./proposal";

const sign = (target: Target, names: Names) => target.unit?.code ?? names.agency(target.agency?.id ?? "");

function ordersFor(targets: readonly Target[], lead: string | undefined): Order[] {
  return targets.map(({ unit, agency }) => {
    const code = unit?.agency ?? agency?.id ?? "";
    const role = code === lead ? "lead" : "assist";
    return unit ? { agency: code, unit_id: unit.id, role } : { agency: code, role };
  });
}

/** Sets what was typed; without a status the column asks which. A refusal of the server stands in the command bar. */
async function setStatus(unit: Unit, status: UnitStatus | null): Promise<void> {
  if (status) await verbs.setUnitStatus(unit.id, status, { rev: unit.rev });
  else askStatus(unit.id);
}

function useRun(): (command: Command) => (() => unknown) | null {
  const t = useT();
  const names = useNames();
  const catalogue = useCatalogue();
  const leadOf = (incident: Incident) =>
    catalogue?.incident_types.find((type) => type.code === incident.type)?.agencies[0];
  return (command) => {
    switch (command.kind) {
      case "send":
        return () => {
          choose(command.incident.id);
          const what = t("dispatch.sent.names", {
            names: command.targets.map((one) => sign(one, names)).join(", "),
          });
          return dispatchNow(command.incident, ordersFor(command.targets, leadOf(command.incident)), what);
        };
      case "cancel":
        return () => {
          const { assignment, incident, reason } = command;
          if (reason) return verbs.cancel(assignment.id, { reason, rev: assignment.rev });
          choose(incident.id);
          chooseJob(assignment.id);
          askFor({ kind: "cancel", assignmentId: assignment.id });
        };
      case "cancel_incident":
        return () => {
          const { incident, reason } = command;
          if (reason) return verbs.cancelIncident(incident.id, { reason, rev: incident.rev });
          choose(incident.id);
          askFor({ kind: "cancel_incident" });
        };
      case "replace":
        return () => {
          const { assignment, incident, to, reason } = command;
          if (reason) return verbs.replace(assignment.id, to.id, { reason, rev: assignment.rev });
          choose(incident.id);
          askFor({ kind: "replace", assignmentId: assignment.id, unitId: to.id });
        };
      case "close":
        return () => {
          choose(command.incident.id);
          askFor({ kind: "close" });
        };
      case "open":
        return () => choose(command.incident.id);
      case "status":
        return () => setStatus(command.unit, command.status as UnitStatus | null);
      case "find":
        return () => usePalette.setState({ open: "find", words: command.words });
      default:
        return null;
    }
  };
}

function usePreview(): (command: Command) => React.ReactNode {
  const t = useT();
  const names = useNames();
  return (command) => {
    if (command.kind === "incomplete") {
      return (
        <span className="t2">{t(`dispatch.command.${command.say}` as TextKey, { word: command.word })}</span>
      );
    }
    if (command.kind === "find") return t("dispatch.command.find", { words: command.words });
    if (command.kind === "status") {
      return (
        <>
          <b>{command.unit.code}</b>{" "}
          {command.status ? t(`unit_status.${command.status}` as TextKey) : t("dispatch.command.statusNext")}
        </>
      );
    }
    const { incident } = command;
    const what = (
      <>
        <b>{names.number(incident)}</b> {names.type(incident)}
      </>
    );
    if (command.kind === "send") {
      return (
        <>
          {t("dispatch.command.send")} <b>{command.targets.map((one) => sign(one, names)).join(", ")}</b>{" "}
          {t("dispatch.command.to")} {what}
        </>
      );
    }
    const subject =
      command.kind === "cancel"
        ? (command.unit?.code ?? "")
        : command.kind === "replace"
          ? `${command.from.code} → ${command.to.code}`
          : "";
    const asks = "reason" in command && command.reason === null ? t("dispatch.command.reasonNext") : "";
    return (
      <>
        {t(`dispatch.command.${command.kind}` as TextKey)} <b>{subject}</b> {what}{" "}
        <span className="t2">{asks}</span>
      </>
    );
  };
}

/** The `/` line. What it understood stands beside it before Enter does anything. */
export function DispatchCommand({ chosen }: { chosen: Incident | null }) {
  const t = useT();
  const catalogue = useCatalogue();
  const run = useRun();
  const preview = usePreview();
  const parse = (line: string): Parsed => {
    const command = parseCommand(line, {
      tables: useRoom.getState().tables,
      reasons: catalogue?.cancel_reasons ?? [],
      statuses: catalogue?.unit_statuses ?? [],
      chosen,
    });
    return { preview: preview(command), run: run(command) };
  };
  return (
    <CommandLine
      parse={parse}
      grammar={t("dispatch.command.grammar")}
      example={t("dispatch.command.example")}
    />
  );
}
