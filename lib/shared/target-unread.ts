/** A target that the newest look could not read: its rows are not known to be absent, they are not known. */
export type TargetUnread = {
  /** ISO UTC of the first look in a row that failed. */
  since: string;
  /** One sentence without anything secret. */
  message: string;
  advice: string;
  code: string;
};
