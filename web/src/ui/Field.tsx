import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Common = {
  /** Step of a form, as on the desk: "1". */
  step?: string;
  label: string;
  hideLabel?: boolean;
  /** What is wrong, with an example; yellow, never red. */
  wrong?: string | null;
};

function Head({ id, step, label, hideLabel }: Common & { id: string }) {
  return (
    <label
      htmlFor={id}
      className={hideLabel ? "visually-hidden" : "label"}
      style={hideLabel ? undefined : { marginBottom: 4 }}
    >
      {step && <b>{step}</b>}
      {label}
    </label>
  );
}

function Wrong({ id, wrong }: { id: string; wrong?: string | null }) {
  if (!wrong) return null;
  return (
    <p id={id} className="field-wrong">
      <Icon name="warning" size={14} />
      {wrong}
    </p>
  );
}

type TextProps = Common &
  InputHTMLAttributes<HTMLInputElement> & {
    icon?: IconName;
    hint?: ReactNode;
    inputRef?: Ref<HTMLInputElement>;
  };

export function TextField({ step, label, hideLabel, wrong, icon, hint, inputRef, ...input }: TextProps) {
  const id = useId();
  return (
    <div>
      <Head id={id} step={step} label={label} hideLabel={hideLabel} />
      <span className={`field${wrong ? " wrong" : ""}`}>
        {icon && <Icon name={icon} />}
        <input
          id={id}
          ref={inputRef}
          aria-invalid={Boolean(wrong)}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          autoComplete="off"
          {...input}
        />
        {hint && <span className="field-hint">{hint}</span>}
      </span>
      <Wrong id={`${id}-wrong`} wrong={wrong} />
    </div>
  );
}

type AreaProps = Common &
  TextareaHTMLAttributes<HTMLTextAreaElement> & {
    areaRef?: Ref<HTMLTextAreaElement>;
    /** Stands right of the label. */
    aside?: ReactNode;
  };

export function AreaField({ step, label, hideLabel, wrong, areaRef, aside, ...area }: AreaProps) {
  const id = useId();
  return (
    <div className="col grow">
      {aside ? (
        <div className="field-head">
          <Head id={id} step={step} label={label} hideLabel={hideLabel} />
          {aside}
        </div>
      ) : (
        <Head id={id} step={step} label={label} hideLabel={hideLabel} />
      )}
      <textarea
        id={id}
        ref={areaRef}
        className={`field${wrong ? " wrong" : ""}`}
        aria-invalid={Boolean(wrong)}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        {...area}
      />
      <Wrong id={`${id}-wrong`} wrong={wrong} />
    </div>
  );
}
