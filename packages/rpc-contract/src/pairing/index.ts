export { CODE_ALPHABET, CODE_LENGTH, pairingCodeInFragment, parsePairingCode, showPairingCode } from "./code.ts";
export { deviceMessage, KDF, NONCE_BYTES, saltInput, workerMessage, type PairedAs } from "./transcript.ts";
