import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { procedure } from "./errors.ts";

const credentialType = z.enum(["env", "file", "pat", "oauth", "ssh_key", "github_app"]);
/** `all`, `none`, or the names of those that are meant. */
export const credentialSelection = z.union([z.enum(["all", "none"]), z.array(z.string().min(1).max(200)).max(100)]);

/** A credential as every surface shows it: never the secret. Instants are ISO 8601. */
export const credentialInfo = z.object({
  name: z.string(),
  type: credentialType,
  host: z.string().optional().describe("The forge that it is for"),
  source: z.string().describe("Where the worker has it from"),
  last4: z.string().optional().describe("The last four characters of a secret that is long enough"),
  fingerprint: z.string().optional().describe("Of an SSH key"),
  hostKeys: z.array(z.string()).optional().describe("The keys that its host may have, where they were given with it"),
  created: z.string().optional(),
  expires: z.string().optional(),
  exposed: z.boolean().optional().describe("Whether a forge's token is a variable in workspaces as well"),
  refused: z.string().optional().describe("When its forge last refused it, since it was set"),
  problem: z.string().optional().describe("Why it cannot be used just now"),
  usedBy: z.array(z.string()).describe("Names of the workspaces that use it"),
});
export type CredentialInfo = z.infer<typeof credentialInfo>;

export const grantInfo = z.object({
  id: z.string(),
  workspace: z.string().describe("The workspace's name"),
  execution: z.string().optional(),
  repo: z.string(),
  access: z.enum(["read", "write"]),
  branches: z.array(z.string()).describe("What it may push to"),
  force: z.boolean(),
  tags: z.boolean(),
  workflows: z.boolean(),
  credential: z.object({ name: z.string(), type: credentialType, host: z.string() }),
  created: z.string(),
  expires: z.string(),
  renews: z.boolean().describe("Whether it is renewed while its workspace lives"),
  lastUsed: z.string().optional(),
});
export type GrantInfo = z.infer<typeof grantInfo>;

/** How a coding tool is let in. */
export const credentialPreset = z.object({
  name: z.string(),
  tool: z.string(),
  variables: z.array(z.string()).min(1).describe("Those that it reads a key from; the first one is usual"),
  hint: z.string().describe("Where such a key is had"),
  login: z.object({
    path: z.string().describe("Where it keeps a login of its user's, which can be copied instead"),
    rotates: z.boolean().describe("Whether each renewal ends the login before, so that two copies end one another"),
  }),
});
export type CredentialPreset = z.infer<typeof credentialPreset>;

/** What was learnt of a credential by asking its forge. */
export const credentialTest = z.object({
  name: z.string(),
  checked: z.boolean().describe("Whether there was a forge to ask, which takes it"),
  message: z.string().describe("What was learnt, in a sentence"),
  login: z.string().optional().describe("Whose it is, as the forge says"),
  scopes: z.array(z.string()).optional().describe("What it may do there; a fine-grained token does not say"),
  expires: z.string().optional(),
  installations: z
    .array(
      z.object({
        account: z.string().describe("Whose repositories; empty where the forge does not say"),
        repositories: z.enum(["all", "selected"]),
        permissions: z.record(z.string(), z.string()).describe("What its owner allowed it: contents to write"),
        suspended: z.boolean(),
      }),
    )
    .optional()
    .describe("Where a GitHub App is installed"),
});
export type CredentialTest = z.infer<typeof credentialTest>;

const setInput = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(1_000)
    .describe("Of a variable its name, of a file its destination in workspaces, else any short name"),
  type: credentialType.exclude(["oauth"]),
  value: z.string().min(1).max(1_000_000).optional().describe("The secret; of a file its path on the worker"),
  host: z.string().min(1).max(260).optional().describe("The forge; the GitHub of the setting github.url where absent"),
  username: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("What goes with a token; any will do at most forges. Absent, that of one of this name and host stays"),
  appId: z.string().min(1).max(100).optional().describe("Of a GitHub App"),
  hostKeys: z
    .array(z.string().min(1).max(4_000))
    .max(20)
    .optional()
    .describe(
      "Of an SSH key: its host's own, fingerprints or lines of known_hosts; a key that is kept need not be given again",
    ),
  copyLogin: z
    .boolean()
    .optional()
    .describe(
      "Of a file: that it is a login which each workspace is given once, also where that ends the worker's own",
    ),
  expose: z.boolean().optional().describe("Whether GITHUB_TOKEN or GH_TOKEN is a variable in workspaces as well"),
});
export type CredentialInput = z.infer<typeof setInput>;

export const loginProgress = z.discriminatedUnion("type", [
  z.object({ type: z.literal("code"), userCode: z.string(), verificationUri: z.string(), expires: z.string() }),
  z.object({ type: z.literal("done"), name: z.string(), host: z.string(), login: z.string().optional() }),
]);

/** What workspaces may use: variables, files, and the worker's rights at forges. */
export const credentials = {
  list: procedure
    .route({
      method: "GET",
      path: "/credentials",
      summary: "List what the worker may use",
      description: "Names, types, sources and who uses them, never secrets.",
    })
    .output(z.array(credentialInfo)),
  set: procedure
    .route({
      method: "PUT",
      path: "/credentials",
      summary: "Set a credential",
      description:
        "Checked with its forge where that can be asked, and kept by the worker. What has its name is replaced.",
    })
    .input(setInput)
    .output(
      credentialInfo.extend({
        checked: z.boolean().describe("Whether the forge was asked and takes it"),
        login: z.string().optional().describe("Whose it is, as the forge says"),
      }),
    ),
  presets: procedure
    .route({
      method: "GET",
      path: "/credentials/presets",
      summary: "How coding tools are let in",
      description: "Which variable each tool takes its key from, where one is had, and where its login lies.",
    })
    .output(z.array(credentialPreset)),
  test: procedure
    .route({
      method: "POST",
      path: "/credentials/test",
      summary: "Test a credential",
      description: "Asks its forge whose it is and what it may do, and changes nothing.",
    })
    .input(z.strictObject({ name: z.string().min(1).max(1_000) }))
    .output(credentialTest),
  remove: procedure
    .route({
      method: "DELETE",
      path: "/credentials",
      summary: "Remove a credential",
      description: "Ends the grants that use it, too.",
    })
    .input(z.strictObject({ name: z.string().min(1) }))
    .output(credentialInfo),
  grant: procedure
    .route({
      method: "POST",
      path: "/credentials/grants",
      summary: "Grant a repository to a workspace",
      description: "Its git reaches the repository through the worker from then on. A right that it has becomes wider.",
    })
    .input(
      z.strictObject({
        name: z.string().describe("The workspace's name or id"),
        repo: z.string().min(1).max(2_000).optional().describe("Its own repository where absent"),
        access: z.enum(["read", "write"]).optional().describe("write where absent"),
        branches: z.array(z.string().min(1).max(250)).max(50).optional().describe("Its own branch where absent"),
        force: z.boolean().optional(),
        tags: z.boolean().optional(),
        workflows: z.boolean().optional(),
        ttlSeconds: z.number().optional().describe("3,600 where absent, 28,800 at most"),
        renews: z.boolean().optional(),
      }),
    )
    .output(grantInfo),
  revoke: procedure
    .route({
      method: "POST",
      path: "/credentials/grants/revoke",
      summary: "End a workspace's grants",
      description: "All of them, or the one for a repository; at the forge too. Repeating it is safe.",
    })
    .input(z.strictObject({ name: z.string(), repo: z.string().min(1).max(2_000).optional() }))
    .output(z.array(grantInfo)),
  status: procedure
    .route({
      method: "GET",
      path: "/credentials/status",
      summary: "Who uses which credential",
      description: "The worker's credentials for forges and the live grants, of one workspace or of all.",
    })
    .input(z.strictObject({ name: z.string().optional().describe("The workspace's name") }).optional())
    .output(z.object({ credentials: z.array(credentialInfo), grants: z.array(grantInfo) })),
  login: procedure
    .route({
      method: "POST",
      path: "/credentials/login",
      summary: "Log the worker in to GitHub",
      description:
        "Tells a code to type at GitHub, then who has logged in. Going away cancels it; one that lasts a minute later, and until then whoever asks for one that lasts comes back to it.",
    })
    .input(z.strictObject({ lasting: z.boolean().optional() }).optional())
    .output(eventIterator(loginProgress)),
  cancelLogin: procedure
    .route({
      method: "POST",
      path: "/credentials/login/cancel",
      summary: "Cancel a login that lasts",
      description: "Its code is worth nothing from then on. Repeating it is safe.",
    })
    .output(z.object({ cancelled: z.boolean().describe("Whether one was under way") })),
};
