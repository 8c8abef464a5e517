import { z } from "zod";
import { define } from "./definition.ts";

const subnet = z.cidrv4();

export const RUNTIMES = {
  "docker.image": define({
    schema: z.string(),
    default: "",
    description: "Image of new containers; the image that this worker builds itself where empty.",
    env: ["WS_IMAGE"],
    restart: true,
  }),
  "docker.subnet": define({
    schema: z.string().refine((text) => text === "" || subnet.safeParse(text).success, "must look like 10.77.0.0/22"),
    default: "",
    description: "IPv4 network of the containers; a free one where empty.",
    env: ["WS_DOCKER_SUBNET"],
    restart: true,
  }),
  "docker.allowLan": define({
    schema: z.boolean(),
    default: true,
    description: "Whether workspaces may reach private addresses other than the worker itself.",
    env: ["WS_DOCKER_ALLOW_LAN"],
    restart: true,
  }),
  "docker.nested": define({
    schema: z.boolean(),
    default: false,
    description:
      "Whether workspaces may be made with a Docker engine of their own. What runs in one has nearly the rights of root on this machine.",
    env: ["WS_DOCKER_NESTED"],
    restart: false,
  }),
  devcontainer: define({
    schema: z.enum(["never", "ask", "always"]),
    default: "ask",
    description:
      "Whether new workspaces follow their repository's devcontainer.json: `ask` where it is asked for, `always` wherever there is one.",
    env: ["WS_DEVCONTAINER"],
    restart: false,
  }),
  "local.sandbox": define({
    schema: z.enum(["auto", "bubblewrap", "none"]),
    default: "auto",
    description:
      "Sandbox of the local runtime. `auto` is bubblewrap where it works, `bubblewrap` refuses to work without it, `none` never uses it.",
    env: ["WS_LOCAL_SANDBOX"],
    restart: true,
  }),
} as const;
