import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { secret } from "../testing/with-config.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { restoreBackup, writeBackup } from "./index.ts";
import { NOW, worker } from "./testing/worker-directory.ts";

/** As cheap to try as it can be: the tests do not measure it. */
const passphrase = { text: secret(), workFactor: 1 };

/** A worker, and a backup with its secrets. */
async function closed() {
  const { configDir, file, canary } = await worker();
  mkdirSync(join(configDir, "tls"), { recursive: true });
  const key = `key ${secret()}`;
  writeFileSync(join(configDir, "tls", "worker.key"), key, { mode: 0o600 });
  const whole = `${file}.secrets`;
  await writeBackup(configDir, whole, { now: NOW, passphrase });
  return { configDir, plain: file, whole, canary, key };
}

test("a backup with secrets brings them back with their passphrase, and shows none without it (stolen backup)", async () => {
  const { configDir, whole, canary, key } = await closed();
  const content = zstdDecompressSync(readFileSync(whole));
  expect(content.includes("secrets.age")).toBe(true);
  for (const form of [canary, key, Buffer.from(canary).toString("base64").slice(0, -4), passphrase.text]) {
    expect(content.includes(form)).toBe(false);
  }
  rmSync(configDir, { recursive: true });
  expect(await restoreBackup(configDir, whole, { now: NOW, passphrase })).toMatchObject({
    secrets: "restored",
    missing: [],
  });
  expect(readFileSync(join(configDir, "tls", "worker.key"), "utf8")).toBe(key);
  expect(statSync(join(configDir, "secrets.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(configDir)).not.toContain("secrets.age");
  await using agent = await startTestAgent({ configDirectory: configDir });
  expect(JSON.stringify(await agent.local.config.credentials.get())).toContain("TOKEN");
  expect(readFileSync(join(configDir, "secrets.json"), "utf8")).toContain(canary);
});

test("a wrong passphrase, and secrets that are asked of a backup without any, are refused, and nothing is changed", async () => {
  const { configDir, plain, whole } = await closed();
  const files = () => readdirSync(configDir).map((name) => [name, statSync(join(configDir, name)).ino]);
  const before = files();
  await expect(
    restoreBackup(configDir, whole, { now: NOW, passphrase: { text: `${passphrase.text}x` } }),
  ).rejects.toMatchObject({ code: "passphrase_wrong", next: expect.stringContaining("Nothing was changed") });
  await expect(restoreBackup(configDir, plain, { now: NOW, passphrase })).rejects.toMatchObject({
    code: "invalid_input",
  });
  expect(files()).toEqual(before);
});

test("without a passphrase a backup with secrets is restored without them, which is told, and those that are here stay", async () => {
  const { configDir, whole, canary } = await closed();
  expect(await restoreBackup(configDir, whole, { now: NOW })).toMatchObject({ secrets: "left", missing: [] });
  expect(existsSync(join(configDir, "secrets.age"))).toBe(false);
  expect(readFileSync(join(configDir, "secrets.json"), "utf8")).toContain(canary);
});

test("secrets that are restored take the place of those that are here, which are kept with the rest", async () => {
  const { configDir, whole, key } = await closed();
  writeFileSync(join(configDir, "tls", "worker.key"), "another");
  const { before = "" } = await restoreBackup(configDir, whole, { now: NOW, passphrase });
  expect(readFileSync(join(configDir, "tls", "worker.key"), "utf8")).toBe(key);
  expect(readFileSync(join(before, "tls", "worker.key"), "utf8")).toBe("another");
});

test("what else lies beside the worker's keys stays where it is: this device's SSH key, and a certificate of a person's own", async () => {
  const { configDir, whole } = await closed();
  mkdirSync(join(configDir, "ssh"), { recursive: true });
  const own = [join(configDir, "ssh", "id_ed25519"), join(configDir, "tls", "mine.pem")];
  for (const path of own) writeFileSync(path, "mine", { mode: 0o600 });
  const { before = "" } = await restoreBackup(configDir, whole, { now: NOW, passphrase });
  for (const path of own) expect(readFileSync(path, "utf8")).toBe("mine");
  expect(readdirSync(join(before, "tls"))).toEqual(["worker.key"]);
});

test("a key that the backup lacks is no longer there afterwards, and what it has no secrets for is named", async () => {
  const { configDir, whole } = await closed();
  const bare = `${whole}.bare`;
  const away = join(configDir, "..", "away.json");
  renameSync(join(configDir, "secrets.json"), away);
  await writeBackup(configDir, bare, { now: NOW, passphrase });
  renameSync(away, join(configDir, "secrets.json"));
  mkdirSync(join(configDir, "ssh"), { recursive: true });
  writeFileSync(join(configDir, "ssh", "host_key"), "of this machine", { mode: 0o600 });
  const { before = "", ...restored } = await restoreBackup(configDir, bare, { now: NOW, passphrase });
  expect(restored).toMatchObject({ secrets: "restored", missing: ["env.TOKEN", "hub.token"] });
  for (const name of ["secrets.json", "ssh/host_key"]) {
    expect([name, existsSync(join(configDir, name))]).toEqual([name, false]);
    expect([name, existsSync(join(before, name))]).toEqual([name, true]);
  }
});

test("a passphrase that would be found by trying is refused before anything is written", async () => {
  const { configDir, file } = await worker();
  const weak = writeBackup(configDir, `${file}2`, { now: NOW, passphrase: { text: "short" } });
  await expect(weak).rejects.toMatchObject({ code: "invalid_input", data: { field: "passphrase" } });
  expect(existsSync(`${file}2`)).toBe(false);
});
