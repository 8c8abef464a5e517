import { isIP } from "node:net";

/** Nobody outside can look these up (RFC 2606, 6761, 6762, 8375, and what routers call their own). */
const PRIVATE = /(?:^|\.)(?:localhost|local|lan|home|internal|intranet|private|test|example|invalid|home\.arpa)$/i;
/** Where no better one is known. It is nobody's, which not every push service takes. */
const NOBODY = "mailto:workspace@example.com";

/**
 * Where push services may write to about this sender (RFC 8292, section 2.1): what was chosen, or the dashboard's own https address
 * that the browser came by. Apple's service refuses all messages of one whose contact is on a name that is none of the internet's.
 */
export function contactOf({ chosen, host }: { chosen: string; host: string }): string {
  if (chosen !== "") return chosen;
  const name = host.replace(/:\d+$/, "");
  // Browsers let a page be told of things only where it came by https, or from their own machine.
  const isPublic = name.includes(".") && !PRIVATE.test(name) && isIP(name.replace(/^\[|\]$/g, "")) === 0;
  return isPublic ? `https://${host}` : NOBODY;
}
