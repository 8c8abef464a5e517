import { z } from "zod";
import { define } from "./definition.ts";

export const PROVIDERS = {
  providers: define({
    schema: z.array(
      z
        .string()
        .regex(
          /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:#sha256-[0-9a-f]{64})?$/,
          "must be the name of an npm package, or NAME#sha256-HASH",
        ),
    ),
    default: [],
    description:
      "Packages of npm with further providers of references, asked before the built-in ones. They are installed beside config.json: `npm install --prefix DIRECTORY PACKAGE`. As `PACKAGE#sha256-HASH`, which `ws provider list` shows, one is used only as long as nothing in it or in what it depends on has changed.",
    env: ["WS_PROVIDERS"],
    restart: true,
  }),
  disabledProviders: define({
    schema: z.array(z.string().min(1)),
    default: [],
    description: "Providers that are not asked, by name or type of reference; `all` switches off every one.",
    env: ["WS_DISABLE_PROVIDERS"],
    restart: true,
  }),
} as const;
