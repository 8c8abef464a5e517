import type { LeasedTaskInput, TaskInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { callerDirectory } from "../../caller-directory.ts";
import type { Context } from "../../context.ts";
import { interruptible } from "../../interruptible.ts";
import { printable } from "../../output/printable.ts";
import type { Target } from "../../target.ts";
import { tellNew } from "../../tell-new.ts";
import { type SpecFlags, usage } from "./spec-of.ts";

/** A reference with what stands in parentheses after it, or up to the first space. */
const REFERENCE = /^(#[A-Za-z0-9]+\([^)]*\)|#\S+)(?:\s+([\s\S]*))?$/;

/** A name that is a reference stands for a workspace of its own, and what follows it is a prompt. */
export function splitReference(
  name: string,
  words: readonly string[],
  flags: SpecFlags & { after?: string[]; key?: string; notBefore?: string },
): { reference?: string; later?: boolean; words: readonly string[]; flags: SpecFlags } {
  if (!name.startsWith("#")) return { words, flags };
  const [, reference, prompt] = REFERENCE.exec(name) ?? [];
  if (reference === undefined) throw usage("A reference looks like #gh:org/repo.");
  const waits = (["after", "key", "notBefore"] as const).find((option) => flags[option] !== undefined);
  const later = waits !== undefined;
  if (later && flags.action !== undefined) {
    throw usage(
      `--action does not go with --${waits === "notBefore" ? "not-before" : waits} and a reference: what it is about is read at once, and there is no workspace yet.`,
      "Say what is wanted as a prompt: --agent.",
    );
  }
  const isPrompt = flags.code === undefined && flags.action === undefined;
  if (!isPrompt && prompt !== undefined) return { reference, later, words: [prompt, ...words], flags };
  if (prompt === undefined && flags.agent === undefined) return { reference, later, words, flags };
  const given = prompt === undefined ? words : [prompt, ...words];
  return { reference, later, words: given, flags: { ...flags, agent: flags.agent ?? true } };
}

interface Asked {
  client: AgentClient;
  target: Target;
  reference: string;
  /** What a task does in a container is not trusted with the network, unless somebody says so. */
  profile: "person" | "agent" | undefined;
}

/** Takes a numbered workspace of what a reference leads to, for a task; it is given back where the task could not be queued. */
export async function inLeased(
  context: Context,
  { client, target, reference, profile }: Asked,
  create: (workspace: string) => Promise<TaskInfo>,
): Promise<TaskInfo> {
  const { runtime } = await client.info();
  const asked = {
    reference,
    profile: profile ?? (runtime === "docker" ? ("agent" as const) : ("person" as const)),
    ...callerDirectory(context.io, target),
  };
  const told = { goesOn: "no number is held for it, and nothing was queued", next: "Ask again, or see ws lease list." };
  const lease = await tellNew(context, client, asked, () =>
    interruptible(context, told, (signal) => client.leases.acquire(asked, { signal })),
  );
  try {
    const made = await create(lease.workspace);
    context.hint(`In ${printable(lease.workspace)}. Give it back when you have its work: ws lease release ${lease.id}`);
    return made;
  } catch (error) {
    // What went wrong is what counts, also where the workspace stays.
    await client.leases.release({ lease: lease.id }).catch(() => undefined);
    throw error;
  }
}

/** Queues a task that takes a numbered workspace for itself when its turn comes, and not before. */
export async function inLeasedLater(
  context: Context,
  { client, target, reference, profile }: Asked,
  request: Omit<LeasedTaskInput, "reference" | "cwd" | "profile">,
): Promise<TaskInfo> {
  const asked = { reference, ...callerDirectory(context.io, target) };
  const made = await tellNew(context, client, asked, () =>
    client.tasks.createLeased({ ...request, ...asked, ...(profile === undefined ? {} : { profile }) }),
  );
  context.hint(`It takes a workspace of its own when its turn comes, which stays then: ws task show ${made.id}`);
  return made;
}
