import { CatalogueUnreadableError } from "../failures.ts";

const BLOCK = 512;

/** Longer names, and sizes beyond 8 GB, that pax and GNU headers would give (pax(1), "pax Extended Header"). */
const EXTENDED: ReadonlySet<string> = new Set(["L", "K", "S"]);

/**
 * The files of an archive by name (ustar: POSIX.1-2024, pax(1), "ustar Interchange Format"). Small and strict: what it
 * does not need for a catalogue it refuses, two files of one name above all, since a signature covers one of them.
 * @throws CatalogueUnreadableError
 */
export function readTar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let offset = 0;
  while (offset + BLOCK <= archive.length) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    checkSum(header);
    const size = octal(header, 124, 12);
    const begin = offset + BLOCK;
    const content = archive.subarray(begin, begin + size);
    const type = String.fromCharCode(header[156] ?? 0);
    if (EXTENDED.has(type))
      throw new CatalogueUnreadableError("the catalogue's archive has names of GNU's tar");
    if (type === "x" || type === "g") refuseOverrides(content);
    else if (type === "0" || type === "\0") add(files, nameOf(header), content);
    offset = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new CatalogueUnreadableError("the catalogue's archive has no end");
}

function add(files: Map<string, Buffer>, name: string, content: Buffer): void {
  if (files.has(name))
    throw new CatalogueUnreadableError("the catalogue's archive has two files of one name");
  files.set(name, content);
}

/** The sum of all bytes, with blanks where the sum stands. */
function checkSum(header: Buffer): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new CatalogueUnreadableError("the catalogue's archive is damaged");
}

function octal(header: Buffer, offset: number, length: number): number {
  const text = textAt(header, offset, length).trim();
  if (!/^[0-7]{1,11}$/.test(text)) throw new CatalogueUnreadableError("the catalogue's archive is no tar");
  return Number.parseInt(text, 8);
}

function nameOf(header: Buffer): string {
  const prefix = textAt(header, 257, 5) === "ustar" ? textAt(header, 345, 155) : "";
  const name = textAt(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Up to the first NUL. */
function textAt(header: Buffer, offset: number, length: number): string {
  const [text = ""] = header.toString("latin1", offset, offset + length).split("\0");
  return text;
}

/** Times and owners may be said more exactly; another name or size for the file that follows may not. */
function refuseOverrides(records: Buffer): void {
  if (/(?:^|\n)\d+ (?:path|size|linkpath|GNU\.)/.test(records.toString("latin1")))
    throw new CatalogueUnreadableError("the catalogue's archive renames its files");
}
