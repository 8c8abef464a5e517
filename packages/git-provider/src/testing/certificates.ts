import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificates {
  ca: string;
  caFile: string;
  cert: string;
  key: string;
}

const SERVER_EXTENSIONS = `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=`;

/** A private certificate authority and a server certificate for loopback and the given hosts, made in a directory. */
export async function makeCertificates(directory: string, hosts: readonly string[]): Promise<Certificates> {
  const openssl = (line: string, ...rest: string[]) =>
    promisify(execFile)("openssl", [...line.split(" "), ...rest], { cwd: directory });
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout";
  const authority = ["-subj", "/CN=Workspace test authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  await openssl(`req -x509 ${key} ca.key -out ca.pem -days 2`, ...authority);
  await openssl(`req -new ${key} server.key -out server.csr -subj /CN=localhost`);
  const names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1", ...hosts.map((host) => `DNS:${host}`)];
  await writeFile(join(directory, "server.ext"), `${SERVER_EXTENSIONS}${names.join(",")}\n`);
  const signing = "-CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext";
  await openssl(`x509 -req -in server.csr ${signing} -out server.pem`);
  const read = (name: string) => readFile(join(directory, name), "utf8");
  const [ca, cert, serverKey] = await Promise.all([read("ca.pem"), read("server.pem"), read("server.key")]);
  return { ca, caFile: join(directory, "ca.pem"), cert, key: serverKey };
}
