/** What a key of the touch bar sends. */
export const touchKeys = [
  { label: "Esc", data: "\u001b" },
  { label: "Tab", data: "\t" },
  { label: "Ctrl", data: "ctrl" },
  { label: "↑", data: "\u001b[A", name: "Up" },
  { label: "↓", data: "\u001b[B", name: "Down" },
  { label: "←", data: "\u001b[D", name: "Left" },
  { label: "→", data: "\u001b[C", name: "Right" },
] as const;

/** A letter typed while Ctrl is held on the touch bar, as the control character it means. */
export function withCtrl(data: string): string {
  if (data.length !== 1) return data;
  const code = data.toUpperCase().charCodeAt(0);
  return code >= 64 && code <= 95 ? String.fromCharCode(code - 64) : data;
}

/** What xterm reports as typed: text as UTF-8, mouse reports and the like byte by byte. */
export const encodeText = (data: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(data);
export const encodeBinary = (data: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff);
