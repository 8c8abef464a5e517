/**
 * Puts a text on the clipboard; false where the browser does not let the page. Over plain http, where there is no clipboard
 * API, a selection of the page is copied instead, as the old command of documents does.
 */
export async function copyText(text: string): Promise<boolean> {
  // Absent outside a secure context, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) {
    try {
      await clipboard.writeText(text);
      return true;
    } catch {
      // Refused, by a policy or for want of a press: the selection may still be let.
    }
  }
  return copySelection(text);
}

function copySelection(text: string): boolean {
  const before = document.activeElement;
  // A dialog keeps the focus among its own; what is to be selected has to be one of them.
  const place = before?.closest("[role=dialog], [role=alertdialog], [role=menu]") ?? document.body;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.setAttribute("aria-hidden", "true");
  field.className = "fixed top-0 left-0 size-px opacity-0";
  place.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
}
