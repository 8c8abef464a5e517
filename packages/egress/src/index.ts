export { createEgress, type EgressPorts, type FindAddresses } from "./egress.ts";
