const TAKES_LETTERS =
  "input, textarea, select, [contenteditable], [role=textbox], [role=combobox], [role=listbox], [role=tree], [role=dialog], [role=alertdialog], [role=menu], .xterm";

/** In a field, a terminal, a dialog or a menu a letter belongs to that. */
export function takesLetters(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKES_LETTERS) !== null;
}

export function isInTerminal(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".xterm") !== null;
}

/**
 * The palette's own keys. Ctrl-K belongs to a shell where one has the focus, and on a Mac to every field; Cmd-K to neither. With
 * Shift they belong to an editor, where that has it.
 */
export function opensPalette(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">,
  where: { mac: boolean; terminal: boolean },
): boolean {
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  const key = event.key.toLowerCase();
  if (altKey || (key !== "k" && key !== "p")) return false;
  if (where.mac && metaKey && !ctrlKey) return key === "k" && !shiftKey;
  if (!ctrlKey || metaKey) return false;
  if (where.terminal) return shiftKey;
  return key === "k" && !shiftKey && !where.mac;
}

export function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
