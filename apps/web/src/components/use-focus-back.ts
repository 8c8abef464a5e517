import { useState } from "react";

/** For `onCloseAutoFocus` of what keys open: a dialog gives the focus back to its button, and has none. */
export function useFocusBack(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    if (before instanceof HTMLElement) before.focus();
  };
}
