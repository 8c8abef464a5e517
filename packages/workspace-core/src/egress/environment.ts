/** Where programs find the way out on their workspace's own loopback, which nobody else reaches. */
export const EGRESS_PORT = 7_392;

/** What leads a program to it; in both cases of letters, because curl reads `http_proxy` only so and others only the other. */
export function egressEnvironment(port: number): Readonly<Record<string, string>> {
  // By http also for https: it only names the way to the proxy.
  const proxy = `http://127.0.0.1:${port}`;
  const without = "localhost,127.0.0.1,::1";
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: without,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: without,
    // Node's own requests go through one only where they are told to.
    NODE_USE_ENV_PROXY: "1",
  };
}
