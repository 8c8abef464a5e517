import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createRedactor } from "../log/redact.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { checkIntegrity, openDatabase } from "./database.ts";
import { createSeal } from "./seal.ts";
import { createWorkspaceStore } from "./workspace-store.ts";

const rounds = process.env["WS_SOAK"] === undefined ? 20 : 200;

/** Kills a writer after it has said so many numbers; resolves to the last number it said. */
async function killAfter(directory: string, round: number, numbers: number): Promise<number> {
  const program = fileURLToPath(new URL("../testing/store-writer.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", program, directory, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split("\n").length > numbers) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  // A number that was cut off was not said.
  return Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1));
}

test(
  `SIGKILL in the middle of writing loses nothing that was acknowledged, ${rounds} times over`,
  { timeout: rounds * 5_000 },
  async () => {
    using directory = tempDir();
    let acknowledged = 0;
    for (let round = 0; round < rounds; round += 1) {
      const last = await killAfter(directory.path, round, 1 + ((round * 37) % 150));
      const db = openDatabase(join(directory.path, "state.db"), createSilentLog());
      const seal = createSeal(() => randomBytes(32));
      const store = createWorkspaceStore(db, { redactor: createRedactor(), log: createSilentLog(), seal });
      expect(checkIntegrity(db, "full")).toEqual([]);
      for (let count = 0; count <= last; count += 1) {
        expect(store.get(`ws-${round}-${count}`)?.phase).toBe("ready");
        expect(store.readLog(`ws-${round}-${count}`)).toHaveLength(1);
      }
      acknowledged += last + 1;
      db.close();
    }
    expect(acknowledged).toBeGreaterThan(rounds * 10);
  },
);
