import { expect, test } from "vitest";
import { aWorkspace, refusal, show } from "../testing/show.tsx";

const repository = (fullName: string, description: string, isPrivate = false) => ({
  fullName,
  url: `https://github.test/${fullName}.git`,
  description,
  private: isPrivate,
  defaultBranch: "main",
  updated: "",
});

function aWorker(more: { configured?: boolean } = {}) {
  const asked: unknown[] = [];
  const made: unknown[] = [];
  const all = [repository("acme/app", "The shop", true), repository("acme/docs", "")];
  const client = {
    github: {
      async listRepos(input: { search?: string }) {
        asked.push(input.search);
        const { search = "" } = input;
        return {
          configured: more.configured ?? true,
          repos: all.filter(({ fullName }) => fullName.includes(search)),
          hasMore: false,
        };
      },
    },
    projects: {
      list: async () => ({
        projects: [
          { name: "tool", bareRepoDir: "/r" },
          { name: "known", url: "https://forge.test/a/known" },
        ],
        problems: [],
      }),
    },
    workspaces: {
      async create(input: { name: string }) {
        made.push(input);
        if (input.name === "taken") throw refusal("workspace_exists", "There is one already.", "Use another name.");
        return aWorkspace(input.name);
      },
    },
  };
  return { asked, made, client };
}

test("what the worker reaches and its projects are there to be chosen, and what is typed searches", async () => {
  const { client, asked } = aWorker();
  const screen = await show({ client });
  screen.press("n");
  const lines = (await screen.sees("acme/docs")).split("\n").slice(2, 10);
  expect(lines).toEqual([
    " Repository   type to search, or a URL such as https://host/owner/repo",
    "",
    "   REPOSITORY  ABOUT",
    " ▌ none        an empty home",
    "   tool        project, on the worker",
    "   known       project, a/known",
    "   acme/app    private, The shop",
    "   acme/docs   -",
  ]);
  await screen.type("doc");
  expect(await screen.sees("▌ acme/docs")).not.toContain("acme/app");
  expect(asked).toEqual([undefined, "doc"]);
  await screen.type("qk");
  expect(await screen.sees("Nothing that the worker reaches has 'docqk' in its name.")).toMatch(
    / Type a URL such as\s+https:\/\/host\/owner\/repo, or clear the line for an empty home\.\n/,
  );
});

test("what matches nothing says what else can be typed, also where no forge can be asked", async () => {
  const { client } = aWorker({ configured: false });
  const screen = await show({ client });
  screen.press("n");
  expect(await screen.sees("acme/docs")).not.toContain("Type a URL");
  await screen.type("zzz");
  expect(await screen.sees("has 'zzz' in its name.")).toMatch(
    / for an empty home\.\n The worker has no login at a forge/,
  );
  const listRepos = () => Promise.reject(refusal("forge_unreachable", "The forge does not answer."));
  const away = await show({ client: { ...client, github: { listRepos } } });
  away.press("n");
  await away.sees("The forge does not answer.");
  await away.type("zzz");
  expect(await away.sees(/Type a URL such as .*\n[^]*The forge does not answer\./)).not.toContain("Nothing that");
});

test("a URL is taken as it is typed, and a worker without a login says so", async () => {
  const { client } = aWorker({ configured: false });
  const screen = await show({ client });
  screen.press("n");
  await screen.sees("The worker has no login at a forge");
  await screen.type("https://forge.test/acme/My.App.git");
  await screen.sees(/▌ https:\/\/forge\.test\/acme\/My\.App\.git +as it is typed/);
  screen.press("RETURN");
  const form = await screen.sees("new workspace › acme/My.App");
  expect(form.split("\n").slice(2, 6)).toEqual([
    " Repository   https://forge.test/acme/My.App.git",
    " Name         my-app",
    " Branch       one of its own",
    " From         the repository's default branch",
  ]);
});

test("a URL that no worker clones from is refused where it is typed", async () => {
  const { client } = aWorker();
  const screen = await show({ client });
  screen.press("n");
  await screen.sees("acme/app");
  await screen.type("ftp://x");
  expect(await screen.sees("'ftp://' leads to no repository: a URL begins with https:// or ssh://.")).not.toContain(
    "▌",
  );
  screen.press("RETURN");
  expect(await screen.sees("desk › new workspace")).toContain("Repository   ftp://x");
});

test("it is made as the form says, and its page is shown", async () => {
  const { client, made } = aWorker();
  const screen = await show({ workspaces: [aWorkspace("app")], client });
  screen.press("n");
  await screen.sees("acme/app");
  await screen.type("app");
  await screen.sees("▌ acme/app");
  screen.press("RETURN");
  await screen.sees("Name         app-2");
  screen.press("TAB");
  await screen.type("fix");
  await screen.sees("Branch       fix");
  screen.press("RETURN");
  await expect
    .poll(() => made)
    .toEqual([
      {
        name: "app-2",
        wait: false,
        clone: "https://github.test/acme/app.git",
        branch: "fix",
        idempotencyKey: expect.any(String),
      },
    ]);
  screen.workspaces.set([aWorkspace("app-2", { status: "stopped" })]);
  await screen.sees("desk › app-2");
  screen.press("q");
  await screen.sees("▌ app-2");
});

test("what is refused leaves the form as it was", async () => {
  const { client } = aWorker();
  const screen = await show({ client });
  screen.press("n");
  await screen.sees("▌ none");
  screen.press("RETURN");
  await screen.sees("Name         demo");
  // In the place of the name that is proposed.
  await screen.type("taken");
  await screen.sees("Name         taken");
  screen.press("RETURN");
  expect(await screen.sees("There is one already. Use another name.")).toContain("Name         taken");
});
