import { createECDH } from "node:crypto";

/** By which push services know who sends (RFC 8292): a pair on P-256, in base64url. */
export interface VapidKeys {
  publicKey: string;
  privateKey: string;
}

export function makeVapidKeys(): VapidKeys {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys("base64url");
  // Without its leading zeros it would be too short for some.
  const privateKey = pair.getPrivateKey().toString("hex").padStart(64, "0");
  return { publicKey, privateKey: Buffer.from(privateKey, "hex").toString("base64url") };
}
