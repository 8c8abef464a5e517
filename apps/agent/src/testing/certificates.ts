/** A certificate and its key, in PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
}

export interface TestAuthority extends TestCertificate {
  /** One that it signs, for a server (its host names and addresses) or a client. */
  issue(names: readonly string[], dates?: { notBefore: Date; notAfter: Date }): Promise<TestCertificate>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** An authority that nobody trusts who is not told to. */
export async function createAuthority(name: string): Promise<TestAuthority> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const own = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const subject = `CN=${name}`;
  const dates = { notBefore: new Date(Date.now() - 3_600_000), notAfter: new Date(Date.now() + 3_600_000) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: subject,
    ...dates,
    signingAlgorithm: ALGORITHM,
    keys: own,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    cert: root.toString("pem"),
    key: await exported(own.privateKey),
    async issue(names, within = dates) {
      const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: "02",
        subject: `CN=${names[0] ?? "client"}`,
        issuer: subject,
        ...within,
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: own.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ("ip" as const) : ("dns" as const), value })),
          ),
        ],
      });
      return { cert: certificate.toString("pem"), key: await exported(keys.privateKey) };
    },
  };
}

async function exported(key: CryptoKey): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}
