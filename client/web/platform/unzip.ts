import { type Unzipped, unzipSync } from "fflate";

/** What a list's workbook can unpack to; an archive that claims more was made to fill memory. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** As fflate's own, without the worker. */
export function unzip(archive: Uint8Array, done: (error: Error | null, files?: Unzipped) => void): void {
  let unpacked = 0;
  try {
    const files = unzipSync(archive, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        if (unpacked > MAX_UNPACKED_BYTES) throw new RangeError("the archive unpacks to more than a list can be");
        return true;
      },
    });
    done(null, files);
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}
