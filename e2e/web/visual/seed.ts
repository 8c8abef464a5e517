import type { GitServer } from "@ws/git-provider/testing";
import { agentStandIn } from "@ws/workspace-core/testing";
import type { AgentProcess } from "../../support/agent-process.ts";

const SHOP = {
  "README.md":
    "# Shop\n\nThe cart, the checkout and the invoices of the shop.\n\n```sh\npnpm install\npnpm test\n```\n",
  "package.json": '{\n  "name": "shop",\n  "scripts": {\n    "test": "vitest run"\n  }\n}\n',
  "src/cart/rounding.ts": `/** Rounds an amount in cents as the bank does: half to even. */
export function roundCents(amount: number): number {
  const whole = Math.floor(amount);
  const rest = amount - whole;
  if (rest === 0.5) return whole % 2 === 0 ? whole : whole + 1;
  return Math.round(amount);
}
`,
  "src/cart/total.ts": `import { roundCents } from "./rounding.ts";

interface Line {
  price: number;
  count: number;
}

/** What the lines of a cart cost together, in cents. */
export function total(lines: readonly Line[], discount = 0): number {
  const sum = lines.reduce((so, { price, count }) => so + price * count, 0);
  return Math.round(sum * (1 - discount));
}
`,
  "src/checkout/invoice.ts": "export const invoiceNumber = (year: number, n: number): string => `${year}-${n}`;\n",
  "docs/rounding.md": "# Rounding\n\nAmounts are rounded once, when they are shown.\n",
};

const WORK = [
  "sed -i 's/Math.round(sum/roundCents(sum/' src/cart/total.ts",
  'printf \'import { expect, test } from "vitest";\\nimport { total } from "./total.ts";\\n\\ntest("half a cent goes to the even one", () => {\\n  expect(total([{ price: 5, count: 1 }], 0.5)).toBe(2);\\n});\\n\' > src/cart/total.test.ts',
  "git add src/cart/total.ts",
  "printf '\\nHalf a cent goes to the even one.\\n' >> docs/rounding.md",
];

/** What the screens show: a shop's workspaces in every state, with what a person and their tools did in them. */
export interface Seeded {
  /** Runs, has changes, tasks, terminals and ports. */
  readonly main: string;
  readonly stopped: string;
  readonly failed: string;
}

/** Fills a worker on which nothing is yet. */
export async function seed({ client }: AgentProcess, git: GitServer): Promise<Seeded> {
  const { url } = await git.create("acme/shop", { files: SHOP });
  const engine = await git.create("acme/search-engine", {});
  // Its clone begins and goes no further.
  git.intercept("/acme/search-engine", () => undefined);
  const main = "cart-rounding";
  const run = async (name: string, command: string): Promise<void> => {
    const { exitCode, stderr } = await client.workspaces.exec({ name, command, timeout: 60_000 });
    if (exitCode !== 0) throw new Error(`${command}: ${stderr}`);
  };
  await client.workspaces.create({
    name: main,
    clone: url,
    execution: { id: "checkout-v2", role: "engineer" },
    branch: "round-half-even",
  });
  await client.workspaces.create({
    name: "checkout-totals",
    clone: url,
    execution: { id: "checkout-v2", role: "reviewer" },
  });
  await client.workspaces.create({ name: "docs-site", ttlSeconds: 86_400 });
  await client.workspaces.create({
    name: "invoice-export",
    clone: url,
    execution: { id: "year-end", role: "engineer" },
  });
  await client.workspaces.stop({ name: "invoice-export" });
  await client.workspaces
    .create({ name: "price-import", clone: `${git.origin}/acme/prices.git` })
    .catch(() => undefined);
  await client.workspaces.create({ name: "search-index", clone: engine.url, wait: false });

  await run(main, WORK.join(" && "));
  for (const name of [main, "checkout-totals"]) {
    await client.files.write({ name, path: "/tmp/x", content: "" }).catch(() => undefined);
    await run(name, "printf 'helper.js\\n.stand-in\\n' >> .git/info/exclude");
    await client.files.write({ name, path: "helper.js", content: agentStandIn("claude") });
  }
  await client.ports.set({
    name: main,
    ports: [
      { port: 5173, label: "web" },
      { port: 6006, label: "storybook" },
    ],
  });
  const task = (name: string, title: string, spec: Parameters<typeof client.tasks.create>[0]["spec"]) =>
    client.tasks.create({ name, title, spec });
  const ended = async (title: string, id: string, status: string): Promise<void> => {
    for (let tries = 0; (await client.tasks.get({ task: id })).status !== status; tries += 1) {
      if (tries > 300) throw new Error(`${title} is not ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const done = await task(main, "Explain how amounts are rounded", {
    kind: "agent",
    tool: "helper",
    prompt: "Explain",
  });
  await ended("done", done.id, "completed");
  const failed = await task(main, "Run the tests", { kind: "command", command: "echo '1 test failed' >&2; exit 1" });
  await ended("failed", failed.id, "failed");
  const asks = await task(main, "Round half a cent to the even one", { kind: "agent", tool: "helper", prompt: "ask" });
  await ended("asks", asks.id, "waiting_input");
  await task("checkout-totals", "Watch the types", { kind: "command", command: "echo watching; sleep 3600" });
  await task("checkout-totals", "Write the release note", { kind: "command", command: "echo done" });
  return { main, stopped: "invoice-export", failed: "price-import" };
}
