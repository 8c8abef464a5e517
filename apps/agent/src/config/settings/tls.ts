import { z } from "zod";
import { define } from "./definition.ts";

const file = z.string().regex(/^(?:\/.*)?$/, "must be an absolute path");

export const TLS = {
  "tls.mode": define({
    schema: z.enum(["off", "self", "files"]),
    default: "off",
    description:
      "Whether the port also speaks TLS: with a certificate that the worker makes itself and devices pin (`self`), or with `tls.cert` and `tls.key` (`files`). Beyond this machine only TLS is answered then.",
    env: ["WS_TLS"],
    restart: true,
  }),
  "tls.cert": define({
    schema: file,
    default: "",
    description: "PEM file of the certificate, with those that lead to its authority, where `tls.mode` is `files`.",
    env: ["WS_TLS_CERT"],
    restart: true,
  }),
  "tls.key": define({
    schema: file,
    default: "",
    description: "PEM file of its key, without a passphrase.",
    env: ["WS_TLS_KEY"],
    restart: true,
  }),
  "tls.clientCa": define({
    schema: file,
    default: "",
    description:
      "PEM file of the authorities of which clients need a certificate to connect over TLS at all. They need a token none the less.",
    env: ["WS_TLS_CLIENT_CA"],
    restart: true,
  }),
} as const;
