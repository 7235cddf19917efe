/** What somebody has put into a control, without the event around it. */

/**
 * @param {(value: string) => unknown} take
 * @returns {(event: Event) => void}
 */
export function withValue(take) {
  return ({ currentTarget: control }) => {
    if (
      control instanceof HTMLInputElement ||
      control instanceof HTMLTextAreaElement ||
      control instanceof HTMLSelectElement
    ) {
      take(control.value);
    }
  };
}

/**
 * @param {(isOn: boolean) => unknown} take
 * @returns {(event: Event) => void}
 */
export function withTick(take) {
  return ({ currentTarget: control }) => {
    if (control instanceof HTMLInputElement) take(control.checked);
  };
}
