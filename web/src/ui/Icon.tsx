import { ICONS, type IconName } from "./icons";

/** A mark that stands beside its word; screen readers skip it. */
export function Icon({ name, size }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={size ? { width: size, height: size } : undefined}
    >
      <path d={ICONS[name]} fillRule="evenodd" />
    </svg>
  );
}
