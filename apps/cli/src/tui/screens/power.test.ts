import { expect, test } from "vitest";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { aWorkspace, refusal, show } from "../testing/show.tsx";

const alpha = aWorkspace("alpha");
const beta = aWorkspace("beta");

interface Asked {
  name: string;
  id: string;
  force?: true;
}

/** A worker whose answers to a delete, which it refuses, come when they are let. */
function aSlowWorker(all: readonly WorkspaceInfo[] = [alpha, beta]) {
  const deleted: Asked[] = [];
  const refusals: PromiseWithResolvers<never>[] = [];
  const named = new Map(all.map((one) => [one.name, one]));
  const refuseOther = ({ name, id }: Asked): void => {
    const now = named.get(name);
    if (now === undefined) throw refusal("workspace_not_found", `There is no '${name}'.`);
    if (now.id !== id) throw refusal("workspace_mismatch", `'${name}' is another workspace now.`);
  };
  const client = {
    workspaces: {
      async delete(input: Asked) {
        refuseOther(input);
        deleted.push(input);
        if (input.force === true) return undefined;
        const answer = Promise.withResolvers<never>();
        refusals.push(answer);
        return answer.promise;
      },
      async stop(input: Asked) {
        refuseOther(input);
        deleted.push(input);
      },
    },
    github: { listRepos: async () => ({ configured: true, repos: [] }) },
    projects: { list: async () => ({ projects: [] }) },
    terminals: { list: async () => [] },
  };
  const refuse = (at: number): void =>
    refusals[at]?.reject(refusal("unpushed_work", `'${deleted[at]?.name}' holds a commit that was not pushed.`));
  return { client, deleted, named, refuse, workspaces: all };
}

/** The list, on which a delete was agreed to that the worker has not answered. */
async function deletingAlpha() {
  const { deleted, named, refuse, ...worker } = aSlowWorker();
  const screen = await show(worker);
  await screen.sees("▌ alpha");
  screen.press("d");
  await screen.sees("y delete");
  screen.press("y");
  await expect.poll(() => deleted.length).toBe(1);
  return { screen, deleted, named, refuse };
}

test("A question that comes late is not asked over a field that has the keys", async () => {
  const { screen, deleted, refuse } = await deletingAlpha();
  screen.press("n");
  await screen.sees("Repository");
  await screen.type("see ");
  refuse(0);
  await screen.sees("It is kept; to delete it all the");
  await screen.type("Docs");
  await screen.sees("see Docs");
  expect(deleted).toEqual([{ name: "alpha", id: alpha.id }]);
});

test("A question that comes late replaces no other, and is told after it", async () => {
  const { screen, deleted, refuse } = await deletingAlpha();
  screen.press("ARROW_DOWN");
  await screen.sees("▌ beta");
  screen.press("d");
  await screen.sees("Delete 'beta'?");
  refuse(0);
  await expect.poll(() => screen.underWay.size).toBe(0);
  expect(await screen.sees("Delete 'beta'?")).not.toContain("holds a commit");
  screen.press("n");
  await screen.sees("'alpha' holds a commit that was not pushed. It is kept");
  screen.press("D");
  expect(deleted).toEqual([{ name: "alpha", id: alpha.id }]);
});

test("Nothing is done to another workspace that has the name by now, nor where none has it", async () => {
  const { deleted, named, ...worker } = aSlowWorker();
  const screen = await show(worker);
  await screen.sees("▌ alpha");
  for (const [key, ask, choice] of [
    ["d", "y delete", "y"],
    ["x", "y stop", "y"],
  ] as const) {
    named.set("alpha", aWorkspace("alpha", { id: "another" }));
    screen.press(key);
    await screen.sees(ask);
    screen.press(choice);
    await screen.sees("'alpha' is another workspace now");
    named.delete("alpha");
    screen.press(key);
    await screen.sees(ask);
    screen.press(choice);
    await screen.sees("There is no 'alpha'.");
  }
  expect(deleted).toEqual([]);
});

test("Work of another workspace is not destroyed where the name changed hands between the two questions", async () => {
  const { screen, deleted, named, refuse } = await deletingAlpha();
  refuse(0);
  await screen.sees("D delete it all the same");
  named.set("alpha", aWorkspace("alpha", { id: "another" }));
  screen.press("D");
  await screen.sees("'alpha' is another workspace now");
  expect(deleted).toEqual([{ name: "alpha", id: alpha.id }]);
});

test("What the worker still does is known until it has answered", async () => {
  const { screen, refuse } = await deletingAlpha();
  expect([...screen.underWay]).toEqual(["alpha"]);
  refuse(0);
  await screen.sees("D delete it all the same");
  expect([...screen.underWay]).toEqual([]);
});
