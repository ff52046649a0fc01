import { useCatalogue, useNamed } from "@/api/catalogue";
import type { IntakeChannel } from "@/api/intake";
import { useT } from "@/i18n";

/** How a report without a call reaches the room, the likely ones first; codes of the catalogue. */
const OFFERED: IntakeChannel[] = ["radio", "walk_in", "other_line", "message", "field", "transfer_in"];

export function ChannelPicker({
  channel,
  onChange,
}: {
  channel: IntakeChannel;
  onChange: (channel: IntakeChannel) => void;
}) {
  const t = useT();
  const catalogue = useCatalogue();
  const named = useNamed();
  return (
    <div>
      <span className="label">{t("intake.form.channel")}</span>
      <div className="chips">
        {OFFERED.map((code) => (
          <button
            key={code}
            type="button"
            className="chip"
            aria-pressed={code === channel}
            onClick={() => onChange(code)}
          >
            {named(catalogue?.intake_channels, code)}
          </button>
        ))}
      </div>
    </div>
  );
}
