import { dateOf, dateWords, type Reader } from "../time/words";

/** "Tuesday 22 December" of an instant, in the home. */
export const untilWords = (at: string, reader: Reader, style: "long" | "short" = "long"): string =>
  dateWords(dateOf(new Date(at), reader.zone), reader, style);
