import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { p95AtMost } from "../bars.ts";
import { interleave, timed } from "../harness.ts";
import type { Row } from "../row.ts";
import { settled } from "../worker/settled.ts";
import { adopt } from "../adopt.ts";

const COUNT = 500;

/** `workspaces.list` of a worker with five hundred, from the request to the last byte of the answer. */
export const list500: Row = {
  name: "list-500",
  title: "list 500 workspaces",
  async measure({ workers, peers, signal, cleanup }) {
    await peers.engine.require();
    const worker = await adopt(cleanup, workers.start({ environment: { WS_RUNTIME: "docker" } }));
    await worker.create("bench-1");
    await worker.client.workspaces.stop({ name: "bench-1" }, { signal });
    await worker.restart(() => multiply(join(worker.configDirectory, "state.db"), "bench-1"));
    // Every record is compared with the engine at the start; that is not what is measured.
    await settled(worker.agent.pid, signal);
    const headers = { authorization: `Bearer ${worker.token}`, "content-type": "application/json" };
    const { ours } = await interleave({
      async ours() {
        let answer = "";
        const ms = await timed(async () => {
          const call = { method: "POST", headers, body: "{}", signal };
          answer = await (await fetch(`${worker.url}/rpc/workspaces/list`, call)).text();
        });
        const { length } = (JSON.parse(answer) as { json: unknown[] }).json;
        if (length !== COUNT) throw new Error(`${length} workspaces were listed.`);
        return ms;
      },
      rounds: 100,
      warmups: 10,
      signal,
    });
    return { unit: "ms", ours, bar: p95AtMost(20, "ms") };
  },
};

/** Five hundred real ones would take minutes and measure the same: the list comes from the store. */
function multiply(path: string, name: string): void {
  const db = new DatabaseSync(path);
  const row = db.prepare("SELECT id, record FROM workspaces WHERE name = ?").get(name) as {
    id: string;
    record: string;
  };
  const insert = db.prepare(`
    INSERT INTO workspaces (id, name, live, created_at, updated_at, record)
    SELECT :id, :name, live, created_at, updated_at, :record FROM workspaces WHERE id = :source`);
  db.exec("BEGIN");
  for (let number = 2; number <= COUNT; number += 1) {
    const [id, copy] = [`${row.id.slice(0, -4)}${String(number).padStart(4, "0")}`, `bench-${number}`];
    const record = JSON.stringify({ ...(JSON.parse(row.record) as object), id, name: copy, request: undefined });
    insert.run({ id, name: copy, record, source: row.id });
  }
  db.exec("COMMIT");
  db.close();
}
