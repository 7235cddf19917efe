/** As much of htm/preact/standalone as the operator's page uses. */

export type VNode = object;

/** What a part of the page may hold. */
export type Child = VNode | string | number | boolean | null | undefined | Child[];

export interface Ref<T> {
  current: T | null;
}

export interface Context<T> {
  Provider: (props: { value: T; children?: Child }) => VNode;
}

/** What a hole of a template may hold; a function is a component, or hears of an event. */
export type Hole = ((...values: any[]) => unknown) | object | Child;

export function html(strings: TemplateStringsArray, ...values: Hole[]): VNode;
export function render(node: VNode, parent: Element): void;
export function createContext<T>(initial: T): Context<T>;
export function useContext<T>(context: Context<T>): T;
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((old: T) => T)) => void];
export function useEffect(effect: () => void | (() => void), inputs?: readonly unknown[]): void;
export function useLayoutEffect(
  effect: () => void | (() => void),
  inputs?: readonly unknown[],
): void;
export function useRef<T>(initial: T | null): Ref<T>;
export function useMemo<T>(make: () => T, inputs: readonly unknown[]): T;
