import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { implement } from "./example.ts";
import { createSubject, sh } from "./testing/subject.ts";

test("the README's example is the one that runs here", async () => {
  const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
  const example = (await read("example.ts")).replace("./index.ts", "@ws/workspace-service");
  expect(await read("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);

  await using s = await createSubject();
  const { url, apiUrl } = s.github;
  const repository = await s.repository({ private: true });
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const app = s.github.app({ publicKey });
  s.github.install(app.id, "org");
  const config = s.config({ github: { url, apiUrl }, githubApp: { appId: app.id, privateKey } });
  const made = await implement(
    repository.url,
    async ({ id }, service) => {
      await sh(service, id, "git commit -q --allow-empty -m 'Implement it'");
    },
    config,
  );
  expect(made).toBe(`${repository.url}/pull/1`);

  const failing = implement(
    repository.url,
    async ({ id }, service) => {
      await sh(service, id, "echo precious > precious.txt");
      throw new Error("the work failed");
    },
    config,
  );
  await expect(failing).rejects.toThrow("the work failed");
  const service = await s.service();
  const [kept] = service.getForExecution("exec-123");
  expect(await readFile(`${kept?.path}/precious.txt`, "utf8")).toBe("precious\n");
});
