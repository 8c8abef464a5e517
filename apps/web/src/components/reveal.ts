/** For what is told at the end of a form that may be taller than the window. */
export function reveal(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}
