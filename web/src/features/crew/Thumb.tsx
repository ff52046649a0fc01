import type { ReactNode } from "react";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { isSecondTap } from "./doubleTap";

type Props = { icon?: IconName; children: ReactNode; onPress: () => void; second?: boolean };

/** The button that one thumb finds without looking: 96 px high, the same place in every state. */
export function ThumbButton({ icon, children, onPress, second }: Props) {
  return (
    <button
      type="button"
      className={second ? "thumb second" : "thumb"}
      onClick={() => {
        if (!isSecondTap()) onPress();
      }}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
