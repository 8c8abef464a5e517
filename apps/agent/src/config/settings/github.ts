import { z } from "zod";
import { define } from "./definition.ts";
import { isPlain } from "./plain-url.ts";

/** A GitHub is all of a host: its addresses of repositories, and of its API, are made of that. */
const site = z
  .url({ protocol: /^https$/ })
  .refine((text) => isPlain(text, "/"), "must be https://HOST, without a path");

export const GITHUB = {
  "github.url": define({
    schema: site,
    default: "https://github.com",
    description:
      "The GitHub of the app and of `ws login github`: `https://HOST` of an Enterprise server, which is then beside github.com.",
    env: ["WS_GITHUB_URL"],
    restart: true,
  }),
  "github.apiUrl": define({
    schema: z.string().refine((text) => text === "" || isPlain(text), "must be https://HOST or https://HOST/api/v3"),
    default: "",
    description: "Where its API is; `https://api.github.com`, or `/api/v3` of an Enterprise, where empty.",
    env: ["WS_GITHUB_API_URL"],
    restart: true,
  }),
  "github.servers": define({
    schema: z.array(site),
    default: [],
    description:
      "Further GitHub Enterprise servers, as `https://HOST`: pull requests, `#gh:HOST/org/repo` and `gh` work with each. A token of one is given with `ws credential set NAME --host HOST`.",
    env: ["WS_GITHUB_SERVERS"],
    restart: true,
  }),
  "github.appId": define({
    schema: z.union([z.string(), z.number().int().positive()]),
    default: "",
    description: "The id of a GitHub App whose tokens workspaces' git uses, each for one repository.",
    env: ["WS_GITHUB_APP_ID", "PARALLAX_GITHUB_APP_ID"],
    restart: false,
  }),
  "github.privateKeyPath": define({
    schema: z.string(),
    default: "",
    description: "The file with the app's private key.",
    env: ["WS_GITHUB_PRIVATE_KEY_PATH", "PARALLAX_GITHUB_PRIVATE_KEY_PATH"],
    restart: false,
  }),
  "github.privateKey": define({
    schema: z.string(),
    default: "",
    description:
      "The app's private key itself, its line ends written as `\\n`. Kept in `secrets.json`; better given with `ws credential set github-app`.",
    env: ["WS_GITHUB_PRIVATE_KEY", "PARALLAX_GITHUB_PRIVATE_KEY"],
    restart: false,
    secret: true,
  }),
  "github.clientId": define({
    schema: z.string(),
    default: "",
    description: "The client id of an app with device flow, which `ws login github` needs.",
    env: ["WS_GITHUB_CLIENT_ID", "PARALLAX_GITHUB_CLIENT_ID"],
    restart: false,
  }),
} as const;
