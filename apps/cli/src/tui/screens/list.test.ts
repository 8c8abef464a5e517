import { describe, expect, test, vi } from "vitest";
import { aWorkspace, refusal, show } from "../testing/show.tsx";

const alpha = aWorkspace("alpha", { repo: "https://forge.test/acme/app.git", branch: "main" });
const beta = aWorkspace("beta", { status: "stopped" });
const gamma = aWorkspace("gamma", {
  status: "error",
  failure: { step: "clone", code: "repository_not_found", message: "No.", at: "" },
});
const three = [alpha, beta, gamma];

describe("the list", () => {
  test("has a row for each workspace, the columns that have something, and the keys that apply", async () => {
    const screen = await show({ workspaces: three });
    const frame = await screen.sees("gamma");
    expect(frame.split("\n").slice(0, 6)).toEqual([
      expect.stringMatching(/^ ws {2}desk {40,}1 of 3 running$/),
      "",
      "   NAME   STATUS                        REPOSITORY  BRANCH  USED",
      " ▌ alpha  running                       acme/app    main    now",
      "   beta   stopped                       -           -       now",
      "   gamma  error (repository_not_found)  -           -       now",
    ]);
    expect(frame).toMatch(/\n ↵ open {3}t terminal {3}x stop {3}d delete {3}n new {3}a tasks {3}\? help {3}q quit\n$/);
    screen.press("ARROW_DOWN");
    await screen.sees(/▌ beta[^]*\n ↵ open {3}s start {3}d delete/);
  });

  test("says what to do where there is nothing, and that it asks where nothing is known yet", async () => {
    expect(await (await show()).sees("No workspaces yet.")).toMatch(/yet\.\n\n Make one with n, or anywhere: ws start/);
    const asking = await show({ workspaces: undefined });
    await asking.sees("Asking the worker …");
    asking.workspaces.set(three);
    await asking.sees("▌ alpha");
  });

  test("follows what the worker tells, and stays with its row", async () => {
    const screen = await show({ workspaces: three });
    await screen.sees("▌ alpha");
    screen.press("j");
    await screen.sees("▌ beta");
    screen.workspaces.set([beta, gamma]);
    expect(await screen.sees("▌ beta")).not.toContain("alpha");
    screen.workspaces.set([gamma]);
    await screen.sees("▌ gamma");
  });

  test("tells what the running ones use, as it is told", async () => {
    const screen = await show({ workspaces: three });
    expect(await screen.sees("▌ alpha")).not.toContain("CPU");
    const at = "2026-11-22T12:00:00.000Z";
    screen.usage.set(new Map([["id-alpha", { id: "id-alpha", cpuPercent: 7.25, memoryBytes: 3_000_000, at }]]));
    const lines = (await screen.sees("CPU")).split("\n");
    expect(lines.slice(2, 5)).toEqual([
      expect.stringMatching(/^ {3}NAME {3}STATUS {2,}CPU {3}MEMORY {2}/),
      expect.stringMatching(/^ ▌ alpha {2}running {2,}7\.3 % {2}2\.9 MiB {2}/),
      expect.stringMatching(/^ {3}beta {3}stopped {2,}- {8}- {2}/),
    ]);
  });

  test("draws no more rows than there is room for, and comes to the last of 500", async () => {
    const many = Array.from({ length: 500 }, (_, index) => aWorkspace(`w${index}`));
    const screen = await show({ workspaces: many });
    expect(await screen.sees("▌ w0 ")).not.toContain("w25");
    screen.press("END");
    expect(await screen.sees("▌ w499")).not.toContain("w470 ");
    screen.press("g");
    await screen.sees("▌ w0 ");
    await screen.scroll("down");
    await screen.sees("▌ w3 ");
    screen.resize(200, 50);
    await screen.sees(/w40 /);
    await screen.click("w40 ");
    await screen.sees("▌ w40 ");
  });

  test("shows nothing of a name or a branch that a terminal would obey", async () => {
    const screen = await show({ workspaces: [aWorkspace("alpha", { branch: "a\u001b[2J\u001b]0;x\u0007b\nc" })] });
    expect(await screen.sees("alpha")).toMatch(/ab c/);
  });
});

describe("what ends something", () => {
  test("is asked about, and any other key than the one that is shown means no", async () => {
    const calls: unknown[] = [];
    const client = { workspaces: { stop: async (input: unknown) => void calls.push(input) } };
    const screen = await show({ workspaces: three, client });
    await screen.sees("▌ alpha");
    screen.press("x");
    await screen.sees(/Stop 'alpha'\? Its processes end.*\n y stop {3}any other no\n$/);
    screen.press("q");
    await screen.sees("? help");
    expect([calls, screen.left]).toEqual([[], []]);
    screen.press("x");
    await screen.sees("Stop 'alpha'?");
    screen.press("y");
    await expect.poll(() => calls).toEqual([{ name: "alpha", id: alpha.id }]);
  });

  test("is asked about with its keys also where there is hardly any room", async () => {
    const screen = await show({ workspaces: three, width: 20, height: 5 });
    await screen.sees("alpha");
    screen.press("d");
    expect(await screen.sees("Delete 'alpha'?")).toMatch(/\n y delete {3}any oth\n$/);
  });

  test("does not go on by the same key where work would be lost", async () => {
    const calls: unknown[] = [];
    const unpushed = refusal("unpushed_work", "'alpha' holds 2 commits that were not pushed.");
    const client = {
      workspaces: {
        delete: (input: { force?: true }) => {
          calls.push(input);
          return input.force === true ? Promise.resolve() : Promise.reject(unpushed);
        },
      },
    };
    const screen = await show({ workspaces: three, client });
    await screen.sees("▌ alpha");
    screen.press("d");
    await screen.sees("Delete 'alpha'? This removes for ever its home with");
    screen.press("y");
    await screen.sees(/holds 2 commits[^]*\n D delete it all the same/);
    screen.press("y");
    await screen.sees("? help");
    expect(calls).toEqual([{ name: "alpha", id: alpha.id }]);
    screen.press("d", "y");
    await screen.sees("D delete it all the same");
    screen.press("D");
    await expect.poll(() => calls.at(-1)).toEqual({ name: "alpha", id: alpha.id, force: true });
  });

  test("that is refused is told as a sentence with the next step, until the next key", async () => {
    const refused = refusal("operation_in_progress", "Another operation goes on.", "Wait for it.");
    const client = { workspaces: { start: () => Promise.reject(refused) } };
    const screen = await show({ workspaces: [beta], client });
    await screen.sees("▌ beta");
    screen.press("s");
    await screen.sees("Another operation goes on. Wait for it.");
    screen.press("?");
    expect(await screen.sees("On this screen")).not.toContain("Another");
  });
});

describe("a defect", () => {
  test("in what a key does ends everything, rather than nothing happening", async () => {
    const defect = new TypeError("no such thing");
    const client = {
      get workspaces() {
        throw defect;
      },
    };
    const screen = await show({ workspaces: [beta], client });
    await screen.sees("▌ beta");
    screen.press("s");
    expect(screen.crashes).toEqual([defect]);
  });

  test("in drawing ends everything, too", async () => {
    // React tells it there, too, where it is being developed with.
    using _told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const screen = await show({ workspaces: [{ ...alpha, name: undefined as unknown as string }] });
    await expect.poll(() => screen.frame().then(() => screen.crashes.length)).toBe(1);
    expect(await screen.frame()).toBe("\n".repeat(24));
  });
});

test("the help is made of the keys, scrolls where it is longer than the screen, and any other key leaves it", async () => {
  const screen = await show({ workspaces: three });
  await screen.sees("▌ alpha");
  screen.press("?");
  const help = await screen.sees("On this screen");
  expect(help).toContain("d     delete it with everything in it");
  expect(help).toContain("↑↓ scroll   esc back");
  screen.press(...Array<string>(20).fill("ARROW_DOWN"));
  await screen.sees("^Z    back to the shell until 'fg'");
  screen.press("x");
  expect(await screen.sees("▌ alpha")).not.toContain("Stop");
  screen.press("q", "ctrl-c", "ctrl-z");
  expect(screen.left).toEqual(["quit", "quit", "suspend"]);
});

test("esc leaves a screen for the one before, and never the first one, which q leaves", async () => {
  const client = { workspaces: { start: () => Promise.reject(refusal("busy", "Another operation goes on.")) } };
  const screen = await show({ workspaces: [beta, gamma], client });
  await screen.sees("▌ beta");
  screen.press("w");
  await screen.sees("desk › workers");
  screen.press("ESCAPE");
  await screen.sees("▌ beta");
  screen.press("s");
  await screen.sees("Another operation goes on.");
  screen.press("ESCAPE");
  // It is heard, as every key that ends what was said last.
  await screen.sees(/^(?![^]*Another)[^]*▌ beta/);
  expect(screen.left).toEqual([]);
  screen.press("?");
  await screen.sees("On this screen");
  screen.press(...Array<string>(20).fill("ARROW_DOWN"));
  expect(await screen.sees("^Z    back")).toMatch(
    / esc +one screen back\n +q +one screen back, too; on the first one leave\n/,
  );
  screen.press("x", "q");
  expect(screen.left).toEqual(["quit"]);
});

test("the screens say where there is no shell to go back to", async () => {
  const screen = await show({ workspaces: three, hasShell: false });
  await screen.sees("▌ alpha");
  screen.press("ctrl-z");
  expect(await screen.sees("There is no shell to go back to.")).toContain("▌ alpha");
});
