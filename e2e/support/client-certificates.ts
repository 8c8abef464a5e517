import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Paths of PEM files: an authority, and a client's certificate that it signed, with its key. */
export interface ClientCertificate {
  authority: string;
  cert: string;
  key: string;
}

const KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout";

/** Each directory has an authority of its own, which all are called alike. */
export async function makeClientCertificate(directory: string): Promise<ClientCertificate> {
  await mkdir(directory, { recursive: true });
  const openssl = (line: string): Promise<unknown> =>
    promisify(execFile)("openssl", line.split(" "), { cwd: directory });
  await openssl(`req -x509 ${KEY} ca.key -out ca.pem -days 2 -subj /CN=clients`);
  await openssl(`req -new ${KEY} client.key -out client.csr -subj /CN=laptop`);
  await openssl("x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out client.pem");
  const path = (name: string): string => join(directory, name);
  return { authority: path("ca.pem"), cert: path("client.pem"), key: path("client.key") };
}
