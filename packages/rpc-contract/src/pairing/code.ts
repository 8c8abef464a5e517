/** Without letters and digits that are taken for one another: 0 and O, 1 and I and L. */
export const CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
export const CODE_LENGTH = 8;

/** A pairing code as it is compared, of what a person typed or a link has; undefined of what cannot be one. */
export function parsePairingCode(text: string): string | undefined {
  const code = text.replaceAll(/[\s-]/g, "").toUpperCase();
  return new RegExp(`^[${CODE_ALPHABET}]{${CODE_LENGTH}}$`).test(code) ? code : undefined;
}

/** `K7QM-4XTR`: as it is read aloud and typed. */
export function showPairingCode(code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`;
}

/** The code in a location's fragment, `#pair=…`. */
export function pairingCodeInFragment(hash: string): string | undefined {
  return parsePairingCode(new URLSearchParams(hash.replace(/^#/, "")).get("pair") ?? "");
}
