import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";

/** A browser as its push service and its worker see it: an address, keys, and what it makes of a message. */
export function createPushBrowser(endpoint: string) {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys();
  const auth = randomBytes(16);
  return {
    endpoint,
    keys: { p256dh: publicKey.toString("base64url"), auth: auth.toString("base64url") },
    /** What was sent, in the clear (RFC 8188 and 8291). Throws where it was not encrypted for this browser. */
    read(body: Uint8Array): unknown {
      const bytes = Buffer.from(body);
      const keyEnd = 21 + bytes.readUInt8(20);
      const salt = bytes.subarray(0, 16);
      const sender = bytes.subarray(21, keyEnd);
      const info = Buffer.concat([Buffer.from("WebPush: info\0"), publicKey, sender]);
      const secret = Buffer.from(hkdfSync("sha256", pair.computeSecret(sender), auth, info, 32));
      const derive = (name: string, length: number) =>
        Buffer.from(hkdfSync("sha256", secret, salt, `Content-Encoding: ${name}\0`, length));
      const cipher = createDecipheriv("aes-128-gcm", derive("aes128gcm", 16), derive("nonce", 12));
      cipher.setAuthTag(bytes.subarray(-16));
      const clear = Buffer.concat([cipher.update(bytes.subarray(keyEnd, -16)), cipher.final()]);
      // A delimiter and any padding end the record.
      return JSON.parse(clear.subarray(0, clear.lastIndexOf(2)).toString());
    },
  };
}

/** What a push service reads of who sends (RFC 8292). Throws where the signature is not the key's. */
export function readVapid(authorization: string): { key: string; claims: Record<string, unknown> } {
  const { t = "", k = "" } = Object.fromEntries(
    authorization
      .replace(/^vapid /, "")
      .split(",")
      .map((part) => part.trim().split("=", 2)),
  ) as Record<string, string>;
  const [header = "", claims = "", signature = ""] = t.split(".");
  const point = Buffer.from(k, "base64url");
  const key = createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
  const signed = Buffer.from(`${header}.${claims}`);
  const isGood = verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
  if (!isGood) throw new Error("The signature is not the key's.");
  return { key: k, claims: JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown> };
}
