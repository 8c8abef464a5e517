import type { Command } from "commander";
import type { EgressInfo } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { isPrivateAddress } from "./egress-addresses.ts";
import { withFormat } from "../output/format.ts";
import { quoted } from "../output/quoted.ts";
import { localTime } from "../output/time.ts";

const EXAMPLES = `
Examples:
  ws egress                                   lists of hosts to choose from
  ws egress demo                              what its programs may reach
  ws egress demo refusals                     what they did not get
  ws egress demo allow registry.example.com
  ws egress demo allow nas.home:5000/private  at a private address, too
  ws egress demo allow '*.example.com' --everywhere
  ws egress demo remove registry.example.com
  ws config set egress.presets registries,models,git`;

interface Flags {
  everywhere?: true;
}

/** Where the programs of a workspace of the profile `agent` may go. */
export function registerEgress(program: Command, context: Context): void {
  withFormat(
    program
      .command("egress")
      .description("What programs in a workspace of the profile 'agent' may reach.")
      .argument("[words...]", "a workspace; then allow or remove with a HOST, HOST:PORT or *.DOMAIN, or refusals")
      .usage("[NAME [allow|remove HOST | refusals]]")
      .option("--everywhere", "for every workspace of the worker"),
  )
    .addHelpText("after", EXAMPLES)
    .action(async ([name, verb, host, ...others]: string[], flags: Flags) => {
      if (others.length > 0) throw unknown(others[0] ?? "");
      if (name === undefined) return showPresets(context);
      const { client } = await context.connect();
      const everywhere = flags.everywhere === true ? { everywhere: true } : {};
      switch (verb) {
        case undefined:
          return show(context, name, await client.egress.get({ name }));
        case "refusals":
          return showRefusals(context, name);
        case "allow": {
          const rule = required(host, verb);
          const info = await client.egress.allow({ name, rule, ...everywhere });
          if (context.json) return context.printJson(info);
          context.hint(`${rule} is allowed, from the next connection on.`);
          if (!isPrivateAddress(rule)) return;
          const whole = `ws egress ${name} allow ${rule}/private${flags.everywhere === true ? " --everywhere" : ""}`;
          return context.hint(`It is a private address, which is reached only where the rule says so: ${whole}`);
        }
        case "remove": {
          const before = await client.egress.get({ name });
          const info = await client.egress.deny({ name, host: required(host, verb), ...everywhere });
          if (context.json) return context.printJson(info);
          // Of an open network no list is told.
          const isSame = info.network !== "open" && JSON.stringify(info) === JSON.stringify(before);
          return context.hint(`${host} ${isSame ? "was not allowed: nothing changed" : "is not allowed any more"}.`);
        }
        default:
          throw unknown(verb);
      }
    });
}

function unknown(word: string): CliError {
  return new CliError("usage", `'${word}' is nothing that can be done here.`, {
    next: "ws egress NAME [allow HOST | remove HOST | refusals]",
    exit: EXIT.usage,
  });
}

function required(host: string | undefined, verb: string): string {
  if (host !== undefined) return host;
  throw new CliError("usage", "A host is missing.", { next: `ws egress NAME ${verb} HOST`, exit: EXIT.usage });
}

function show(context: Context, name: string, info: EgressInfo): void {
  if (context.json) return context.printJson(info);
  if (info.network === "open") {
    return context.hint(
      `The network of '${name}' is open: its profile is 'person'. Only the worker and clouds' metadata are out of reach.`,
    );
  }
  if (info.network === "none") context.hint(`There is no way out of '${name}'. ${info.why ?? ""}`);
  const rows = [
    ...rowsOf(info.allowed),
    ...info.denied.map(({ host, except = [], of }) => [host, "", ["denied", ...except].join(" but "), of]),
  ];
  if (rows.length === 0)
    return context.hint(`Nothing can be reached from '${name}'. Allow a host: ws egress ${name} allow HOST`);
  context.printTable(["HOST", "PORT", "", "SET BY"], rows);
}

/** One for each host, as most are allowed at several ports or by several lists. */
function rowsOf(allowed: EgressInfo["allowed"]): string[][] {
  return [...Map.groupBy(allowed, (rule) => `${rule.host} ${rule.private}`).values()].map((rules) => {
    const all = (of: (rule: EgressInfo["allowed"][number]) => string): string => [...new Set(rules.map(of))].join(", ");
    return [
      all(({ host }) => host),
      all(({ port }) => String(port)),
      rules[0]?.private === true ? "private too" : "",
      all(({ of }) => of),
    ];
  });
}

async function showRefusals(context: Context, name: string): Promise<void> {
  const { client } = await context.connect();
  const refusals = await client.egress.refusals({ name });
  if (context.json) return context.printJson(refusals);
  if (refusals.length === 0) return context.hint(`Nothing was refused in '${name}' since the agent began.`);
  const rows = refusals.map(({ host, port, count, last, why }) => [
    host,
    String(port),
    String(count),
    localTime(last),
    why,
  ]);
  context.printTable(["HOST", "PORT", "TIMES", "LAST", "WHY"], rows);
  const rule = refusals.find((refusal) => refusal.rule !== undefined)?.rule;
  if (rule !== undefined) context.hint(`Allow one, such as the latest: ws egress ${name} allow ${quoted(rule)}`);
}

async function showPresets(context: Context): Promise<void> {
  const { client } = await context.connect();
  const presets = await client.egress.presets();
  if (context.json) return context.printJson(presets);
  const rows = presets.map(({ name, enabled, rules }) => [name, enabled ? "on" : "off", rules.join(", ")]);
  context.printTable(["PRESET", "", "HOSTS"], rows);
}
