import { z } from "zod";
import { procedure } from "./errors.ts";
import { name } from "./workspace-info.ts";

const port = z.number().int().min(1).max(65_535);
const label = z
  .string()
  .min(1)
  .max(32)
  .describe("What it is called, such as web: lower-case letters, digits and inner hyphens, with a letter");
const local = port.describe("The port of people's own machines that it is brought to; the same where absent");

export const workspacePort = z.object({
  port: z.number(),
  label: label.optional(),
  local: local.optional(),
  listening: z.boolean().describe("Whether something takes connections there now"),
  addresses: z.array(z.string()).optional().describe("Where it does so: 127.0.0.1, 0.0.0.0 or ::"),
  program: z.string().optional().describe("What does; absent where it is another user's"),
  pid: z.number().optional(),
});
export type WorkspacePort = z.infer<typeof workspacePort>;

const forward = z.strictObject({
  host: port.describe("The port of people's own machines"),
  container: port.describe("The port in the workspace"),
});
const forwards = z.object({ forwards: z.array(forward) });

/** What listens in a workspace, and what its ports are called. */
export const ports = {
  list: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/ports",
      summary: "List ports",
      description:
        "What listens in a workspace, and its named ports. The WebSocket /connect/{name}/{port} leads to one of them.",
    })
    .input(z.strictObject({ name }))
    .output(z.array(workspacePort)),
  set: procedure
    .route({
      method: "PUT",
      path: "/workspaces/{name}/ports",
      summary: "Name ports",
      description: "Gives these ports of a workspace their names, and takes all others away.",
    })
    .input(z.strictObject({ name, ports: z.array(z.strictObject({ port, label, local: local.optional() })).max(100) }))
    .output(z.array(workspacePort)),
};

/** The same by other names: a forward is a named port and the one that it is brought to. */
export const portForwards = {
  getPortForwards: procedure
    .route({
      method: "GET",
      path: "/workspaces/{name}/port-forwards",
      summary: "Get port forwards",
      description: "The named ports of a workspace, each with the port of people's own machines that it is brought to.",
    })
    .input(z.strictObject({ name }))
    .output(forwards),
  setPortForwards: procedure
    .route({
      method: "PUT",
      path: "/workspaces/{name}/port-forwards",
      summary: "Set port forwards",
      description: "Replaces them all. A port that has a name keeps it, another is called port-NUMBER.",
    })
    .input(z.strictObject({ name, forwards: z.array(forward).max(100) }))
    .output(forwards),
};

/** What programs in a workspace show in a browser. */
export const previews = {
  open: procedure
    .route({
      method: "POST",
      path: "/workspaces/{name}/preview",
      summary: "Open a preview",
      description:
        "A link that shows one browser, once, within a minute, what a port of the workspace serves by HTTP. The page has a host name of its own, and nothing of the dashboard's; what was opened so ends with the token that asked for it.",
    })
    .input(z.strictObject({ name, port }))
    .output(z.object({ url: z.string(), expires: z.iso.datetime() })),
};
