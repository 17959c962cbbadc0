import { bytesToUtf8, concatBytes, fromBase64, sameBytes, toBase64, utf8ToBytes } from "./bytes.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { sha256 } from "./hash.ts";
import { TraceError } from "./trace-error.ts";

/** An Ed25519 key (32 bytes) and the name under which it signs notes. */
export type NoteKey = { readonly name: string; readonly publicKey: Uint8Array };

/** Whether `signature` (64 bytes) is that of `publicKey` (32 bytes) over `message`. */
export type VerifyEd25519 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>;

/** Gives the 64 bytes of an Ed25519 signature over a message. */
export type SignEd25519 = (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** C2SP signed-note: which key a signature line means, in 4 bytes. It is a hint, not a proof. */
export const noteKeyId = ({ name, publicKey }: NoteKey): Uint8Array =>
  sha256(utf8ToBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey).slice(0, 4);

/** The key as other people's log tools take it: name, key id and key in one line. */
export function verifierKey(key: NoteKey): string {
  const id = [...noteKeyId(key)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${key.name}+${id}+${toBase64(concatBytes(Uint8Array.of(ED25519), key.publicKey))}`;
}

/** `text` (which ends in a line feed) as a note signed by `key`. Throws BAD_CHECKPOINT. */
export async function signNote(text: string, key: NoteKey, sign: SignEd25519): Promise<string> {
  if (!isNoteText(text) || !text.endsWith("\n") || !NAME.test(key.name))
    throw new TraceError("BAD_CHECKPOINT", "not a text, or not a name, that a note can carry");
  const signature = await sign(utf8ToBytes(text));
  return `${text}\n— ${key.name} ${toBase64(concatBytes(noteKeyId(key), signature))}\n`;
}

/**
 * The text of a note, if `key` signed it. Lines of other signers (witnesses) are passed over, but
 * must be well-formed; a line under our key that does not hold spoils the note. BAD_CHECKPOINT.
 */
export async function openNote(
  note: string | Uint8Array,
  key: NoteKey,
  verify: VerifyEd25519 = verifyEd25519,
): Promise<string> {
  if (note.length > LONGEST)
    throw new TraceError("TOO_LARGE", `a note of ${note.length}; ${LONGEST} are allowed`);
  const whole = typeof note === "string" ? note : bytesToUtf8(note);
  const cut = whole.lastIndexOf("\n\n");
  if (cut < 0 || !isNoteText(whole) || !whole.endsWith("\n"))
    throw new TraceError("BAD_CHECKPOINT", "not a signed note");
  const text = whole.slice(0, cut + 1);
  const lines = whole
    .slice(cut + 2, -1)
    .split("\n")
    .map(parseLine);
  const id = noteKeyId(key);
  const ours = lines.filter((line) => line.name === key.name && sameBytes(line.id, id));
  if (ours.length === 0)
    throw new TraceError("BAD_CHECKPOINT", `${key.name} did not sign this note`);
  for (const { signature } of ours)
    if (signature.length !== 64 || !(await verify(key.publicKey, utf8ToBytes(text), signature)))
      throw new TraceError("BAD_CHECKPOINT", `the signature of ${key.name} does not hold`);
  return text;
}

const ED25519 = 0x01;
// Room for the sixteen signatures that the standard asks for, post-quantum ones too.
const LONGEST = 128 * 1024;
const NAME = /^[^\s+\p{Z}\p{Cc}]+$/u;
const LINE = /^— ([^\s+\p{Z}]+) ([A-Za-z0-9+/]+={0,2})$/u;

// oxlint-disable-next-line no-control-regex -- the standard forbids exactly these
const isNoteText = (text: string): boolean => !/[\0-\x09\x0b-\x1f\p{Surrogate}]/u.test(text);

function parseLine(line: string) {
  const [, name = "", base64] = LINE.exec(line) ?? [];
  if (base64 === undefined)
    throw new TraceError("BAD_CHECKPOINT", `"${line.slice(0, 80)}" is no signature line`);
  const bytes = signatureBytes(base64);
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function signatureBytes(base64: string): Uint8Array {
  try {
    const bytes = fromBase64(base64);
    if (bytes.length > 4) return bytes;
  } catch (cause) {
    throw new TraceError("BAD_CHECKPOINT", "a signature that is not base64", { cause });
  }
  throw new TraceError("BAD_CHECKPOINT", "a signature without bytes");
}
