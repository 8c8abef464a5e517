import { type Clock, inTime, WsError } from "@ws/workspace-core";

import type { Engine } from "./engine.ts";
import { INSTANCE_LABEL, ROLE_LABEL } from "./labels.ts";
import { probeSpec } from "./nested-spec.ts";
import { createSharedWork } from "./shared-work.ts";
import { runThrowAway, sweepThrowAways } from "./throw-away.ts";

export interface NestedDocker {
  /** Tries once, in a container that is thrown away, whether an engine runs in one here. Throws `nested_docker_unavailable`, with what failed. */
  probe(image: string, signal?: AbortSignal): Promise<void>;
  /** Starts the engine in a running container, where none runs; resolves when it answers. Throws `nested_docker_unavailable`. */
  start(container: string, signal?: AbortSignal): Promise<void>;
}

export function createNestedDocker(options: { engine: Engine; instance: string; clock: Clock }): NestedDocker {
  const { engine, instance, clock } = options;
  const shared = createSharedWork<void>();
  let proven: string | undefined;

  /** What runs in a container may be anything, and may say nothing for ever. */
  function bounded<T>(
    what: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = (): WsError => unavailable(`${what} was not over within ${LIMIT_MS / 1_000} seconds`);
    return inTime(clock, { ms: LIMIT_MS, signal, late }, work);
  }

  async function prove(image: string, signal: AbortSignal): Promise<void> {
    await sweepThrowAways(engine, { instance, role: "probe" }, signal);
    const labels = { [INSTANCE_LABEL]: instance, [ROLE_LABEL]: "probe" };
    const spec = probeSpec({ instance, image, labels, argv: ["sh", "-c", PROBE] });
    const { code, output } = await runThrowAway(engine, spec, signal);
    if (code !== 0) throw unavailable(output);
    proven = image;
  }

  /** Runs a program as root in a container to its end. */
  async function execute(
    container: string,
    script: string,
    signal?: AbortSignal,
  ): Promise<{ code: number; output: string }> {
    const command = await engine.call(
      (docker) =>
        docker.getContainer(container).exec({
          Cmd: ["sh", "-c", script],
          User: "0:0",
          WorkingDir: "/",
          Tty: true,
          AttachStdout: true,
          AttachStderr: true,
        }),
      signal,
    );
    let output = "";
    const stream = engine.stream((docker) => docker.getExec(command.id).start({ Tty: true, hijack: false }), signal);
    for await (const chunk of stream) output = (output + chunk.toString()).slice(-MOST_OUTPUT);
    const { ExitCode: code } = await engine.call((docker) => docker.getExec(command.id).inspect(), signal);
    return { code: code ?? 1, output: output.replaceAll("\r", "").trim() };
  }

  return {
    async probe(image, signal) {
      if (proven === image) return;
      // One at a time: each takes away what it finds of others.
      const work = (_report: unknown, both: AbortSignal): Promise<void> =>
        bounded("trying it", both, (limit) => prove(image, limit));
      await shared(image, work, { report: () => undefined, signal });
    },
    async start(container, signal) {
      const { code, output } = await bounded("starting it", signal, (limit) => execute(container, START, limit));
      if (code !== 0) throw unavailable(output);
    },
  };
}

const MOST_OUTPUT = 8_192;
/** Longer than what a start waits for by itself. */
const LIMIT_MS = 90_000;

/** Each step says what it is, so that the last line but its own error names the one that failed. */
const CONTROLLERS = `
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  try "making /sys/fs/cgroup writable" mount -o remount,rw /sys/fs/cgroup
  # A group that has processes of its own may not share out its controllers.
  mkdir -p /sys/fs/cgroup/init
  while read -r one; do echo "$one" >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null || :; done </sys/fs/cgroup/cgroup.procs
  for one in $(cat /sys/fs/cgroup/cgroup.controllers); do echo "+$one" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || :; done
else
  for one in /sys/fs/cgroup/*/; do
    try "making $one writable" mount -o remount,bind,rw "$one"
  done
fi
`;
const TRY = `
try() {
  said=$1; shift
  if out=$("$@" 2>&1); then return 0; fi
  echo "$said: $out"
  exit 1
}
`;
const PROBE = `${TRY}${CONTROLLERS}
cd /var/lib/docker
mkdir lower upper work merged
try "mounting an overlay" mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged
try "making a bridge" ip link add probe0 type bridge
try "reading the NAT table" iptables -t nat -S
`;
/** An engine that takes a connection need not answer on it. */
const START = `
answers() { timeout -k 1 5 docker version >/dev/null 2>&1; }
answers && exit 0
${TRY}${CONTROLLERS}
rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid
setsid dockerd --host unix:///var/run/docker.sock </dev/null >/var/log/dockerd.log 2>&1 &
engine=$!
end=$(($(date +%s) + 60))
while [ "$(date +%s)" -lt "$end" ]; do
  answers && exit 0
  kill -0 "$engine" 2>/dev/null || break
  sleep 0.2
done
echo "starting dockerd: $(tail -n 3 /var/log/dockerd.log)"
kill "$engine" 2>/dev/null
exit 1
`;

export function unavailable(reason: string): WsError<"nested_docker_unavailable"> {
  const last = reason.trim() === "" ? "it did not say why" : reason.trim();
  return new WsError("nested_docker_unavailable", {
    message: `No Docker runs within a workspace here: ${last}.`,
    next: "Leave --docker out, or let the agent run as root beside an engine that allows it.",
    data: { reason: last },
  });
}
