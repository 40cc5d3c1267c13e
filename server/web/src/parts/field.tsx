import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

type Common = { readonly label: string; readonly name: string };

/** One labelled input of a form; read by name when the form is sent. */
export function Field(
  props: Common & {
    readonly type?: 'text' | 'password' | 'number';
    readonly value?: string;
    readonly min?: number;
    readonly max?: number;
    readonly required?: boolean;
    readonly autocomplete?: string;
    readonly help?: string;
  },
): JSX.Element {
  const id = useId();
  const common = {
    id,
    name: props.name,
    defaultValue: props.value,
    required: props.required === true,
    autocomplete: props.autocomplete ?? 'off',
  };
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.type === 'number' && (
        <input {...common} type="number" min={props.min} max={props.max} step={1} inputMode="numeric" />
      )}
      {props.type === 'password' && <input {...common} type="password" maxLength={200} />}
      {(props.type ?? 'text') === 'text' && <input {...common} type="text" maxLength={200} />}
      {props.help !== undefined && <p class="soft small">{props.help}</p>}
    </div>
  );
}

export function Choice(
  props: Common & {
    readonly value: string;
    readonly options: readonly { readonly value: string; readonly label: string }[];
    readonly onChange?: (value: string) => void;
  },
): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select
        id={id}
        name={props.name}
        value={props.value}
        onChange={(event) => {
          props.onChange?.(event.currentTarget.value);
        }}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === props.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The text of one named field of a sent form. */
export function fieldText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
