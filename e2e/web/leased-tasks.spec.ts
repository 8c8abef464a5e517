import { passes } from "./axe.ts";
import { expect, newName, test } from "./fixtures.ts";
import { queue, taskPlace, tasksOf } from "./tasks.ts";

test("a task that takes a workspace of its own is shown with what that is made of while it has none, and after it was cancelled", async ({
  signedIn: page,
  agent,
}) => {
  const name = await taskPlace(agent);
  const project = newName("own");
  await agent.client.projects.init({ name: project });
  const reference = `#git:${project}`;
  const busy = await queue(agent, name, "# before", "sleep 600");
  await agent.client.tasks.createLeased({
    reference,
    title: "takes its own",
    dependsOn: [busy],
    spec: { kind: "command", command: "true" },
  });
  await page.goto(`${agent.url}/tasks`);
  const { row, section, line } = tasksOf(page);
  await expect(row("takes its own")).toContainText("Begins after “# before”.");
  await expect(row("takes its own")).toContainText(reference);
  await line("takes its own").click();
  await expect(row("takes its own")).toContainText(`Own workspace of${reference}`);
  await passes(page);
  await agent.client.tasks.cancel({ task: busy });
  await expect(section("Finished")).toContainText("takes its own");
  await expect(row("takes its own").getByRole("button", { name: "Try again" })).toBeEnabled();
  await expect(row("takes its own")).toContainText(reference);
  expect(await agent.client.leases.list()).toEqual([]);
});
