import type { IncomingMessage } from "node:http";
import { messageOf } from "@wanlian/protocol/errors.js";
import busboy from "busboy";
import { ParticipationError } from "./participation-error.js";

/** The largest request body, Fabric's default (General.ChannelParticipation.MaxRequestBodySize). */
export const MAX_REQUEST_BYTES = 1024 * 1024;

const BOUNDS = { files: 2, fields: 1, parts: 3, fileSize: MAX_REQUEST_BYTES, fieldSize: 1024 } as const;

/** Reads the one file part `name` of a multipart form. Throws ParticipationError (400) for any other form. */
export async function readFilePart(request: IncomingMessage, name: string): Promise<Uint8Array> {
  const contentType = request.headers["content-type"] ?? "";
  if (!contentType.startsWith("multipart/form-data")) {
    throw new ParticipationError(400, `unsupported Content-Type: [${contentType}]`);
  }
  const { files, fields } = await readForm(request);
  const file = files.get(name);
  if (file === undefined) {
    throw new ParticipationError(400, `form does not contains part key: ${name}`);
  }
  if (files.size + fields !== 1) {
    throw new ParticipationError(400, "form contains too many parts");
  }
  return file;
}

interface Form {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly fields: number;
}

function readForm(request: IncomingMessage): Promise<Form> {
  return new Promise((resolve, reject) => {
    const unreadable = (cause: unknown) => {
      request.unpipe();
      request.resume();
      reject(new ParticipationError(400, `cannot read form from request body: ${messageOf(cause)}`, { cause }));
    };
    const files = new Map<string, Uint8Array>();
    let fields = 0;
    try {
      const form = busboy({ headers: request.headers, limits: BOUNDS });
      form.on("file", (name, stream) => {
        const chunks: Uint8Array[] = [];
        stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        stream.on("limit", () => unreadable(new Error(`${name} is larger than ${MAX_REQUEST_BYTES} bytes`)));
        stream.on("end", () => files.set(name, Buffer.concat(chunks)));
        stream.on("error", unreadable);
      });
      form.on("field", () => {
        fields += 1;
      });
      form.on("filesLimit", () => unreadable(new Error("too many parts")));
      form.on("error", unreadable);
      form.on("close", () => resolve({ files, fields }));
      request.pipe(form);
    } catch (cause) {
      unreadable(cause);
    }
  });
}
