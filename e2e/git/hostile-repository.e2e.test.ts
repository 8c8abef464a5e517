import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import { startGitServer, type ServedRepository } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { ADA } from "../support/forge.ts";
import { shareAgent } from "../support/share-agent.ts";

/** A file that exists on the worker only if something of the workspace's was run there. */
const CANARY = `/tmp/ws-canary-${randomBytes(8).toString("hex")}`;
const TOUCH = `touch ${CANARY}`;

let agent: AgentProcess;
let repository: ServedRepository;

shareAgent(async (parts) => {
  const server = parts.use(await startGitServer());
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", WS_GIT_CA: server.caFile, ...ADA } }));
  repository = await server.create("acme/hostile", {
    files: {
      "README.md": "hello\n",
      ".gitattributes": "* filter=evil diff=evil merge=evil\n",
      ".gitmodules": `[submodule "evil"]\n\tpath = evil\n\turl = ext::sh -c ${TOUCH}\n\tupdate = !${TOUCH}\n`,
      // A bare repository inside the tree, which git takes for one when it is looked into.
      "inner/HEAD": "ref: refs/heads/main\n",
      "inner/config": `[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = "${TOUCH}; false"\n\tworktree = ..\n`,
      "inner/objects/keep": "",
      "inner/refs/heads/keep": "",
      "inner/hooks/post-checkout": `#!/bin/sh\n${TOUCH}\n`,
    },
  });
  return agent;
});

const onWorker = (): Promise<boolean> =>
  access(CANARY).then(
    () => true,
    () => false,
  );
const sh = (command: string) => agent.client.workspaces.exec({ name: "demo", command });

/** Every key by which a repository's own configuration has git run something. */
const KEYS: readonly [string, string][] = [
  ["core.fsmonitor", `${TOUCH}; false`],
  ["core.sshCommand", TOUCH],
  ["core.gitProxy", TOUCH],
  ["core.editor", TOUCH],
  ["core.pager", TOUCH],
  ["core.askPass", TOUCH],
  ["core.alternateRefsCommand", TOUCH],
  ["core.attributesFile", "/home/workspace/attributes"],
  ["filter.evil.clean", `${TOUCH}; cat`],
  ["filter.evil.smudge", `${TOUCH}; cat`],
  ["diff.evil.textconv", `${TOUCH}; cat`],
  ["diff.evil.command", TOUCH],
  ["diff.external", TOUCH],
  ["merge.evil.driver", TOUCH],
  ["interactive.diffFilter", TOUCH],
  ["credential.helper", `!${TOUCH}; :`],
  ["sequence.editor", TOUCH],
  ["gpg.program", TOUCH],
  ["gpg.ssh.program", TOUCH],
  ["log.showSignature", "true"],
  ["pager.status", TOUCH],
  ["pager.log", TOUCH],
  ["alias.status", `!${TOUCH}`],
  ["alias.rev-list", `!${TOUCH}`],
  ["remote.origin.uploadpack", TOUCH],
  ["remote.origin.receivepack", TOUCH],
  ["uploadpack.packObjectsHook", TOUCH],
  ["submodule.evil.update", `!${TOUCH}`],
  ["trailer.evil.command", TOUCH],
  ["init.templateDir", "/home/workspace/template"],
  ["protocol.ext.allow", "always"],
];

test("CVE-2025-48384, CVE-2022-24765: nothing of a hostile repository runs on the worker when it is cloned", async () => {
  const made = await agent.ws(["start", "demo", "--clone", repository.url]);
  expect(made).toMatchObject({ code: 0 });
  expect(await onWorker()).toBe(false);
});

test("CVE-2026-27735: nothing that a workspace plants in its git runs on the worker, whatever the worker does with it", async () => {
  const plants = KEYS.map(([key, value]) => `git config ${key} '${value}'`).join(" && ");
  expect(await sh(plants)).toMatchObject({ exitCode: 0 });
  await sh(
    [
      `for hook in pre-commit commit-msg post-commit pre-push post-checkout reference-transaction; do`,
      `printf '#!/bin/sh\\n${TOUCH}\\n' > .git/hooks/$hook; chmod +x .git/hooks/$hook; done; echo more >> README.md`,
    ].join(" "),
  );
  // It is alive: in the workspace it does run.
  await sh("git add --all");
  expect(await sh(`rm ${CANARY}`)).toMatchObject({ exitCode: 0 });

  const { name } = await agent.client.workspaces.get({ name: "demo" });
  expect(await agent.client.workspaces.cleanup({ name, dryRun: true })).toMatchObject({ kept: true });
  const finalized = agent.client.workspaces.finalize({ name, uncommitted: "commit", commitMessage: "x", push: true });
  await finalized.catch((error: { data?: { code?: string } }) => expect(error.data?.code).not.toBe("internal"));
  await agent.client.workspaces.fetch({ name }).catch((error: { data?: { code?: string } }) => {
    expect(error.data?.code).not.toBe("internal");
  });
  expect(await sh(`ls ${CANARY}`)).toMatchObject({ exitCode: 0 });
  expect(await onWorker()).toBe(false);
});

test("CVE-2022-24765: nor when its git is looked at and worked with from outside, by every verb there is", async () => {
  const { git } = agent.client;
  const of = { name: "demo", allowDestructive: true };
  await sh("echo changed > README.md; echo new > new.txt");
  const verbs: readonly (() => Promise<unknown>)[] = [
    () => git.status({ name: "demo", untracked: "files" }),
    () => git.log({ name: "demo", path: "README.md" }),
    () => git.diff({ name: "demo" }),
    () => git.diff({ name: "demo", staged: true }),
    () => git.show({ name: "demo" }),
    () => git.blob({ name: "demo", ref: "HEAD", path: "README.md" }),
    () => git.add({ name: "demo", paths: ["README.md", "new.txt"] }),
    () => git.unstage({ name: "demo", paths: ["new.txt"] }),
    () => git.commit({ name: "demo", message: "x" }),
    () => git.stash.push({ name: "demo", untracked: true }),
    () => git.stash.list({ name: "demo" }),
    () => git.stash.pop({ name: "demo" }),
    () => git.restore({ ...of, paths: ["."] }),
    () => git.branches.list({ name: "demo" }),
    () => git.branches.create({ name: "demo", branch: "other" }),
    () => git.checkout({ ...of, branch: "other" }),
    () => git.rebase.start({ ...of, onto: "HEAD" }),
    () => git.rebase.abort({ name: "demo" }),
    () => git.checkout({ ...of, branch: "third", create: true }),
    () => git.branches.delete({ ...of, branch: "other" }),
    () => git.stash.drop({ ...of, index: 0 }),
    () => git.pull({ name: "demo", branch: "main", allowDirty: true }),
    () => git.push({ name: "demo" }),
    () => git.reset({ ...of, mode: "hard" }),
  ];
  for (const verb of verbs) {
    await verb().catch((error: { data?: { code?: string } }) => {
      expect({ verb: String(verb), code: error.data?.code }).not.toMatchObject({ code: "internal" });
    });
    expect({ verb: String(verb), onWorker: await onWorker() }).toMatchObject({ onWorker: false });
  }
  // What is looked at there is what is there, whatever its configuration makes of it elsewhere.
  expect(await git.status({ name: "demo" })).toMatchObject({ branch: "third" });
});

test("CVE-2017-1000117: a URL that its git rewrites to a command runs that in the workspace at the most", async () => {
  // The longest prefix wins, also over the one that leads git to the worker.
  const rewritten = `git config 'url.ext::sh -c ${TOUCH.replace(" ", "% ")}% .insteadOf' ${repository.url}`;
  expect(await sh(`rm -f ${CANARY}; ${rewritten}`)).toMatchObject({ exitCode: 0 });
  const { git, workspaces } = agent.client;
  for (const verb of [
    () => workspaces.fetch({ name: "demo" }),
    () => git.pull({ name: "demo", branch: "main", allowDirty: true }),
    () => git.push({ name: "demo" }),
    () => workspaces.finalize({ name: "demo", uncommitted: "commit", commitMessage: "x", push: true }),
  ]) {
    await expect(verb()).rejects.not.toMatchObject({ data: { code: "internal" } });
    expect(await onWorker()).toBe(false);
  }
  // It is alive: by hand it does run there.
  await sh("git fetch");
  expect(await sh(`ls ${CANARY}`)).toMatchObject({ exitCode: 0 });
  expect(await onWorker()).toBe(false);
});

test("CVE-2024-32002: a bare repository in the tree and a worktree that is /etc stay the workspace's own affair", async () => {
  await sh("rm -rf .git/hooks && git -C inner status; git config core.worktree /etc");
  const { kept, holder } = await agent.client.workspaces.cleanup({ name: "demo", dryRun: true });
  expect(kept).toBe(true);
  expect(holder).toMatch(/files? that (?:is|are) not committed|could not be looked at/);
  expect(await onWorker()).toBe(false);
});

test("it is deleted like any other", async () => {
  expect(await agent.ws(["delete", "demo", "--yes", "--force"])).toMatchObject({ code: 0 });
  expect(await onWorker()).toBe(false);
});
