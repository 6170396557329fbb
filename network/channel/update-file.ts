import type { Words } from "@wanlian/protocol/language.js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { ConfigUpdate, ConfigUpdateEnvelope } from "@wanlian/protocol/messages/configuration.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import type { SigningIdentity } from "../certificates/signing-identity.js";
import { NetworkError } from "../error.js";

/** The format's name and version, so that a file is recognised for what it is. */
const FORMAT = "wanlian-configuration-update-1";

/** A configuration update with certificates of 64 organisations stays far below this. */
const MAX_FILE_SIZE = 4 << 20;

/**
 * A configuration update on its way from administrator to administrator. Each sees what it does (`changesIn`,
 * `describeChange`), signs it with a key that stays where it is, and passes it on; whoever has enough signatures submits it.
 */
export interface UpdateFile {
  readonly channel: string;
  /** ConfigUpdate, encoded: what is signed. */
  readonly update: Uint8Array;
  readonly signatures: readonly UpdateSignature[];
}

export interface UpdateSignature {
  /** SignatureHeader, encoded: the signer and a nonce. */
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
}

/** A file nobody has signed yet. */
export function updateFile(update: ConfigUpdate): UpdateFile {
  return { channel: update.channelId, update: ConfigUpdate.encode(update), signatures: [] };
}

/** The organisations that have signed, by their own claim; the orderer checks the signatures. */
export function signersOf(file: UpdateFile): string[] {
  return file.signatures.map(({ header }) => SerializedIdentity.decode(SignatureHeader.decode(header).creator).mspid);
}

/** The file with one more signature; a second one of the same organisation takes the first one's place. */
export function signUpdate(file: UpdateFile, identity: SigningIdentity): UpdateFile {
  const header = SignatureHeader.encode({ creator: identity.creator, nonce: identity.nonce() });
  const signature = identity.sign(Buffer.concat([header, file.update]));
  const signers = signersOf(file);
  const others = file.signatures.filter((_, index) => signers[index] !== identity.mspId);
  return { ...file, signatures: [...others, { header, signature }] };
}

/** The envelope with which `submitter` hands the update to the orderer. */
export function updateEnvelope(file: UpdateFile, submitter: SigningIdentity): Envelope {
  const payload = Payload.encode({
    header: {
      channelHeader: ChannelHeader.encode({
        type: HeaderType.CONFIG_UPDATE,
        channelId: file.channel,
        timestamp: timestampOf(Date.now()),
      }),
      signatureHeader: SignatureHeader.encode({ creator: submitter.creator, nonce: submitter.nonce() }),
    },
    data: ConfigUpdateEnvelope.encode({
      configUpdate: file.update,
      signatures: file.signatures.map(({ header, signature }) => ({ signatureHeader: header, signature })),
    }),
  });
  return Envelope.create({ payload, signature: submitter.sign(payload) });
}

/** The file's text. */
export function formatUpdateFile(file: UpdateFile): string {
  const signatures = file.signatures.map(({ header, signature }, index) => ({
    by: signersOf(file)[index],
    header: base64(header),
    signature: base64(signature),
  }));
  return `${JSON.stringify({ format: FORMAT, channel: file.channel, update: base64(file.update), signatures }, null, 2)}\n`;
}

/**
 * Reads what `formatUpdateFile` wrote for this channel. Throws `INVALID_CONFIGURATION` on anything else: what an update for another
 * channel would do cannot be told by this one's configuration, and a signature on it counts there.
 */
export function parseUpdateFile(text: string, expected: string): UpdateFile {
  if (text.length > MAX_FILE_SIZE) throw notAnUpdate({ zh: "文件过大", en: "it is too large" });
  const { format, channel, update, signatures } = parseObject(text);
  if (format !== FORMAT)
    throw notAnUpdate({
      zh: `其格式为 ${JSON.stringify(format)}，而不是 "${FORMAT}"`,
      en: `its format is ${JSON.stringify(format)}, not "${FORMAT}"`,
    });
  if (typeof channel !== "string" || typeof update !== "string" || !Array.isArray(signatures))
    throw notAnUpdate({ zh: "缺少 channel、update 或 signatures", en: "channel, update or signatures is missing" });
  const file: UpdateFile = {
    channel,
    update: Buffer.from(update, "base64"),
    signatures: signatures.map((entry: unknown) => parseSignature(entry)),
  };
  if (channelOf(file.update) !== channel)
    throw notAnUpdate({ zh: "其中的更新是另一通道的", en: "the update inside is for another channel than it says" });
  if (channel !== expected)
    throw notAnUpdate({
      zh: `它是通道 ${JSON.stringify(channel)} 的，而不是 ${expected} 的`,
      en: `it is for the channel ${JSON.stringify(channel)}, not for ${expected}`,
    });
  return file;
}

function channelOf(update: Uint8Array): string {
  try {
    return ConfigUpdate.decode(update).channelId;
  } catch (cause) {
    throw notAnUpdate({ zh: "其中的更新无法解码", en: "the update inside does not decode" }, cause);
  }
}

function parseSignature(entry: unknown): UpdateSignature {
  if (typeof entry === "object" && entry !== null && "header" in entry && "signature" in entry) {
    const { header, signature } = entry;
    if (typeof header === "string" && typeof signature === "string")
      return { header: Buffer.from(header, "base64"), signature: Buffer.from(signature, "base64") };
  }
  throw notAnUpdate({ zh: "有签名缺少签名头或签名本身", en: "a signature lacks its header or itself" });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return { ...parsed };
  } catch (cause) {
    throw notAnUpdate({ zh: "不是 JSON", en: "it is not JSON" }, cause);
  }
  throw notAnUpdate({ zh: "不是 JSON 对象", en: "it is not a JSON object" });
}

function notAnUpdate(reason: Words, cause?: unknown): NetworkError {
  const text = { zh: `这不是配置更新：${reason.zh}。`, en: `This is no configuration update: ${reason.en}.` };
  return new NetworkError("INVALID_CONFIGURATION", text, { cause });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
