/** What a long step tells a watching person. */
export interface Progress {
  message: string;
  /** 0 to 100, where it is known. */
  percent?: number;
}
export type Report = (progress: Progress) => void;
