export { CODE_ALPHABET, CODE_LENGTH, pairingCodeInFragment, parsePairingCode, showPairingCode } from "./code.ts";
export { pairDevice, WorkerNotProven, type PairedDevice, type PairDeviceOptions } from "./pair-device.ts";
export { deviceMessage, KDF, NONCE_BYTES, saltInput, workerMessage, type PairedAs } from "./transcript.ts";
