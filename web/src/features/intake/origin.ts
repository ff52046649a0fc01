/** Where a call came in, in words: the trunk's own name, but never a protocol's. Pure. */
import type { useT } from "@/i18n";
import type { CallOffer } from "./seat/protocol";

/** The emergency service as phones dial it without digits (RFC 5031). */
const SOS = /^urn:service:sos/i;

export function originOf(call: CallOffer, t: ReturnType<typeof useT>): string {
  const trunk = call.trunk === "loopback" ? t("intake.ring.localTrunk") : call.trunk;
  const dialed = SOS.test(call.dialed_number ?? "") ? t("intake.ring.sos") : call.dialed_number;
  return [trunk, dialed].filter(Boolean).join(" · ") || "–";
}
