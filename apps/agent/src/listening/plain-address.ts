/** Without what an address of IPv4 has before it on a socket of IPv6. Empty for a socket that is gone. */
export function plainAddress(address = ""): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
