export type { DrawnCell, Drawing, Place, PredictedScreen } from "./predicted-screen.ts";
export { createPrediction, type Prediction } from "./prediction.ts";
export { createRoundTrip, type RoundTrip } from "./round-trip.ts";
