import type { Contract } from "@ws/rpc-contract";
import { admin, any, open, ownSelf, read, write, type Rules } from "./rule.ts";

/** The worker itself, and who may use it. */
export const WORKER = {
  info: any,
  // Its own key; what may be done with it is what its token may.
  ssh: { info: any, setKey: ownSelf },
  // Each browser's own subscription, which ends with its token.
  notifications: {
    key: read,
    show: read,
    subscribe: { ...read, changes: true },
    unsubscribe: { ...read, changes: true },
    look: read,
    test: read,
  },
  doctor: read,
  config: {
    credentials: { get: admin, update: admin },
    scripts: { get: admin, update: admin, files: { list: admin, get: admin, put: admin } },
    settings: { list: admin, set: admin, unset: admin },
  },
  credentials: {
    list: admin,
    set: admin,
    presets: admin,
    test: admin,
    remove: admin,
    grant: admin,
    revoke: admin,
    status: admin,
    login: admin,
    cancelLogin: admin,
  },
  mcpServers: { list: admin, approve: admin },
  tokens: { create: admin, list: admin, revoke: admin },
  devices: { list: any, rename: ownSelf, revoke: ownSelf, setKey: ownSelf },
  pairing: { open: admin, close: admin, watch: admin, begin: open, finish: open },
  auth: { whoami: any, link: admin, exchange: open },
  audit: { list: admin },
  state: { export: read },
  workers: { list: read, add: admin, rename: admin, remove: admin, share: write, events: read },
} satisfies Partial<Rules<Contract>>;
