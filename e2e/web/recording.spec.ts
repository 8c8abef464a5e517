import { readFile } from "node:fs/promises";
import { passes } from "./axe.ts";
import { expect, newName, test } from "./fixtures.ts";
import { terminalOf } from "./terminal.ts";

for (const [device, viewport] of [
  ["a desktop", { width: 1200, height: 700 }],
  ["a phone", { width: 375, height: 700 }],
] as const) {
  test(`a terminal is recorded on ${device}, also while the page is away, and saved`, async ({
    signedIn: page,
    agent,
  }) => {
    const name = newName("recorded");
    await agent.client.workspaces.create({ name });
    await page.setViewportSize(viewport);
    await page.goto(`${agent.url}/w/${name}`);
    const terminal = terminalOf(page);
    await terminal.attached();
    await terminal.run("echo ear''lier");
    await terminal.shows("earlier");
    await page.getByRole("button", { name: "Record", exact: true }).click();
    const stop = page.getByRole("button", { name: "Stop recording" });
    await expect(stop).toBeVisible();
    await passes(page);
    await terminal.run("echo du''ring; read; echo aw''ay");
    await terminal.shows("during");
    await terminal.run("");
    await page.goto("about:blank");
    await page.goto(`${agent.url}/w/${name}`);
    await terminal.shows("away");
    const saving = page.waitForEvent("download");
    await stop.click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe(`${name}-main.cast`);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ version: 2 });
    const shown = lines.slice(1).map((line) => JSON.parse(line) as [number, string, string]);
    const text = shown.map(([, kind, printed]) => (kind === "o" ? printed : "")).join("");
    expect(text).toMatch(/[\r\n]during\r\n/);
    expect(text).toMatch(/[\r\n]away\r\n/);
    expect(text).not.toMatch(/[\r\n]earlier/);
    expect(shown.every(([at], index) => at >= (shown[index - 1]?.[0] ?? 0))).toBe(true);
    await expect(page.getByRole("button", { name: "Record", exact: true })).toBeVisible();
  });
}
