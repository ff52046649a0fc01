import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { outputs, ringOutput, setRingOutput } from "../seat/ring";

/** A second output for the ring, so that a headset on the table is not missed. Shown when there is one to choose. */
export function RingOutput() {
  const t = useT();
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const [chosen, setChosen] = useState(ringOutput);
  useEffect(() => {
    const read = () => void outputs().then(setDevices);
    read();
    navigator.mediaDevices?.addEventListener("devicechange", read);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", read);
  }, []);
  const named = devices.filter((device) => device.label);
  if (named.length === 0) return null;
  return (
    <label className="ring-output">
      <span className="label">{t("intake.gate.output")}</span>
      <select
        className="field"
        value={chosen}
        onChange={(event) => {
          setRingOutput(event.target.value);
          setChosen(event.target.value);
        }}
      >
        <option value="">{t("intake.gate.outputNone")}</option>
        {named.map((device) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label}
          </option>
        ))}
      </select>
    </label>
  );
}
