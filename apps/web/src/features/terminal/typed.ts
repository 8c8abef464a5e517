/** What xterm reports as typed: text as UTF-8, mouse reports and the like byte by byte. */
export const encodeText = (data: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(data);
export const encodeBinary = (data: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff);
