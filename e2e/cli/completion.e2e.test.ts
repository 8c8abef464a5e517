import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { onScreen } from "../support/screen.ts";
import { shareAgent } from "../support/share-agent.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));
let agent: AgentProcess;

shareAgent(async (parts) => {
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "local" } }));
  await agent.client.workspaces.create({ name: "demo" });
  return agent;
});

/** How each is begun, and the file in which a person puts the line that the help names. */
const SHELLS = {
  bash: { start: "bash --noprofile -i", file: ".bashrc", lines: "PS1='ready> '\nsource <(ws completion bash)\n" },
  zsh: {
    start: "zsh -i",
    file: ".zshrc",
    lines: "PS1='ready> '\nautoload -Uz compinit && compinit -u\nsource <(ws completion zsh)\n",
  },
  fish: {
    start: "fish -i",
    file: ".config/fish/config.fish",
    lines: "function fish_prompt; printf 'ready> '; end\nws completion fish | source\n",
  },
};

test.each(["bash", "zsh", "fish"] as const)(
  "in %s, TAB completes commands, options, values and names",
  async (shell) => {
    const { start, file, lines } = SHELLS[shell];
    const home = mkdtempSync(join(tmpdir(), "ws-e2e-shell-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), lines);
    writeFileSync(join(home, "message.md"), "");
    const screen = onScreen(start, {
      cwd: home,
      env: {
        PATH: `${dirname(launcher)}:${process.env["PATH"]}`,
        HOME: home,
        TERM: "xterm",
        LC_ALL: "C.UTF-8",
        WS_CONFIG_DIR: agent.configDirectory,
      },
    });
    onTestFinished(screen.close);
    await screen.shows(/ready> /);
    const type = async (words: string, becomes: RegExp): Promise<void> => {
      screen.press(`${words}\t`);
      await screen.shows(becomes);
      // Takes the line away again.
      screen.press("\u0015");
    };
    await type("ws termi", /termi.*nal/s);
    await type("ws shell de", /de.*mo/s);
    await type("ws start demo --runtime=l", /runtime=l.*ocal/s);
    await type("ws git demo stat", /stat.*us/s);
    await type("ws finalize demo --body-file mess", /mess.*age\.md/s);
    screen.press("exit\r");
    expect(await screen.ended).toBeTypeOf("number");
  },
);
