import { z } from "zod";
import { procedure } from "./errors.ts";

export const sshInfo = z.object({
  worker: z.string().describe("The worker's id, under which its host key is kept"),
  hostKey: z.string().describe("The worker's host key, as it stands in a known_hosts behind the name"),
  key: z.string().optional().describe("The key by which the caller is let in; absent where none was set"),
});
export type SshInfo = z.infer<typeof sshInfo>;

/** Logging in to workspaces over SSH. The WebSocket `/ssh/{name}` carries it. */
export const ssh = {
  info: procedure
    .route({
      method: "GET",
      path: "/ssh",
      summary: "Get what SSH needs",
      description: "The worker's host key, and the key by which the caller is let in to workspaces.",
    })
    .output(sshInfo),
  setKey: procedure
    .route({
      method: "PUT",
      path: "/ssh/key",
      summary: "Set the caller's SSH key",
      description:
        "The public key by which whoever calls with this token is let in to workspaces; none where it is left out.",
    })
    .input(z.strictObject({ key: z.string().min(1).max(8_192).optional().describe("One line, as OpenSSH writes it") }))
    .output(sshInfo),
};
