import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";

/** Beyond ASCII: software has not always agreed on what a passphrase's characters are. */
export const FILE_PASSPHRASE = "宛城区的 kaleidoscope";

/** An officer's key as it lies outside any browser, with its certificate. */
export interface Certified {
  readonly key: KeyObject;
  readonly certificatePem: string;
}

export async function keyFor(officer: string, certify: (request: string) => Promise<string>): Promise<Certified> {
  const { privateKey: key } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { key, certificatePem: await certify(certificateRequest(officer, key)) };
}

/** By `openssl pkcs12 -export -nokeys`, under "a plain passphrase": one certificate and no key. */
export const WITHOUT_KEY = Buffer.from(
  [
    "MIIClwIBAzCCAk0GCSqGSIb3DQEHAaCCAj4EggI6MIICNjCCAjIGCSqGSIb3DQEHBqCCAiMwggIfAgEAMIICGAYJKoZIhvcNAQcBMFcGCSqGSI",
    "b3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi9WYY0K2jp/wICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPQHlYylPgf23OEbfLyNkaOA",
    "ggGwGOcZmiQd4COLgrrDjIGdZjMUpfgPauHOv4XpX+9jVHLjKMt1O+Z81zSX9L10FTjszvXort5LUqxEAq/HHRdGljI6lYFW2XVO91tIwwx8Lx",
    "owvVrLd80JKmiPWxjJ1/6SHEbP/oec/Dox/uYVPiDhPrfEneFvkf0uL6mmZDwTFjXyJZTIE6CLT1yJA62q2ub630EpqdFKBwCD/cpayJeyO/8o",
    "GU38yj22vWz8tNsKw6J9cga+aE9wkq1IjXjymb1FrPF9CZ60zujhK/G2q9M8MJO+FUcTuDokd2d4H02vq9YevwfA+hg8pp4CfWfjUcb7BlZaR/",
    "T9/z5FVTpkPzv9bqh+1LPVK4+GQDGIwGdxdt5WyRWBGa/m2WqWcmJzt2yowpAsvVezUcyCq/SAkKlzDnG4Ou/ijJQBG9EPn1nHNKB4R6ywbeGa",
    "5CxjnXgzDVVOLq8aonPkneZLIoqJN8OWm6AoAs/X5DlRfuwBCv7pek1SOIuEao5vvKUQQ0EtcFTzg1yCiuNvAtJxsbZSAYl85HlSrDK5hvYMuv",
    "Wgbbvb2N8+Lghd8We4Vs8Q4fMUihXTMEEwMTANBglghkgBZQMEAgEFAAQgSad8RJicunGeMsOv50VXv24wvjiat7lmLaq9bGo5KNoECPpShfHc",
    "3d6eAgIIAA==",
  ].join(""),
  "base64",
);
