import type { Command } from "commander";
import { given } from "../given.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { localTime } from "../output/time.ts";
import { ago } from "../output/workspace.ts";
import { parseDuration, parseNames, parseScope } from "../values.ts";

export function registerToken(program: Command, context: Context): void {
  const token = program
    .command("token")
    .description("Tokens for scripts and other devices.")
    .addHelpText("after", "\nExamples:\n  ws token create ci --scope read --ttl 30d\n  ws token revoke ci");
  token
    .command("create")
    .description("Make a token. It is printed once; the worker keeps only its hash.")
    .argument("<name>")
    .option("--scope <scope>", "read, write, admin, workspace:NAME, or metrics for /metrics alone", parseScope, "write")
    .option("--commands <list>", "the only programs it may run: names between commas, or basic", parseNames)
    .option("--ttl <duration>", "how long it is good for, such as 30d (default: until revoked)", parseDuration)
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ws token create laptop\n  ws token create ci --scope read --ttl 30d\n  ws token create bot --scope workspace:demo --commands git,npm",
    )
    .action(async (name: string, flags: { scope: string; commands?: string[]; ttl?: number; json?: true }) => {
      const { client } = await context.connect();
      const more = given({ ttlSeconds: flags.ttl, commands: flags.commands });
      const made = await client.tokens.create({ name, scope: flags.scope, ...more });
      if (flags.json === true) return context.printJson(made);
      context.print(made.token);
      if (!context.json) context.hint(`It is shown only now. ${await elsewhere(context)}`);
    });
  token
    .command("list")
    .alias("ls")
    .description("List tokens, never their secrets.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws token list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const tokens = await client.tokens.list();
      if (flags.json === true) return context.printJson(tokens);
      if (tokens.length === 0) return context.hint("No tokens. Make one: ws token create NAME");
      const rows = tokens.map(({ name, scope, handler, created, lastUsed, expires, id }) => [
        name,
        handler === undefined ? scope : `${handler.kind}:${handler.settings.repo}`,
        ago(created),
        lastUsed === undefined ? "never" : ago(lastUsed),
        expires === undefined ? "never" : localTime(expires),
        id,
      ]);
      context.printTable(["NAME", "SCOPE", "CREATED", "USED", "EXPIRES", "ID"], rows);
    });
  token
    .command("revoke")
    .description("End a token and the connections it holds.")
    .argument("<name>", "its name or id")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExamples:\n  ws token revoke ci\n  ws token revoke ci --yes")
    .action(async (name: string, flags: { json?: true }, command: Command) => {
      const { client } = await context.connect();
      // Nobody should confirm the end of what does not exist; the refusal is the worker's.
      const known = (await client.tokens.list()).filter((token) => token.name === name || token.id === name);
      const which = known.length > 1 ? `any of the ${known.length} tokens` : "the token";
      if (known.length > 0) await confirm(context, command, `Whoever uses ${which} '${name}' is cut off.`, "Revoke?");
      const result = await client.tokens.revoke({ token: name });
      if (flags.json === true) context.printJson(result);
      else context.print(`${name}  revoked`);
    });
}

/** How a token is used from another device: the agent listens on its own machine only, unless it is reached otherwise already. */
async function elsewhere(context: Context): Promise<string> {
  const { client, target } = await context.connect();
  if (target.on !== undefined) return `It is the worker's own: for devices that reach '${target.on}' without its hub.`;
  if (target.kind === "http") return `Elsewhere: WS_WORKER=${target.url} WS_TOKEN=… ws list`;
  const setting = (await client.config.settings.list()).find(({ key }) => key === "port");
  // A free one that the system picked stands in no setting.
  const isKnown = typeof setting?.value === "number" && setting.value !== 0;
  const port = isKnown ? String(setting.value) : "PORT";
  return `On another device, where WORKER is this machine${isKnown ? "" : " and PORT its dashboard's"}:
  ssh -N -L ${port}:127.0.0.1:${port} WORKER &
  WS_WORKER=127.0.0.1:${port} WS_TOKEN=… ws list`;
}
