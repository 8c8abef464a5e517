import type { Contract } from "@ws/rpc-contract";
import { admin, ownRead, ownTaskRead, ownTaskWrite, ownWrite, read, write, type Rules } from "./rule.ts";

/** Whoever is inside may end its work, but not destroy what is not saved; `force` is judged by the grant. */
const FINALIZE = ["uncommitted", "commitMessage", "push", "force", "pullRequest", "cleanup"];

const SPAN = ["execution", "from", "to", "zone", "refresh"];

/** What lies in one workspace, or becomes of it. */
export const WORKSPACES = {
  workspaces: {
    list: { ...read, tellsOwn: true },
    get: ownRead,
    create: write,
    delete: write,
    // What it is made of, its runtime above all, is not for whoever is inside to choose.
    start: { needs: "write", ownWorkspace: { mayAlsoSay: ["env"] } },
    stop: ownWrite,
    restart: ownWrite,
    finalize: { needs: "write", ownWorkspace: { mayAlsoSay: FINALIZE } },
    pullRequest: ownRead,
    cleanup: write,
    reap: write,
    fetch: ownWrite,
    rename: write,
    // Whoever is inside gives itself neither room nor credentials.
    update: write,
    touch: ownWrite,
    runScripts: ownWrite,
    followScripts: ownWrite,
    logs: ownRead,
    followLogs: ownRead,
    exec: ownWrite,
    getPortForwards: ownRead,
    setPortForwards: ownWrite,
    usage: { ...ownRead, tellsOwn: true },
    usageHistory: ownRead,
    events: ownRead,
  },
  files: {
    read: ownRead,
    list: ownRead,
    stat: ownRead,
    find: ownRead,
    grep: ownRead,
    watch: ownRead,
    write: ownWrite,
    edit: ownWrite,
    patch: ownWrite,
    mkdir: ownWrite,
    move: ownWrite,
    remove: ownWrite,
  },
  ports: { list: ownRead, set: ownWrite },
  previews: { open: ownWrite },
  // Whoever is inside may know what it may do, and gives itself nothing.
  policy: {
    get: ownRead,
    update: admin,
    repositories: { list: read, update: admin },
  },
  // Whoever is inside may know where it may go, and not change that.
  egress: { get: ownRead, refusals: ownRead, allow: admin, deny: admin, presets: read },
  git: {
    status: ownRead,
    log: ownRead,
    diff: ownRead,
    show: ownRead,
    blob: ownRead,
    add: ownWrite,
    unstage: ownWrite,
    restore: ownWrite,
    commit: ownWrite,
    pull: ownWrite,
    push: ownWrite,
    branches: {
      list: ownRead,
      create: ownWrite,
      delete: ownWrite,
    },
    checkout: ownWrite,
    stash: {
      list: ownRead,
      push: ownWrite,
      pop: ownWrite,
      drop: ownWrite,
    },
    rebase: {
      start: ownWrite,
      continue: ownWrite,
      abort: ownWrite,
    },
    reset: ownWrite,
  },
  handlers: { packets: ownRead },
  tasks: {
    create: ownWrite,
    createLeased: write,
    list: ownRead,
    get: ownTaskRead,
    cancel: ownTaskWrite,
    retry: ownTaskWrite,
    resume: ownTaskWrite,
    tools: ownRead,
    events: ownRead,
    output: ownTaskRead,
  },
  // A workspace's own token sees what is its own, and names it.
  usage: {
    summary: { needs: "read", ownWorkspace: { mayAlsoSay: ["by", ...SPAN] } },
    entries: { needs: "read", ownWorkspace: { mayAlsoSay: SPAN } },
    prices: read,
    budget: { get: read, set: admin },
  },
  terminals: {
    list: ownRead,
    close: ownWrite,
    rename: ownWrite,
    // Whoever is inside lets nobody else in.
    share: write,
    links: write,
    unshare: write,
    record: ownWrite,
    recording: ownRead,
  },
} satisfies Partial<Rules<Contract>>;
