/**
 * Where clouds hand credentials to whoever asks from one of their machines, as IPv4 networks: the link-local range, Alibaba's,
 * Oracle's and Azure's. No workspace may reach them, by whatever way.
 */
export const METADATA_SERVICES = [
  "169.254.0.0/16",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "168.63.129.16/32",
] as const;
